"""What each answer of TMAPI means that is not a page of offers."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from searches.marketplaces import Account, ErrorKind, MarketplaceError, Remedy, SearchRequest
from searches.marketplaces.tmapi import Tmapi
from tests.searches.marketplaces.gateway import Answer, Gateway, json_reply, reply
from tests.searches.marketplaces.reselling import TMAPI_ITEM, TOKEN, tmapi_data, tmapi_said

ON_CDN = SearchRequest(image_url="https://cbu01.alicdn.com/img/a.jpg", page_size=20)
ELSEWHERE = SearchRequest(image_url="https://shop.example/a.jpg", page_size=20)
TABLE = [
    ("417", ErrorKind.BAD_IMAGE, Remedy.GIVE_REACHABLE_ADDRESS, True, None),
    ("422", ErrorKind.PROTOCOL, Remedy.REPORT_TO_US, False, None),
    ("429", ErrorKind.THROTTLED, Remedy.WAITS_FOR_SLOT, True, 60.0),
    ("439", ErrorKind.QUOTA, Remedy.BUY_CALLS, False, None),
    ("499", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("500", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("502", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("503", ErrorKind.THROTTLED, Remedy.RETRIED, True, None),
    ("4011", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False, None),
    ("418", ErrorKind.PROTOCOL, Remedy.ASK_VENDOR, False, None),
    ("mystery", ErrorKind.PROTOCOL, Remedy.ASK_VENDOR, False, None),
]


@pytest.fixture
def client(gateway: Gateway) -> Iterator[Tmapi]:
    with closing(Tmapi(Account(gateway.url, token=TOKEN))) as made:
        yield made


def failure_of(client: Tmapi, request: SearchRequest = ON_CDN) -> MarketplaceError:
    with pytest.raises(MarketplaceError) as failure:
        client.search(request)
    return failure.value


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("as_number", [False, True], ids=["text", "number"])
@pytest.mark.parametrize(("code", "kind", "remedy", "retryable", "retry_after"), TABLE)
def test_what_each_code_of_a_search_means(
    gateway: Gateway,
    client: Tmapi,
    code: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
    retry_after: float | None,
    as_number: bool,
    status: int,
) -> None:
    gateway.answers(tmapi_said(int(code) if as_number and code.isdigit() else code, msg="it went wrong", status=status))

    error = failure_of(client)

    assert (error.kind, error.code, error.remedy, error.message) == (kind, code, remedy, "it went wrong")
    assert (error.retryable, error.retry_after, error.retry_with) == (retryable, retry_after, None)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(("code", "kind", "remedy", "retryable", "retry_after"), TABLE)
def test_converting_means_the_same_but_for_the_picture_s_address(
    gateway: Gateway,
    client: Tmapi,
    code: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
    retry_after: float | None,
) -> None:
    gateway.answers(tmapi_said(code))

    error = failure_of(client, ELSEWHERE)

    if code == "422":
        kind, remedy = ErrorKind.BAD_IMAGE, Remedy.GIVE_REACHABLE_ADDRESS
    assert (error.kind, error.code, error.remedy) == (kind, code, remedy)
    assert (error.retryable, error.retry_after) == (retryable, retry_after)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, ErrorKind.PROTOCOL, False),
        (401, ErrorKind.AUTHENTICATION, False),
        (403, ErrorKind.PERMISSION, False),
        (404, ErrorKind.CONFIGURATION, False),
        (429, ErrorKind.THROTTLED, True),
        (502, ErrorKind.UPSTREAM, True),
    ],
)
@pytest.mark.parametrize("body", ["", "<html>Bad Gateway</html>", "{}", "{", "null", '{"detail": "Not Found"}'])
def test_what_a_status_means_that_says_nothing_more(
    gateway: Gateway, client: Tmapi, status: int, kind: ErrorKind, retryable: bool, body: str
) -> None:
    gateway.answers(reply(body, status=status))

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (kind, str(status), retryable)


@pytest.mark.parametrize(("status", "kind"), [(417, ErrorKind.BAD_IMAGE), (439, ErrorKind.QUOTA)])
def test_a_status_may_stand_for_the_code(gateway: Gateway, client: Tmapi, status: int, kind: ErrorKind) -> None:
    gateway.answers(reply('{"detail": "x"}', status=status))

    assert failure_of(client).kind is kind


def test_a_success_s_body_does_not_undo_a_failure_s_status(gateway: Gateway, client: Tmapi) -> None:
    gateway.answers(tmapi_said(200, tmapi_data(TMAPI_ITEM), status=500))

    assert failure_of(client).kind is ErrorKind.UPSTREAM


def test_an_unknown_code_with_a_server_error_may_be_tried_again(gateway: Gateway, client: Tmapi) -> None:
    gateway.answers(tmapi_said("mystery", status=502))

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "mystery", True)


def test_how_long_to_wait_is_the_vendor_s_word_where_it_says_so(gateway: Gateway, client: Tmapi) -> None:
    gateway.answers(tmapi_said(503, Retry_After="7"))

    assert failure_of(client).retry_after == 7.0


@pytest.mark.parametrize(
    ("payload", "code", "message"),
    [
        ({"code": 4011}, "4011", None),
        ({"code": 4011, "msg": None}, "4011", None),
        ({"code": 4011, "msg": ["no"]}, "4011", None),
        ({"code": 4011, "message": "no key"}, "4011", "no key"),
        ({"code": " 4011 ", "msg": "a\x00b\n" + "c" * 1000}, "4011", "a b " + "c" * 296),
        ({"code": 4011.0, "msg": "no key", "data": {"items": [TMAPI_ITEM]}}, "4011", "no key"),
    ],
)
def test_errors_in_other_shapes(
    gateway: Gateway, client: Tmapi, payload: object, code: str, message: str | None
) -> None:
    gateway.answers(json_reply(payload))

    error = failure_of(client)

    assert error.code == code
    assert error.message == (
        message or "The marketplace refused the account: the key is unknown, expired or switched off."
    )


@pytest.mark.parametrize(
    ("answer", "code", "retryable"),
    [
        (reply(""), "empty-body", True),
        (reply("<!doctype html><title>Sign in</title>", content_type="text/html"), "html", False),
        (reply('{"code": 200, '), "bad-json", False),
        (reply("null"), "unexpected-reply", False),
        (reply("[]"), "unexpected-reply", False),
        (reply('"ok"'), "unexpected-reply", False),
        (reply("{}"), "unexpected-reply", False),
        (json_reply({"code": True, "data": None}), "unexpected-reply", False),
        (json_reply({"code": {"a": 1}, "data": []}), "unexpected-reply", False),
        (json_reply({"code": 200}), "unexpected-reply", False),
        (json_reply({"code": 200, "data": None}), "unexpected-reply", False),
        (json_reply({"code": 200, "data": []}), "unexpected-reply", False),
        (json_reply({"code": 200, "data": "none"}), "unexpected-reply", False),
    ],
)
@pytest.mark.parametrize("request_", [ON_CDN, ELSEWHERE], ids=["search", "convert"])
def test_an_answer_of_another_kind_is_a_protocol_error(
    gateway: Gateway, client: Tmapi, request_: SearchRequest, answer: Answer, code: str, retryable: bool
) -> None:
    gateway.answers(answer)

    error = failure_of(client, request_)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.PROTOCOL, code, retryable)


@pytest.mark.parametrize(
    "data", [{}, {"image_url": None}, {"image_url": ""}, {"image_url": ["/a"]}, {"image_url": "a" * 1001}]
)
def test_a_conversion_without_a_path_is_a_protocol_error(gateway: Gateway, client: Tmapi, data: Any) -> None:
    gateway.answers(tmapi_said(200, data))

    error = failure_of(client, ELSEWHERE)

    assert (error.kind, error.code) == (ErrorKind.PROTOCOL, "unexpected-reply")
    assert len(gateway.requests) == 1


def test_a_picture_s_address_is_not_quoted(gateway: Gateway, client: Tmapi) -> None:
    """Who knows the address of an uploaded photo may fetch it."""
    address = "https://portal.example/pictures/secret.jpg"
    gateway.answers(tmapi_said("422", msg=f"cannot fetch {address}"))
    assert failure_of(client, SearchRequest(image_url=address, page_size=20)).message == "cannot fetch ***"
