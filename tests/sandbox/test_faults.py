"""Every fault over a real socket, by each of the ways to ask for one."""

import pytest
import requests

from sandbox.application import Application
from sandbox.calls import Call
from sandbox.faults import SHARED_FAULTS, Fault, FaultPlan, UnknownFaultError
from sandbox.marketplace import Marketplace
from tests.sandbox.calling import PATH, image, post, search, signed
from tests.sandbox.running import Sandbox, running_sandbox


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox(limit=10_000, slow_seconds=0.01) as running:
        yield running


def _faulty(sandbox: Sandbox, name: str, **options) -> requests.Response:
    data = signed(sandbox, image=image(sandbox.query()))
    return post(sandbox, data, headers={"X-Sandbox-Fault": name}, **options)


@pytest.mark.parametrize("code", ["110", "400", "413", "429", "502"])
def test_documented_errors_come_with_http_200(sandbox, code):
    answer = _faulty(sandbox, code)
    assert answer.status_code == 200
    assert answer.json()["error_response"]["code"] == code
    assert sandbox.calls()[-1]["outcome"] == code


@pytest.mark.parametrize("status", [413, 429, 502])
def test_gateways_answer_with_a_status_and_a_page(sandbox, status):
    answer = _faulty(sandbox, f"http-{status}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert (answer.headers.get("Retry-After") == "5") == (status == 429)


def test_truncated_ends_before_the_announced_length(sandbox):
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        _faulty(sandbox, "truncated")


def test_malformed_json_is_whole_but_no_json(sandbox):
    answer = _faulty(sandbox, "malformed-json")
    assert answer.status_code == 200
    assert answer.content.startswith(b'{"alibaba_image_search_response"')
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_html_in_place_of_json(sandbox):
    answer = _faulty(sandbox, "html")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<html>" in answer.content


def test_empty_is_a_good_answer_without_a_body(sandbox):
    answer = _faulty(sandbox, "empty")
    assert (answer.status_code, answer.content) == (200, b"")


def test_reset_breaks_the_connection(sandbox):
    with pytest.raises(requests.exceptions.ConnectionError, match="Connection reset by peer"):
        _faulty(sandbox, "reset")
    assert sandbox.calls()[-1]["outcome"] == "reset"


def test_hang_never_answers(sandbox):
    with pytest.raises(requests.exceptions.ReadTimeout):
        _faulty(sandbox, "hang", timeout=0.3)
    assert sandbox.calls()[-1]["outcome"] == "hang"


def test_slow_answers_in_the_end(sandbox):
    assert "alibaba_image_search_response" in _faulty(sandbox, "slow").json()


def test_slow_is_slower_than_an_impatient_client():
    with running_sandbox(slow_seconds=60) as sandbox, pytest.raises(requests.exceptions.ReadTimeout):
        _faulty(sandbox, "slow", timeout=0.3)


def test_every_shared_fault_is_tried_here():
    tried = {"http-413", "http-429", "http-502", "truncated"}
    tried |= {"malformed-json", "html", "empty", "reset", "hang", "slow"}
    assert set(SHARED_FAULTS) == tried


def test_the_server_goes_on_after_each_of_them(sandbox):
    for name in ("reset", "truncated"):
        with pytest.raises(requests.exceptions.RequestException):
            _faulty(sandbox, name)
        assert search(sandbox)["total"] >= 5


def test_a_call_must_be_signed_even_to_fail(sandbox):
    data = signed(sandbox) | {"sign": "0" * 32}
    answer = post(sandbox, data, headers={"X-Sandbox-Fault": "502"}).json()
    assert answer["error_response"]["code"] == "25"


def test_an_unknown_name_is_told(sandbox):
    answer = _faulty(sandbox, "earthquake").json()
    assert answer["error_response"]["code"] == "41"
    assert "malformed-json" in answer["error_response"]["msg"]


def test_planned_faults_hit_so_many_calls_of_their_page():
    with running_sandbox() as sandbox:
        sandbox.fault("502", times=2, page=2)
        sandbox.fault("429", times=1)
        outcomes = []
        for page in (2, 1, 2, 1, 2):
            post(sandbox, signed(sandbox, image=image(sandbox.query()), page=page))
            outcomes.append(sandbox.calls()[-1]["outcome"])
        assert outcomes == ["502", "429", "502", "ok", "ok"]


def test_a_standing_fault_lasts_until_it_is_cleared():
    with running_sandbox(fault="502") as sandbox:
        for _ in range(3):
            assert post(sandbox, signed(sandbox)).json()["error_response"]["code"] == "502"
        sandbox.clear_faults()
        assert search(sandbox)["total"] >= 5


def test_no_sandbox_starts_with_an_unknown_fault(sandbox):
    with pytest.raises(UnknownFaultError, match="truncated"):
        Application(Marketplace(sandbox.marketplace.catalogue, lambda: 0.0, fault="earthquake"))


def _knows_all(_name: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("limits", "hit"),
    [
        ({}, True),
        ({"dialect": "image_search_md5", "api": "search", "page": 1}, True),
        ({"dialect": "tmapi"}, False),
        ({"api": "upload"}, False),
        ({"page": 2}, False),
    ],
)
def test_a_fault_hits_only_the_calls_it_is_meant_for(limits, hit):
    plan = FaultPlan()
    plan.add(Fault("empty", times=1, **limits))
    call = Call(0.0, dialect="image_search_md5", api="search", page=1)
    assert plan.take(call, _knows_all) == ("empty" if hit else None)
    assert len(plan.planned()) == (0 if hit else 1)


def test_a_fault_waits_for_a_dialect_that_knows_its_name():
    plan = FaultPlan()
    plan.add(Fault("gw.ParamMissing", times=1))
    plan.add(Fault("empty", times=1))
    assert plan.take(Call(0.0), {"empty"}.__contains__) == "empty"
    assert plan.take(Call(0.0), _knows_all) == "gw.ParamMissing"
    assert plan.take(Call(0.0), _knows_all) is None


def test_get_calls_fail_the_same_way(sandbox):
    own = f"{sandbox.url}/pictures/plate-01-0.jpg"
    headers = {"X-Sandbox-Fault": "empty"}
    answer = requests.get(sandbox.url + PATH, params=signed(sandbox, image_url=own), headers=headers, timeout=20)
    assert answer.content == b""
