"""What each answer of Onebound means that is not a page of offers."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from searches.marketplaces import Account, ErrorKind, MarketplaceError, Remedy, RetryWith, SearchRequest
from searches.marketplaces.onebound import Onebound
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Answer, Gateway, json_reply, reply
from tests.searches.marketplaces.reselling import (
    ONEBOUND_ITEM,
    onebound_found,
    onebound_page,
    onebound_said,
    uploaded,
)

REQUEST = SearchRequest(image=b"picture", page_size=20)
TABLE = [
    ("2000", ErrorKind.NO_RESULT, Remedy.GIVE_ANOTHER_PICTURE, False, None),
    ("4000", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("4001", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("4002", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("4003", ErrorKind.PROTOCOL, Remedy.REPORT_TO_US, False, None),
    ("4004", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False, None),
    ("4005", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False, None),
    ("4008", ErrorKind.THROTTLED, Remedy.WAITS_FOR_SLOT, True, 60.0),
    ("4009", ErrorKind.UPSTREAM, Remedy.RETRIED, True, 60.0),
    ("4013", ErrorKind.QUOTA, Remedy.BUY_CALLS, False, None),
    ("4014", ErrorKind.PROTOCOL, Remedy.REPORT_TO_US, False, None),
    ("4016", ErrorKind.QUOTA, Remedy.BUY_CALLS, False, None),
    ("4017", ErrorKind.UPSTREAM, Remedy.RETRIED, True, None),
    ("4999", ErrorKind.PROTOCOL, Remedy.ASK_VENDOR, False, None),
    ("item-not-found", ErrorKind.PROTOCOL, Remedy.ASK_VENDOR, False, None),
]


@pytest.fixture
def client(gateway: Gateway) -> Iterator[Onebound]:
    with closing(Onebound(Account(gateway.url, APP_KEY, SECRET))) as made:
        yield made


def failure_of(client: Onebound) -> MarketplaceError:
    with pytest.raises(MarketplaceError) as failure:
        client.search(REQUEST)
    return failure.value


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("as_number", [False, True], ids=["text", "number"])
@pytest.mark.parametrize(("code", "kind", "remedy", "retryable", "retry_after"), TABLE)
def test_what_each_code_of_a_search_means(
    gateway: Gateway,
    client: Onebound,
    code: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
    retry_after: float | None,
    as_number: bool,
    status: int,
) -> None:
    sent: object = int(code) if as_number and code.isdigit() else code
    gateway.answers(uploaded(), onebound_said(sent, "出错了", status=status))

    error = failure_of(client)

    assert (error.kind, error.code, error.remedy) == (kind, code, remedy)
    assert (error.retryable, error.retry_after, error.retry_with) == (retryable, retry_after, None)
    assert (error.message, error.request_id) == ("出错了", "req-1")
    assert len(gateway.requests) == 2


@pytest.mark.parametrize(("code", "kind", "remedy", "retryable", "retry_after"), TABLE)
def test_an_upload_means_the_same_but_for_the_picture(
    gateway: Gateway,
    client: Onebound,
    code: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
    retry_after: float | None,
) -> None:
    gateway.answers(onebound_said(code))
    retry_with = None
    if code in {"4003", "4014"}:
        kind, remedy = ErrorKind.BAD_IMAGE, Remedy.GIVE_ANOTHER_PICTURE
        retryable, retry_with = True, RetryWith.REENCODED

    error = failure_of(client)

    assert (error.kind, error.code, error.remedy) == (kind, code, remedy)
    assert (error.retryable, error.retry_after, error.retry_with) == (retryable, retry_after, retry_with)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, ErrorKind.PROTOCOL, False),
        (401, ErrorKind.AUTHENTICATION, False),
        (403, ErrorKind.PERMISSION, False),
        (404, ErrorKind.CONFIGURATION, False),
        (413, ErrorKind.BAD_IMAGE, True),
        (429, ErrorKind.THROTTLED, True),
        (500, ErrorKind.UPSTREAM, True),
    ],
)
@pytest.mark.parametrize("body", ["", "<html>Bad Gateway</html>", "{}", "{", "null", '{"error": "x"}'])
def test_what_a_status_means_that_says_nothing_more(
    gateway: Gateway, client: Onebound, status: int, kind: ErrorKind, retryable: bool, body: str
) -> None:
    gateway.answers(reply(body, status=status))

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (kind, str(status), retryable)


def test_a_success_s_body_does_not_undo_a_failure_s_status(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(uploaded(), json_reply(onebound_page(ONEBOUND_ITEM), status=502))

    assert failure_of(client).kind is ErrorKind.UPSTREAM


def test_an_unknown_code_with_a_server_error_may_be_tried_again(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(onebound_said("mystery", status=503))

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "mystery", True)


def test_how_long_to_wait_is_the_vendor_s_word_where_it_says_so(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(onebound_said("4008", Retry_After="7"))

    assert failure_of(client).retry_after == 7.0


@pytest.mark.parametrize(
    ("items", "code", "kind"),
    [
        ({"error": "4017", "item": []}, "4017", ErrorKind.UPSTREAM),
        ({"error": 2000}, "2000", ErrorKind.NO_RESULT),
        ({"error": "item-not-found", "item": None}, "item-not-found", ErrorKind.PROTOCOL),
    ],
)
@pytest.mark.parametrize("envelope", [{"error_code": "0000"}, {}], ids=["success", "no code"])
def test_an_error_within_a_success_counts(
    gateway: Gateway,
    client: Onebound,
    items: dict[str, Any],
    code: str,
    kind: ErrorKind,
    envelope: dict[str, Any],
) -> None:
    gateway.answers(uploaded(), json_reply({"items": items, "reason": "no", **envelope}))

    error = failure_of(client)

    assert (error.code, error.kind, error.message) == (code, kind, "no")


def test_an_error_beside_items_does_not_take_them_away(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(uploaded(), onebound_found(ONEBOUND_ITEM, error="one source is slow"))

    assert len(client.search(REQUEST).offers) == 1


@pytest.mark.parametrize(
    ("payload", "code", "message"),
    [
        ({"error_code": 4004}, "4004", None),
        ({"error_code": "4004", "reason": None}, "4004", None),
        ({"error_code": "4004", "reason": ["no"], "request_id": {"a": 1}}, "4004", None),
        ({"error_code": " 4004 ", "reason": "a\x00b\n" + "c" * 1000}, "4004", "a b " + "c" * 296),
        ({"error_code": 4004.0, "reason": "no", **{"items": {"item": [ONEBOUND_ITEM]}}}, "4004", "no"),
    ],
)
def test_errors_in_other_shapes(
    gateway: Gateway, client: Onebound, payload: object, code: str, message: str | None
) -> None:
    gateway.answers(json_reply(payload))

    error = failure_of(client)

    assert error.code == code
    assert error.message == (
        message or "The marketplace refused the account: the key is unknown, expired or switched off."
    )


UNREADABLE = [
    (reply(""), "empty-body", True),
    (reply("<!doctype html><title>Sign in</title>", content_type="text/html"), "html", False),
    (reply('{"items": '), "bad-json", False),
    (reply("null"), "unexpected-reply", False),
    (reply("[]"), "unexpected-reply", False),
    (reply('"ok"'), "unexpected-reply", False),
    (reply("{}"), "unexpected-reply", False),
    (json_reply({"error_code": True}), "unexpected-reply", False),
    (json_reply({"error_code": ["0000"]}), "unexpected-reply", False),
    (json_reply({"error_code": "0000"}), "unexpected-reply", False),
    (json_reply({"error_code": "0000", "items": {"item": {"a": 1}}}), "unexpected-reply", False),
    (json_reply({"error_code": "0000", "items": "none"}), "unexpected-reply", False),
]


@pytest.mark.parametrize(("answer", "code", "retryable"), UNREADABLE)
@pytest.mark.parametrize("steps", [(), (uploaded(),)], ids=["upload", "search"])
def test_an_answer_of_another_kind_is_a_protocol_error(
    gateway: Gateway, client: Onebound, steps: tuple[Answer, ...], answer: Answer, code: str, retryable: bool
) -> None:
    gateway.answers(*steps, answer)

    error = failure_of(client)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.PROTOCOL, code, retryable)


@pytest.mark.parametrize("name", [None, "", "0", 0, [], {"a": 1}, "x" * 1001])
def test_an_upload_without_an_imgid_says_something_of_the_picture(
    gateway: Gateway, client: Onebound, name: object
) -> None:
    gateway.answers(uploaded(name))

    error = failure_of(client)

    assert (error.kind, error.code, error.retry_with) == (ErrorKind.BAD_IMAGE, "no-image-id", RetryWith.REENCODED)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"items": {"item": {"name": "img-1"}}},
        {"items": {"name": "img-1"}, "error_code": "0000"},
        {"name": "img-1", "error_code": 0},
        {"name": "img-1", "items": [], "error_code": "0000"},
    ],
)
def test_the_imgid_is_found_wherever_the_vendor_puts_it(gateway: Gateway, client: Onebound, payload: object) -> None:
    gateway.answers(json_reply(payload), onebound_found())

    client.search(REQUEST)

    assert gateway.last.params["imgid"] == "img-1"
