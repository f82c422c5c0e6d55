"""The official platform's gateway over real HTTP: signatures, the order of the checks, limits and faults."""

import dataclasses
import re
import time

import pytest
import requests

from sandbox.dialects.alibaba_open import GATEWAY_CODES, PERMISSION_CODES, aop_signature
from tests.sandbox.calling import image
from tests.sandbox.running import Sandbox, running_sandbox
from tests.sandbox.vendor_sdk import (
    CURRENT_TIME,
    QUERY,
    SIMILAR,
    TOKEN,
    UPLOAD,
    call,
    digest,
    error,
    query,
    sign,
    upload,
    uploaded,
)


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox(limit=10_000, slow_seconds=0.01) as running:
        yield running


# The signature


@pytest.mark.parametrize(
    ("secret", "path", "parameters", "expected"),
    [
        (
            "test123",
            "param2/1/system/currentTime/1000000",
            {"b": "2", "a": "1"},
            "33E54F4F7B989E3E0E912D3FBD2F1A03CA7CCE88",
        ),
        (
            "app-secret",
            "param2/1/com.alibaba.trade/alibaba.trade.getBuyerOrderList/5890829",
            {"access_token": "token-123", "page": "1", "pageSize": "20"},
            "7B91F432F48774204045D86636AFD333B71E95FB",
        ),
        (
            "test123",
            "param2/1/com.alibaba.fenxiao.crossborder/product.search.imageQuery/1000000",
            {
                "access_token": "token-123",
                "_aop_timestamp": "1700000000000",
                "offerQueryParam": '{"imageId":"123456789","beginPage":1,"pageSize":20,'
                '"country":"en","keyword":"书本"}',
            },
            "EA68754A049C13C9F5391DB2CB8DC61333933767",
        ),
        (
            "test123",
            "param2/1/com.alibaba.fenxiao.crossborder/product.image.upload/1000000",
            {"access_token": "token-123", "uploadImageParam": '{"imageBase64":"/9j/4AAQ"}'},
            "60202A8901B432A2C91DC19CF1759573C2434B8A",
        ),
        (
            "test123",
            "param2/1/com.alibaba.linkplus/alibaba.cross.similar.offer.search/1000000",
            {"picUrl": "https://cbu01.alicdn.com/img/a.jpg", "page": "1", "access_token": "token-123"},
            "308C927F78736E5E8526BDF3C3EFA7A4D4FBEF3B",
        ),
        # Joined strings are sorted, not names: "ab" + "c" comes before "a" + "z".
        ("s", "p", {"a": "z", "ab": "c"}, "C9B6EDAF67EDA89A768A7C32F8C7A569BEE8BE1D"),
    ],
)
def test_signature_vectors(secret, path, parameters, expected):
    assert aop_signature(path, parameters, secret) == expected
    assert aop_signature(path, parameters | {"_aop_signature": "left out"}, secret) == expected


def test_empty_values_are_signed():
    assert aop_signature("p", {"a": "1", "b": ""}, "s") == sign("p", {"a": "1", "b": ""}, "s")
    assert aop_signature("p", {"a": "1", "b": ""}, "s") != aop_signature("p", {"a": "1"}, "s")


# An unmodified SDK


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_self_test_answers_the_time_without_any_permission(sandbox, method):
    before = time.time()
    text = call(sandbox, CURRENT_TIME, method=method, token=None, a="1", b="").json()
    match = re.fullmatch(r"(\d{14})(\d{3})\+0800", text)
    assert match
    china = time.strftime("%Y%m%d%H%M%S", time.gmtime(before + 8 * 3600))
    assert match[1] >= china


@pytest.mark.parametrize("stamp", [None, "now"])
def test_an_sdk_uploads_and_searches(sandbox, stamp):
    sent = {} if stamp is None else {"_aop_timestamp": int(time.time() * 1000)}
    param = {"imageBase64": image(sandbox.query())}
    image_id = call(sandbox, UPLOAD, uploadImageParam=param, **sent).json()["result"]["result"]
    asked = {"imageId": image_id, "beginPage": 1, "pageSize": 20, "country": "en", "keyword": "盘"}
    answer = call(sandbox, QUERY, offerQueryParam=asked, **sent)
    assert answer.status_code == 200
    rows = answer.json()["result"]["result"]["data"]
    assert rows and all("盘" in row["subject"] for row in rows)


def test_get_works_for_a_search_too(sandbox):
    picture = f"{sandbox.url}/pictures/plate-01-0.jpg"
    answer = call(sandbox, SIMILAR, method="GET", picUrl=picture, page=1)
    assert answer.json()["success"] is True


# The checks, in their order


def _other(sandbox: Sandbox, **changes: str) -> Sandbox:
    return dataclasses.replace(sandbox, **changes)


def test_the_app_key_is_looked_at_first(sandbox):
    assert error(call(_other(sandbox, app_key="2000000"), "no.such/api")) == "gw.AppKeyNotFound"
    for path in ("system/currentTime", "system/currentTime/", "system"):
        assert error(requests.get(f"{sandbox.url}/openapi/param2/1/{path}", timeout=10)) == "gw.AppKeyMissing"


def test_then_the_signature(sandbox):
    assert error(call(_other(sandbox, secret="wrong"), "no.such/api")) == "gw.SignatureInvalid"
    url = f"{sandbox.url}/openapi/param2/1/no.such/api/{sandbox.app_key}"
    assert error(requests.post(url, timeout=10)) == "gw.SignatureMissing"
    path = f"param2/1/{CURRENT_TIME}/{sandbox.app_key}"
    small = {"_aop_signature": sign(path, {}, sandbox.secret).lower()}
    assert error(requests.post(f"{sandbox.url}/openapi/{path}", data=small, timeout=10)) == "gw.SignatureInvalid"


def test_then_the_api(sandbox):
    assert error(call(sandbox, "com.alibaba.product/alibaba.product.get", token=None)) == "gw.APIUnsupported"
    assert error(call(sandbox, f"{CURRENT_TIME}/more", token=None)) == "gw.APIUnsupported"


def test_then_what_the_app_has_ordered_then_the_arguments_then_the_token(sandbox):
    sandbox.settings(ordered_apis={sandbox.app_key: ["search"]})
    try:
        assert error(call(sandbox, UPLOAD, token=None)) == "gw.APIACLDecline"
        assert error(call(sandbox, QUERY, token=None)) == "gw.ParamMissing"
        assert error(call(sandbox, QUERY, token=None, offerQueryParam="{}")) == "401"
        assert call(sandbox, CURRENT_TIME, token=None).status_code == 200
    finally:
        sandbox.settings(ordered_apis={sandbox.app_key: None})
    assert uploaded(sandbox)


def test_other_apps_keep_what_they_ordered(sandbox):
    sandbox.settings(ordered_apis={"1000001": []})
    try:
        assert uploaded(sandbox)
        other = _other(sandbox, app_key="1000001", secret="test124")
        assert error(upload(other, token="token-124")) == "gw.APIACLDecline"
    finally:
        sandbox.settings(ordered_apis={"1000001": None})


@pytest.mark.parametrize("token", ["token-124", "nonsense", "", "é", None])
def test_only_the_apps_own_token_is_good(sandbox, token):
    assert error(upload(sandbox, token=token)) == "401"


def test_the_limit_comes_last_and_counts_an_app_key():
    with running_sandbox(limit=1, window=600) as sandbox:
        assert error(upload(sandbox, token=None)) == "401"
        assert uploaded(sandbox)
        answer = upload(sandbox)
        assert error(answer) == "gw.QosAppFrequencyLimit"
        assert "call frequency limit" in answer.json()["error_message"]
        other = _other(sandbox, app_key="1000001", secret="test124")
        assert upload(other, token="token-124").json()["result"]["success"] == "true"


@pytest.mark.parametrize(("drift", "accepted"), [(-599, True), (-602, False), (599, True), (602, False)])
def test_a_time_stamp_may_be_ten_minutes_off(drift, accepted):
    noon = 1_770_000_000.0
    with running_sandbox(clock=lambda: noon) as sandbox:
        answer = call(sandbox, CURRENT_TIME, _aop_timestamp=int((noon + drift) * 1000))
    if accepted:
        assert answer.json() == "20260202104000000+0800"
    else:
        assert error(answer) == "gw.TimestampInvalid"


@pytest.mark.parametrize("stamp", ["yesterday", "1770000000", "-1", ""])
def test_a_time_stamp_must_be_milliseconds(sandbox, stamp):
    assert error(call(sandbox, CURRENT_TIME, _aop_timestamp=stamp)) == "gw.TimestampInvalid"


def test_other_http_methods_are_refused(sandbox):
    url = f"{sandbox.url}/openapi/param2/1/{CURRENT_TIME}/{sandbox.app_key}"
    assert error(requests.put(url, timeout=10)) == "400"


def test_a_parameter_given_twice_is_refused(sandbox):
    url = f"{sandbox.url}/openapi/param2/1/{CURRENT_TIME}/{sandbox.app_key}?a=1&a=2"
    assert error(requests.get(url, timeout=10)) == "400"


# Faults and records


@pytest.mark.parametrize("code", sorted(GATEWAY_CODES | PERMISSION_CODES))
def test_documented_errors_on_demand(sandbox, code):
    sandbox.fault(code, times=1, dialect="alibaba_open")
    assert error(upload(sandbox)) == code
    assert sandbox.calls()[-1]["fault"] == code
    assert uploaded(sandbox)


@pytest.mark.parametrize("code", sorted(PERMISSION_CODES))
def test_the_self_test_needs_no_permission_even_under_faults(sandbox, code):
    assert call(sandbox, CURRENT_TIME, headers={"X-Sandbox-Fault": "gw.SignatureInvalid"}).status_code == 400
    assert error(call(sandbox, CURRENT_TIME, headers={"X-Sandbox-Fault": code})) == "400"


def test_an_upload_may_succeed_without_an_id(sandbox):
    sandbox.fault("image-id-zero", times=1)
    assert query(sandbox, "1").status_code == 200
    assert upload(sandbox).json() == {"result": {"success": "true", "result": "0"}}


def test_a_picture_may_fail(sandbox):
    sandbox.fault("handle-image-error", times=1)
    picture = f"{sandbox.url}/pictures/plate-01-0.jpg"
    assert uploaded(sandbox)
    answer = call(sandbox, SIMILAR, picUrl=picture, page=1)
    assert answer.status_code == 200
    assert answer.json() == {
        "success": False,
        "code": "SYSTEM_ERROR",
        "message": f"handle image error with url {picture}",
    }


def test_faults_of_one_api_leave_the_others_alone(sandbox):
    sandbox.fault("http-502", times=1, dialect="alibaba_open", api="search", page=2)
    image_id = uploaded(sandbox)
    assert query(sandbox, image_id).status_code == 200
    assert query(sandbox, image_id, beginPage=2).status_code == 502


def test_faults_of_the_body_and_the_connection_work_too(sandbox):
    assert upload(sandbox, headers={"X-Sandbox-Fault": "empty"}).content == b""
    assert uploaded(sandbox)
    with pytest.raises(requests.exceptions.ConnectionError):
        upload(sandbox, headers={"X-Sandbox-Fault": "reset"})


def test_a_fault_that_could_never_hit_is_refused(sandbox):
    with pytest.raises(requests.exceptions.HTTPError):
        sandbox.fault("image-id-zero", api="search")
    with pytest.raises(requests.exceptions.HTTPError):
        sandbox.fault("gw.SignatureInvalid", dialect="image_search_md5")


def test_calls_are_recorded(sandbox):
    sandbox.clear_calls()
    image_id = uploaded(sandbox)
    query(sandbox, image_id, beginPage=3)
    query(sandbox, "12345")
    answer = call(sandbox, CURRENT_TIME, token=None)
    call(sandbox, "no.such/api")
    first, second, third, fourth, fifth = sandbox.calls()
    assert {record["dialect"] for record in sandbox.calls()} == {"alibaba_open"}
    assert (first["api"], first["app_key"], first["image_sha256"]) == ("upload", "1000000", digest(sandbox.query()))
    assert (second["api"], second["page"], second["image_sha256"]) == ("search", 3, digest(sandbox.query()))
    assert (third["outcome"], third["image_sha256"]) == ("IMAGE_INVALID", None)
    assert (fourth["api"], fourth["outcome"]) == ("current_time", "ok")
    assert (fifth["api"], fifth["outcome"]) == (None, "gw.APIUnsupported")
    assert answer.headers["Server-Timing"] == f"sandbox;dur={fourth['milliseconds']}"
    assert TOKEN not in str(sandbox.calls())
