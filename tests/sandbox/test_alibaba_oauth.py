"""OAuth of the official platform: the page that asks, codes, tokens, and their ends."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sandbox.running import running_sandbox
from tests.sandbox.vendor_sdk import error, upload, uploaded

BACK = "http://portal.example:8000/back?team=7"


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox(limit=10_000) as running:
        yield running


@pytest.fixture
def clocked():
    """A sandbox, and the clock that it lives by: a list of one number."""
    now = [1_770_000_000.0]
    with running_sandbox(limit=10_000, clock=lambda: now[0]) as running:
        yield running, now


def _ask(sandbox, method="GET", **changes):
    question = {"client_id": sandbox.app_key, "site": "1688", "redirect_uri": BACK, "state": "s&1"} | changes
    sent = {name: value for name, value in question.items() if value is not None}
    options = {"params": sent} if method == "GET" else {"data": sent}
    return requests.request(method, f"{sandbox.url}/oauth/authorize", allow_redirects=False, timeout=10, **options)


def _code(sandbox):
    answer = _ask(sandbox, "POST", decision="allow")
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def _token(sandbox, method="POST", **arguments):
    sent = {"client_id": sandbox.app_key, "client_secret": sandbox.secret} | arguments
    url = f"{sandbox.url}/openapi/http/1/system.oauth2/getToken/{sandbox.app_key}"
    return requests.request(method, url, data=sent, timeout=10)


def _redeem(sandbox, code, **changes):
    sent = {"grant_type": "authorization_code", "need_refresh_token": "true", "redirect_uri": BACK, "code": code}
    return _token(sandbox, **(sent | changes))


def _refresh(sandbox, refresh_token, **changes):
    return _token(sandbox, **({"grant_type": "refresh_token", "refresh_token": refresh_token} | changes))


# The page


def test_the_page_asks_and_says_who_and_where(sandbox):
    page = _ask(sandbox)
    assert page.status_code == 200
    assert sandbox.app_key in page.text and html.escape(BACK) in page.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert {name: html.unescape(value) for name, value in hidden.items()} == {
        "client_id": sandbox.app_key,
        "site": "1688",
        "redirect_uri": BACK,
        "state": "s&1",
    }


def test_allowing_sends_back_with_a_code_and_the_state(sandbox):
    answer = _ask(sandbox, "POST", decision="allow")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("http://portal.example:8000/back?")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert set(query) == {"team", "code", "state"}
    assert (query["team"], query["state"]) == (["7"], ["s&1"])


@pytest.mark.parametrize("decision", ["deny", None])
def test_denying_sends_back_without_a_code(sandbox, decision):
    answer = _ask(sandbox, "POST", decision=decision)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query == {"team": ["7"], "error": ["access_denied"], "state": ["s&1"]}


def test_no_state_stays_no_state(sandbox):
    answer = _ask(sandbox, "POST", decision="allow", state=None)
    assert set(parse_qs(urlsplit(answer.headers["Location"]).query)) == {"team", "code"}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "2000000"},
        {"client_id": None},
        {"site": "taobao"},
        {"redirect_uri": None},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "/back"},
        {"redirect_uri": "http://"},
        {"redirect_uri": "http://["},
        {"redirect_uri": "http://portal.example/\r\nSet-Cookie: a=b"},
    ],
)
def test_a_wrong_question_sends_nobody_anywhere(sandbox, method, changes):
    answer = _ask(sandbox, method, decision="allow", **changes)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "<form" not in answer.text


def test_what_is_shown_is_escaped(sandbox):
    page = _ask(sandbox, redirect_uri="http://portal.example/?<script>", state='"><script>')
    assert "<script>" not in page.text


def test_other_methods_are_refused_and_the_page_is_no_call(sandbox):
    sandbox.clear_calls()
    assert _ask(sandbox, "PUT").status_code == 405
    _ask(sandbox)
    assert sandbox.calls() == []


# Codes and tokens


def test_a_code_gives_tokens_that_work(sandbox):
    answer = _redeem(sandbox, _code(sandbox))
    assert answer.status_code == 200
    tokens = answer.json()
    assert tokens["expires_in"] == "36000"
    assert re.fullmatch(r"\d{17}\+0800", tokens["refresh_token_timeout"])
    assert upload(sandbox, token=tokens["access_token"]).json()["result"]["success"] == "true"
    record = sandbox.calls()[-2]
    assert (record["dialect"], record["api"], record["app_key"]) == ("alibaba_open", "token", sandbox.app_key)
    assert tokens["access_token"] not in str(sandbox.calls())


def test_a_code_is_good_once(sandbox):
    code = _code(sandbox)
    assert _redeem(sandbox, code).status_code == 200
    assert error(_redeem(sandbox, code)) == "invalid_grant"


def test_a_code_is_good_for_five_minutes(clocked):
    sandbox, now = clocked
    early, late = _code(sandbox), _code(sandbox)
    now[0] += 299
    assert _redeem(sandbox, early).status_code == 200
    now[0] += 1
    assert error(_redeem(sandbox, late)) == "invalid_grant"


def test_a_code_is_good_for_its_address_and_its_app(sandbox):
    assert error(_redeem(sandbox, _code(sandbox), redirect_uri="http://elsewhere.example/")) == "invalid_grant"
    code = _code(sandbox)
    other = {"client_id": "1000001", "client_secret": "test124"}
    url = f"{sandbox.url}/openapi/http/1/system.oauth2/getToken/1000001"
    sent = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": code} | other
    assert error(requests.post(url, data=sent, timeout=10)) == "invalid_grant"


def test_a_refresh_token_comes_only_when_asked_for(sandbox):
    tokens = _redeem(sandbox, _code(sandbox), need_refresh_token="false").json()
    assert "refresh_token" not in tokens
    assert upload(sandbox, token=tokens["access_token"]).status_code == 200


def test_a_refresh_ends_the_former_token_and_keeps_the_refresh_token(sandbox):
    first = _redeem(sandbox, _code(sandbox)).json()
    for _ in range(2):
        second = _refresh(sandbox, first["refresh_token"]).json()
        assert "refresh_token" not in second
        assert second["expires_in"] == "36000"
    assert error(upload(sandbox, token=first["access_token"])) == "401"
    assert upload(sandbox, token=second["access_token"]).status_code == 200


def test_refresh_tokens_may_be_replaced():
    with running_sandbox() as sandbox:
        sandbox.settings(rotate_refresh_tokens=True)
        first = _redeem(sandbox, _code(sandbox)).json()
        second = _refresh(sandbox, first["refresh_token"]).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert error(_refresh(sandbox, first["refresh_token"])) == "invalid_grant"
        assert _refresh(sandbox, second["refresh_token"]).status_code == 200


def test_access_tokens_end_with_their_time(clocked):
    sandbox, now = clocked
    sandbox.settings(token_seconds=60)
    tokens = _redeem(sandbox, _code(sandbox)).json()
    assert tokens["expires_in"] == "60"
    now[0] += 59
    assert upload(sandbox, token=tokens["access_token"]).status_code == 200
    now[0] += 1
    assert error(upload(sandbox, token=tokens["access_token"])) == "401"
    renewed = _refresh(sandbox, tokens["refresh_token"]).json()
    assert upload(sandbox, token=renewed["access_token"]).status_code == 200


def test_refresh_tokens_end_after_half_a_year(clocked):
    sandbox, now = clocked
    tokens = _redeem(sandbox, _code(sandbox)).json()
    now[0] += 182 * 24 * 3600
    assert error(_refresh(sandbox, tokens["refresh_token"])) == "invalid_grant"


def test_all_tokens_can_be_ended_at_once(sandbox):
    tokens = _redeem(sandbox, _code(sandbox)).json()
    sandbox.expire_tokens()
    assert error(upload(sandbox, token=tokens["access_token"])) == "401"
    assert uploaded(sandbox), "a fixed token never ends"
    renewed = _refresh(sandbox, tokens["refresh_token"]).json()
    assert upload(sandbox, token=renewed["access_token"]).status_code == 200


def test_a_token_is_of_no_use_to_another_app(sandbox):
    tokens = _redeem(sandbox, _code(sandbox)).json()
    other = {"client_id": "1000001", "client_secret": "test124"}
    url = f"{sandbox.url}/openapi/http/1/system.oauth2/getToken/1000001"
    sent = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]} | other
    assert error(requests.post(url, data=sent, timeout=10)) == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": "é"}, "invalid_client"),
        ({"client_id": "1000001"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant"),
        ({"method": "GET"}, "invalid_request"),
    ],
)
def test_the_desk_says_what_is_wrong(sandbox, changes, code):
    assert error(_token(sandbox, **changes)) == code


def test_an_unknown_app_gets_nothing(sandbox):
    url = f"{sandbox.url}/openapi/http/1/system.oauth2/getToken/"
    for app_key in ("2000000", ""):
        assert error(requests.post(url + app_key, data={"client_id": app_key}, timeout=10)) == "invalid_client"


@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client"])
def test_the_desk_can_be_made_to_fail(sandbox, code):
    tokens = _redeem(sandbox, _code(sandbox)).json()
    sandbox.fault(code, times=1)
    assert uploaded(sandbox), "the fault is the desk's alone"
    assert error(_refresh(sandbox, tokens["refresh_token"])) == code
    sandbox.fault("http-502", times=1, api="token")
    assert _refresh(sandbox, tokens["refresh_token"]).status_code == 502
    assert upload(sandbox, token=_refresh(sandbox, tokens["refresh_token"]).json()["access_token"]).status_code == 200


def test_gateway_errors_do_not_hit_the_desk(sandbox):
    sandbox.fault("401", times=1)
    tokens = _redeem(sandbox, _code(sandbox)).json()
    assert error(upload(sandbox, token=tokens["access_token"])) == "401"
    assert upload(sandbox, token=tokens["access_token"]).status_code == 200
