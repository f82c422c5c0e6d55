"""What each answer of the official platform means that is not a page of offers."""

from collections.abc import Iterator
from typing import Any

import pytest

from searches.marketplaces import ErrorKind, Remedy
from searches.marketplaces.alibaba_similar import AlibabaSimilar
from tests.searches.marketplaces.alibaba import BY_URL, Office, account_at, failure_of, refused
from tests.searches.marketplaces.gateway import Gateway, json_reply, reply

TABLE = [
    ("gw.SignatureInvalid", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.SignatureMissing", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.AppKeyMissing", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.AppKeyNotFound", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.APIUnsupported", ErrorKind.CONFIGURATION, Remedy.CHECK_BASE_URL, False),
    ("gw.APIACLDecline", ErrorKind.PERMISSION, Remedy.ORDER_INTERFACE, False),
    ("gw.ParamMissing", ErrorKind.PROTOCOL, Remedy.REPORT_TO_US, False),
    ("401", ErrorKind.AUTHENTICATION, Remedy.AUTHORIZE_AGAIN, False),
    ("gw.QosAppFrequencyLimit", ErrorKind.THROTTLED, Remedy.RETRIED, True),
    ("gw.Mystery", ErrorKind.PROTOCOL, Remedy.ASK_VENDOR, False),
]


@pytest.fixture
def client(gateway: Gateway) -> Iterator[AlibabaSimilar]:
    """Its token cannot be renewed."""
    with AlibabaSimilar(account_at(gateway.url), host=Office(refresh_token="")) as made:
        yield made


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("code_name", "words_name", "id_name"),
    [("error_code", "error_message", "request_id"), ("errorCode", "errorMessage", "requestId")],
)
@pytest.mark.parametrize(("code", "kind", "remedy", "retryable"), TABLE)
def test_what_each_error_code_means(
    gateway: Gateway,
    client: AlibabaSimilar,
    code: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
    code_name: str,
    words_name: str,
    id_name: str,
    status: int,
) -> None:
    report = {code_name: code, words_name: "said in words", "exception": "java.lang.Error", id_name: "req-1"}
    gateway.answers(json_reply(report, status=status))

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.code, error.remedy) == (kind, code, remedy)
    assert (error.retryable, error.retry_after, error.retry_with) == (retryable, None, None)
    assert (error.message, error.request_id) == ("said in words", "req-1")


@pytest.mark.parametrize(
    ("code", "words", "kind", "retryable"),
    [
        ("", "AppKey call frequency limit", ErrorKind.THROTTLED, True),
        ("gw.Other", "App call exceeds limited frequency", ErrorKind.THROTTLED, True),
        ("gw.NoUsageLeftError", "SLA bill has no usage left", ErrorKind.QUOTA, False),
        ("gw.TimestampInvalid", "", ErrorKind.CONFIGURATION, False),
        ("gw.Other", "Invalid signature", ErrorKind.AUTHENTICATION, False),
        ("gw.Other", "the IP is not in the white list", ErrorKind.PERMISSION, False),
        ("SYSTEM_ERROR", "invoke timeout", ErrorKind.UPSTREAM, True),
        ("500", "", ErrorKind.UPSTREAM, True),
        ("SYSTEM_ERROR", "who knows", ErrorKind.PROTOCOL, False),
    ],
)
@pytest.mark.parametrize("inside", [False, True], ids=["gateway", "interface"])
def test_codes_that_no_document_names_are_known_by_their_words(
    gateway: Gateway, client: AlibabaSimilar, code: str, words: str, kind: ErrorKind, retryable: bool, inside: bool
) -> None:
    report: dict[str, Any] = {"success": False, "code": code, "message": words}
    gateway.answers(json_reply(report) if inside else refused(code, words, status=200))

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.code, error.retryable) == (kind, code, retryable)


@pytest.mark.parametrize(
    ("report", "code", "message"),
    [
        ({"error_code": None, "error_message": "only words"}, "", "only words"),
        ({"exception": "java.lang.NullPointerException"}, "", "java.lang.NullPointerException"),
        ({"error_code": 4711, "error_message": None}, "4711", None),
        ({"error_code": [1], "error_message": {"a": 1}}, "", None),
        ({"result": {"success": "false", "code": "X", "message": "inside"}}, "X", "inside"),
        ({"success": "false", "result": {"code": "Y", "message": "deep"}}, "Y", "deep"),
        ({"success": False}, "", None),
        ({"error_code": "x", "error_message": "a\x00b\n" + "c" * 1000}, "x", "a b " + "c" * 296),
    ],
)
def test_errors_in_other_shapes(
    gateway: Gateway, client: AlibabaSimilar, report: object, code: str, message: str | None
) -> None:
    gateway.answers(json_reply(report))

    error = failure_of(lambda: client.search(BY_URL))

    assert error.code == code
    assert error.message == (message or "The marketplace answered with an error that its documentation does not name.")


@pytest.mark.parametrize(
    "report",
    [
        {"success": True, "errorCode": "0", "errorMessage": "ok"},
        {"error_code": None, "errorMessage": "", "exception": None},
        {"success": "true", "error": {}},
    ],
)
def test_a_success_with_empty_error_members_is_none(gateway: Gateway, client: AlibabaSimilar, report: Any) -> None:
    gateway.answers(json_reply(report | {"result": {"total": 0, "result": []}}))

    assert client.search(BY_URL).offers == ()


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, ErrorKind.PROTOCOL, False),
        (403, ErrorKind.PERMISSION, False),
        (404, ErrorKind.CONFIGURATION, False),
        (429, ErrorKind.THROTTLED, True),
        (500, ErrorKind.UPSTREAM, True),
        (502, ErrorKind.UPSTREAM, True),
    ],
)
@pytest.mark.parametrize("body", ["", "<html>Bad Gateway</html>", "{}", "{", "null"])
def test_what_a_status_means_that_says_nothing_more(
    gateway: Gateway, client: AlibabaSimilar, status: int, kind: ErrorKind, retryable: bool, body: str
) -> None:
    gateway.answers(reply(body, status=status))

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.code, error.retryable) == (kind, str(status), retryable)


def test_an_unknown_code_with_a_server_error_may_be_tried_again(gateway: Gateway, client: AlibabaSimilar) -> None:
    gateway.answers(refused("gw.Mystery", status=503, Retry_After="7"))

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.code, error.retry_after) == (ErrorKind.UPSTREAM, "gw.Mystery", 7.0)


@pytest.mark.parametrize(
    ("answer", "code", "retryable"),
    [
        (reply(""), "empty-body", True),
        (reply("<!doctype html><title>Sign in</title>", content_type="text/html"), "html", False),
        (reply('{"result": '), "bad-json", False),
        (reply("null"), "unexpected-reply", False),
        (reply('"ok"'), "unexpected-reply", False),
        (json_reply({"result": 7}), "unexpected-reply", False),
    ],
)
def test_an_answer_of_another_kind_is_a_protocol_error(
    gateway: Gateway, client: AlibabaSimilar, answer: Any, code: str, retryable: bool
) -> None:
    gateway.answers(answer)

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.code, error.retryable) == (ErrorKind.PROTOCOL, code, retryable)
