"""The control interface: who may use it, and what it does."""

import http.client
import io
import json

import pytest
import requests

from sandbox.application import Application
from tests.sandbox.calling import post, signed
from tests.sandbox.running import CONTROL, running_sandbox


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox(limit=10_000) as running:
        yield running


def test_a_web_page_cannot_use_it(sandbox):
    url = f"{sandbox.url}/_sandbox/faults"
    assert requests.post(url, json={"fault": "502"}, timeout=10).status_code == 403
    wrong = {"X-Sandbox-Control": "yes"}
    assert requests.delete(url, headers=wrong, timeout=10).status_code == 403
    preflight = requests.options(url, headers={"Origin": "http://evil.example"}, timeout=10)
    assert preflight.status_code == 403
    assert "Access-Control-Allow-Headers" not in preflight.headers
    assert sandbox.marketplace.faults.planned() == []


def test_another_name_for_loopback_is_refused(sandbox):
    """What a page would have to use that makes its own host name resolve to 127.0.0.1."""
    headers = CONTROL | {"Host": "evil.example:8100"}
    answer = requests.get(f"{sandbox.url}/_sandbox/calls", headers=headers, timeout=10)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("peer", "status"), [("192.0.2.9", 403), ("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200)]
)
def test_only_loopback_may_use_it(sandbox, peer, status):
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/_sandbox/calls",
        "REMOTE_ADDR": peer,
        "HTTP_HOST": "localhost:8100",
        "HTTP_X_SANDBOX_CONTROL": "1",
        "wsgi.input": io.BytesIO(),
    }
    statuses = []
    Application(sandbox.marketplace)(environ, lambda line, _headers: statuses.append(line))
    assert statuses[0].startswith(str(status))


def _control(sandbox, method, name, body=None):
    return requests.request(method, f"{sandbox.url}/_sandbox/{name}", data=body, headers=CONTROL, timeout=10)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", '{"fault": "earthquake"}'),
        ("faults", "{}"),
        ("faults", '{"fault": "empty", "dialect": "latin"}'),
        ("faults", '{"fault": "empty", "api": "earthquake"}'),
        ("faults", '{"fault": "empty", "api": 1}'),
        ("faults", '{"fault": "502", "times": 0}'),
        ("faults", '{"fault": "502", "times": 1.5}'),
        ("faults", '{"fault": "502", "page": "2"}'),
        ("faults", "[]"),
        ("faults", "{"),
        ("faults", b"\xff"),
        ("settings", '{"limit": -1}'),
        ("settings", '{"limit": true}'),
        ("settings", '{"window": 0}'),
        ("settings", '{"delay_ms": "long"}'),
        ("settings", '{"token_seconds": 0}'),
        ("settings", '{"rotate_refresh_tokens": 1}'),
        ("settings", '{"ordered_apis": ["search"]}'),
        ("settings", '{"ordered_apis": {"1000000": "search"}}'),
        ("settings", '{"ordered_apis": {"1000000": ["earthquake"]}, "delay_ms": 5}'),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(sandbox, name, body):
    before = _control(sandbox, "GET", "settings").json()
    answer = _control(sandbox, "POST", name, body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sandbox.marketplace.faults.planned() == []
    assert _control(sandbox, "GET", "settings").json() == before


@pytest.mark.parametrize(("method", "name"), [("GET", "nothing"), ("PUT", "faults"), ("DELETE", "settings")])
def test_there_is_nothing_else(sandbox, method, name):
    assert _control(sandbox, method, name).status_code == 404


def test_planned_faults_can_be_read_and_cleared(sandbox):
    sandbox.fault("empty", times=2, page=3, dialect="image_search_md5", api="search")
    assert _control(sandbox, "GET", "faults").json() == [
        {"fault": "empty", "times": 2, "page": 3, "dialect": "image_search_md5", "api": "search"}
    ]
    sandbox.clear_faults()
    assert _control(sandbox, "GET", "faults").json() == []


def test_a_new_limit_counts_anew():
    with running_sandbox(limit=1, window=600) as sandbox:
        outcomes = []
        for limit in (None, None, 2):
            if limit is not None:
                sandbox.settings(limit=limit)
            outcomes.append(post(sandbox, signed(sandbox)).json()["error_response"]["code"])
        assert outcomes == ["40", "429", "40"]
        settings = _control(sandbox, "GET", "settings").json()
        assert {name: settings[name] for name in ("limit", "window", "delay_ms")} == {
            "limit": 2,
            "window": 600.0,
            "delay_ms": 0,
        }


def test_settings_stay_as_they_are_unless_named():
    with running_sandbox() as sandbox:
        sandbox.settings(
            token_seconds=60, rotate_refresh_tokens=True, ordered_apis={"1": ["upload", "search"], "2": []}
        )
        sandbox.settings(delay_ms=1, ordered_apis={"2": None})
        settings = _control(sandbox, "GET", "settings").json()
        assert (settings["token_seconds"], settings["rotate_refresh_tokens"], settings["delay_ms"]) == (60, True, 1)
        assert settings["ordered_apis"] == {"1": ["search", "upload"]}


def test_a_delay_shows_in_the_servers_own_time():
    with running_sandbox() as sandbox:
        sandbox.settings(delay_ms=60)
        post(sandbox, signed(sandbox))
        assert sandbox.calls()[0]["milliseconds"] >= 60


def test_running_calls_are_seen_too():
    with running_sandbox(delay_ms=600_000) as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/openapi/param2/2.0/")
        while not (calls := sandbox.calls()):
            pass
        assert calls[0]["outcome"] is None
        connection.close()


def test_calls_can_be_forgotten(sandbox):
    post(sandbox, signed(sandbox))
    assert sandbox.calls()
    sandbox.clear_calls()
    assert json.dumps(sandbox.calls()) == "[]"
