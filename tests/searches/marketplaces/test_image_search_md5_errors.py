"""What each answer of the article's dialect means that is not a page of offers."""

from typing import Any

import pytest

from searches.marketplaces import ErrorKind, Remedy, RetryWith
from searches.marketplaces.image_search_md5 import ImageSearchMd5
from tests.searches.marketplaces.calling import BY_PICTURE, failure_of
from tests.searches.marketplaces.gateway import Gateway, broken_off, json_reply, refused, reply

PRODUCT = {"product_id": "1", "title": "杯子", "price": "23.50"}
TABLE = [
    ("400", ErrorKind.BAD_IMAGE, Remedy.GIVE_JPG_OR_PNG, True, None, RetryWith.REENCODED),
    ("413", ErrorKind.BAD_IMAGE, Remedy.MADE_SMALLER, True, None, RetryWith.SMALLER),
    ("502", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None, None),
    ("110", ErrorKind.PERMISSION, Remedy.ALLOW_ADDRESS, False, None, None),
    ("429", ErrorKind.THROTTLED, Remedy.WAITS_FOR_SLOT, True, 60.0, None),
    ("25", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False, None, None),
    ("28", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False, None, None),
    ("30", ErrorKind.CONFIGURATION, Remedy.SET_CLOCK, False, None, None),
    ("503", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None, None),
    ("isp.mystery", ErrorKind.PROTOCOL, Remedy.ASK_VENDOR, False, None, None),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("as_number", [False, True], ids=["text", "number"])
@pytest.mark.parametrize(("code", "kind", "remedy", "retryable", "retry_after", "retry_with"), TABLE)
def test_what_each_error_code_means(
    gateway: Gateway,
    client: ImageSearchMd5,
    code: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
    retry_after: float | None,
    retry_with: RetryWith | None,
    as_number: bool,
    status: int,
) -> None:
    gateway.answers(refused(int(code) if as_number and code.isdigit() else code, "图片格式错误", status=status))

    error = failure_of(client)

    assert (error.kind, error.code, error.remedy) == (kind, code, remedy)
    assert (error.retryable, error.retry_after, error.retry_with) == (retryable, retry_after, retry_with)
    assert (error.message, error.request_id) == ("图片格式错误", "req-1")
    assert str(error) == f"图片格式错误 [{kind} {code}]"


@pytest.mark.parametrize(
    ("msg", "kind"),
    [
        ("Invalid Signature", ErrorKind.AUTHENTICATION),
        ("签名错误", ErrorKind.AUTHENTICATION),
        ("invalid appkey", ErrorKind.AUTHENTICATION),
        ("Invalid timestamp", ErrorKind.CONFIGURATION),
    ],
)
def test_codes_of_other_gateways_are_known_by_their_words(
    gateway: Gateway, client: ImageSearchMd5, msg: str, kind: ErrorKind
) -> None:
    gateway.answers(refused("isv.4711", msg))

    error = failure_of(client)

    assert (error.kind, error.code, error.message, error.retryable) == (kind, "isv.4711", msg, False)


@pytest.mark.parametrize(
    ("status", "kind", "retryable", "retry_after"),
    [
        (400, ErrorKind.PROTOCOL, False, None),
        (401, ErrorKind.AUTHENTICATION, False, None),
        (403, ErrorKind.PERMISSION, False, None),
        (404, ErrorKind.CONFIGURATION, False, None),
        (413, ErrorKind.BAD_IMAGE, True, None),
        (418, ErrorKind.PROTOCOL, False, None),
        (429, ErrorKind.THROTTLED, True, 60.0),
        (500, ErrorKind.UPSTREAM, True, None),
        (502, ErrorKind.UPSTREAM, True, None),
        (504, ErrorKind.UPSTREAM, True, None),
    ],
)
@pytest.mark.parametrize("body", ["", "<html>Bad Gateway</html>", "{}", "{", "null"])
def test_what_a_status_means_that_says_nothing_more(
    gateway: Gateway,
    client: ImageSearchMd5,
    status: int,
    kind: ErrorKind,
    retryable: bool,
    retry_after: float | None,
    body: str,
) -> None:
    gateway.answers(reply(body, status=status))

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable, error.retry_after) == (kind, str(status), retryable, retry_after)


def test_a_success_s_body_does_not_undo_a_failure_s_status(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(json_reply({"alibaba_image_search_response": {"result": {"products": [PRODUCT]}}}, status=500))

    assert failure_of(client).kind is ErrorKind.UPSTREAM


def test_an_unknown_code_with_a_server_error_may_be_tried_again(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(refused("isp.mystery", status=503))

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "isp.mystery", True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "5"}, 5.0),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After": "99999999999999999999"}, 86_400.0),
        ({"Retry_After": "Fri, 02 Jan 2099 03:05:00 GMT"}, 86_400.0),
        ({"Retry_After": "Fri, 02 Jan 1998 03:05:00 GMT"}, 0.0),
        ({"Retry_After": "soon"}, 60.0),
        ({"Retry_After": "-5"}, 60.0),
        ({"Retry_After": "²"}, 60.0),
    ],
)
@pytest.mark.parametrize("by_code", [True, False], ids=["code", "status"])
def test_how_long_a_throttled_call_waits(
    gateway: Gateway, client: ImageSearchMd5, headers: dict[str, Any], seconds: float, by_code: bool
) -> None:
    gateway.answers(refused(429, **headers) if by_code else reply(status=429, **headers))

    assert failure_of(client).retry_after == seconds


def test_a_date_to_retry_after_is_read_by_the_gateway_s_own_clock(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(
        broken_off(
            b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\nDate: Fri, 02 Jan 1998 03:04:05 GMT\r\n"
            b"Retry-After: Fri, 02 Jan 1998 03:04:35 GMT\r\n\r\n"
        )
    )

    assert failure_of(client).retry_after == 30.0


def test_a_retry_after_counts_for_server_errors_and_not_where_no_retry_helps(
    gateway: Gateway, client: ImageSearchMd5
) -> None:
    gateway.answers(reply(status=503, Retry_After="7"), refused("110", Retry_After="7"))

    assert failure_of(client).retry_after == 7.0
    assert failure_of(client).retry_after is None


@pytest.mark.parametrize(
    ("report", "code", "message"),
    [
        ({"error_response": {"code": 110}}, "110", "This server's IP address is not on the marketplace's allow-list."),
        ({"error_response": {"code": None, "msg": None}}, "", None),
        ({"error_response": "Invalid signature"}, "", "Invalid signature"),
        ({"error_response": [1]}, "", None),
        ({"error_response": {"code": [1], "msg": {"a": 1}}}, "", None),
        ({"code": 502, "msg": "down"}, "502", "down"),
        ({"code": "110", "message": "no entry"}, "110", "no entry"),
        ({"error_response": {"code": "x", "msg": "a\x00b\n" + "c" * 1000}}, "x", "a b " + "c" * 296),
    ],
)
def test_errors_in_other_shapes(
    gateway: Gateway, client: ImageSearchMd5, report: object, code: str, message: str | None
) -> None:
    gateway.answers(json_reply(report))

    error = failure_of(client)

    assert error.code == code
    assert error.message == (message or "The marketplace answered with an error that its documentation does not name.")


@pytest.mark.parametrize(
    ("answer", "code", "retryable"),
    [
        (reply(""), "empty-body", True),
        (reply(" \n"), "empty-body", True),
        (reply(status=204), "empty-body", True),
        (reply("<!doctype html><title>Sign in</title>", content_type="text/html"), "html", False),
        (reply("Sign in", content_type="text/html; charset=utf-8"), "html", False),
        (reply("<?xml version='1.0'?><error/>", content_type="text/xml"), "html", False),
        (reply('{"alibaba_image_search_response": '), "bad-json", False),
        (reply(b'{"a": "\xff\xfe"}'), "bad-json", False),
        (reply("[" * 100_000), "bad-json", False),
        (reply("1" * 10_000), "bad-json", False),
        (reply("null"), "unexpected-reply", False),
        (reply('"ok"'), "unexpected-reply", False),
        (json_reply({"alibaba_image_search_response": {}}), "unexpected-reply", False),
    ],
)
def test_an_answer_of_another_kind_is_a_protocol_error(
    gateway: Gateway, client: ImageSearchMd5, answer: Any, code: str, retryable: bool
) -> None:
    gateway.answers(answer)

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.PROTOCOL, code, retryable)


@pytest.mark.parametrize(
    "body",
    [
        '{"alibaba_image_search_response": {"result": {"products": [{"product_id": 1, "similarity": NaN}]}}}',
        '\ufeff{"alibaba_image_search_response": {"result": {"products": [{"product_id": 1, "price": -Infinity}]}}}',
    ],
)
def test_json_is_read_whatever_its_content_type_its_mark_and_its_numbers(
    gateway: Gateway, client: ImageSearchMd5, body: str
) -> None:
    gateway.answers(reply(body, content_type="text/plain"))

    (offer,) = client.search(BY_PICTURE).offers

    assert (offer.offer_id, offer.similarity, offer.price) == ("1", None, None)
