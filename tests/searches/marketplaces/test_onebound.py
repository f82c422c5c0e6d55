"""Onebound over real HTTP: what is sent and where the secret goes, when a picture is uploaded, what is refused."""

import base64
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from searches.marketplaces import (
    Account,
    ErrorKind,
    InvalidRequest,
    MarketplaceError,
    RetryWith,
    SearchRequest,
    Sort,
)
from searches.marketplaces.onebound import MAX_IMAGE_BYTES, Onebound
from tests.searches.marketplaces.conftest import SHORT
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Answer, Gateway, hang, reply
from tests.searches.marketplaces.reselling import (
    NOW,
    ONEBOUND_ITEM,
    Watched,
    onebound_found,
    onebound_said,
    uploaded,
)

PICTURE = b"\xff\xd8\xff\xe0 prepared +/= \xff\xd9"
REQUEST = SearchRequest(image=PICTURE, page_size=20)


@pytest.fixture
def host() -> Watched:
    return Watched()


@pytest.fixture
def client(gateway: Gateway, host: Watched) -> Iterator[Onebound]:
    with closing(Onebound(Account(gateway.url, APP_KEY, SECRET), host=host, clock=lambda: NOW)) as made:
        yield made


def paths(gateway: Gateway) -> list[str]:
    return [request.path.split("/")[-2] for request in gateway.requests]


def failure_of(client: Onebound, request: SearchRequest = REQUEST) -> MarketplaceError:
    with pytest.raises(MarketplaceError) as failure:
        client.search(request)
    return failure.value


def test_a_picture_is_uploaded_and_then_searched_for(gateway: Gateway, client: Onebound, host: Watched) -> None:
    gateway.answers(uploaded("img-1"), onebound_found(ONEBOUND_ITEM))

    page = client.search(REQUEST)

    upload, search = gateway.requests
    assert (upload.method, upload.path) == ("POST", "/1688/upload_img/")
    assert upload.headers["content-type"] == "application/x-www-form-urlencoded"
    assert upload.query == {"key": APP_KEY}
    assert upload.params.keys() == {"secret", "imgcode"}
    assert upload.params["secret"] == SECRET
    assert base64.b64decode(upload.params["imgcode"], validate=True) == PICTURE
    assert (search.method, search.path) == ("GET", "/1688/item_search_img/")
    assert search.params == {"key": APP_KEY, "secret": SECRET, "imgid": "img-1", "page": "1", "page_size": "20"}
    assert [offer.title for offer in page.offers] == [ONEBOUND_ITEM["title"]]
    assert page.fetched_at == NOW
    assert host.slots == 2


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"page": 7, "page_size": 1}, {"page": "7", "page_size": "1"}),
        ({"sort": Sort.PRICE}, {}),
        ({"price_from": Decimal("0.50"), "price_to": Decimal(9)}, {}),
        ({"wholesale_only": True}, {}),
    ],
)
def test_paging_is_sent_and_what_the_row_ignores_is_not(
    gateway: Gateway, client: Onebound, asked: dict[str, Any], sent: dict[str, str]
) -> None:
    gateway.answers(uploaded("img-1"), onebound_found())

    client.search(replace(REQUEST, **asked))

    usual = {"key": APP_KEY, "secret": SECRET, "imgid": "img-1", "page": "1", "page_size": "20"}
    assert gateway.last.params == usual | sent


def test_paging_and_filtering_upload_a_picture_once(gateway: Gateway, client: Onebound, host: Watched) -> None:
    gateway.answers(uploaded("img-1"), onebound_found(ONEBOUND_ITEM))

    client.search(REQUEST)
    client.search(replace(REQUEST, page=2))
    client.search(replace(REQUEST, sort=Sort.PRICE, page_size=5))

    assert paths(gateway) == ["upload_img", *["item_search_img"] * 3]
    assert {request.params["imgid"] for request in gateway.requests[1:]} == {"img-1"}
    assert host.seconds == [23 * 3600]


def test_another_client_of_the_account_does_not_upload_again(gateway: Gateway, host: Watched) -> None:
    gateway.answers(uploaded(), onebound_found())

    for _ in range(2):
        with closing(Onebound(Account(gateway.url, APP_KEY, SECRET), host=host)) as client:
            client.search(REQUEST)

    assert paths(gateway) == ["upload_img", "item_search_img", "item_search_img"]


def test_another_picture_and_another_gateway_are_uploaded_by_themselves(gateway: Gateway, host: Watched) -> None:
    gateway.answers(*[uploaded(), onebound_found()] * 3)

    for base_url, picture in (("", b"a"), ("", b"b"), ("/proxy", b"a")):
        with closing(Onebound(Account(gateway.url + base_url, APP_KEY, SECRET), host=host)) as client:
            client.search(replace(REQUEST, image=picture))

    assert paths(gateway) == ["upload_img", "item_search_img"] * 3


@pytest.mark.parametrize("code", ["4003", 4014])
def test_an_imgid_that_is_good_no_longer_is_replaced(
    gateway: Gateway, client: Onebound, host: Watched, code: object
) -> None:
    gateway.answers(
        uploaded("old"), onebound_found(), onebound_said(code), uploaded("new"), onebound_found(ONEBOUND_ITEM)
    )
    client.search(REQUEST)

    page = client.search(REQUEST)

    assert len(page.offers) == 1
    assert gateway.last.params["imgid"] == "new"
    assert host.slots == len(gateway.requests) == 5


def test_a_new_imgid_that_is_refused_is_forgotten_and_not_tried_again(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(uploaded(), onebound_said("4003"), uploaded(), onebound_found())

    assert failure_of(client).code == "4003"
    assert len(gateway.requests) == 2
    client.search(REQUEST)

    assert paths(gateway) == ["upload_img", "item_search_img"] * 2


def test_an_imgid_is_kept_when_a_search_fails_for_another_reason(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(uploaded(), onebound_said("4017"), onebound_said("2000"), onebound_found())

    assert failure_of(client).code == "4017"
    assert failure_of(client).code == "2000"
    client.search(REQUEST)

    assert paths(gateway) == ["upload_img", *["item_search_img"] * 3]


def test_no_result_on_a_later_page_is_the_search_s_end(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(uploaded(), onebound_said("2000"))

    page = client.search(replace(REQUEST, page=3))

    assert (page.offers, page.total, page.page, page.pages) == ((), 40, 3, 2)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (SearchRequest(image_url="https://cbu01.alicdn.com/a.jpg", page_size=20), "image_url"),
        (replace(REQUEST, page_size=21), "page_size"),
    ],
)
def test_what_is_refused_before_a_call(
    gateway: Gateway, client: Onebound, host: Watched, request_: SearchRequest, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        client.search(request_)

    assert refusal.value.field == field
    assert gateway.requests == []
    assert host.slots == 0


def test_a_picture_over_the_limit_is_refused_before_a_call(gateway: Gateway, client: Onebound) -> None:
    error = failure_of(client, replace(REQUEST, image=b"x" * (MAX_IMAGE_BYTES + 1)))

    assert (error.kind, error.code, error.retry_with) == (ErrorKind.BAD_IMAGE, "image-too-large", RetryWith.SMALLER)
    assert gateway.requests == []


def test_a_picture_at_the_limit_is_sent(gateway: Gateway, client: Onebound) -> None:
    gateway.answers(uploaded(), onebound_found())

    client.search(replace(REQUEST, image=b"x" * MAX_IMAGE_BYTES))

    assert len(base64.b64decode(gateway.requests[0].params["imgcode"])) == MAX_IMAGE_BYTES


def test_the_slot_is_given_back_before_the_next_call_and_after_a_failure(gateway: Gateway, host: Watched) -> None:
    gateway.answers(uploaded(), hang)

    with closing(Onebound(Account(gateway.url, APP_KEY, SECRET), SHORT, host)) as client:
        assert failure_of(client).code == "timeout"

    assert (host.slots, host.open) == (2, False)


def test_the_check_uploads_a_real_picture_every_time(gateway: Gateway, client: Onebound, host: Watched) -> None:
    gateway.answers(uploaded())

    client.check()
    client.check()

    assert paths(gateway) == ["upload_img", "upload_img"]
    assert host.slots == 2
    with Image.open(BytesIO(base64.b64decode(gateway.last.params["imgcode"])), formats=["JPEG"]) as picture:
        picture.load()


@pytest.mark.parametrize("answer", [onebound_said("4003"), onebound_said("4014"), uploaded("0"), uploaded("")])
def test_a_refusal_of_the_tiny_picture_passes_the_check(gateway: Gateway, client: Onebound, answer: Answer) -> None:
    gateway.answers(answer)

    client.check()


@pytest.mark.parametrize(
    "answer",
    [
        *map(onebound_said, ("4004", "4005", "4008", "4009", "4013", "4016", "4017")),
        reply("<html>"),
        reply("{}"),
        reply(status=413),
    ],
)
def test_every_other_failure_fails_the_check(gateway: Gateway, client: Onebound, answer: Answer) -> None:
    gateway.answers(answer)

    with pytest.raises(MarketplaceError):
        client.check()


@pytest.mark.parametrize("path", ["", "/", "/proxy", "/proxy/", "/proxy/1688/item_search_img/", " "])
def test_a_base_url_in_every_form(gateway: Gateway, path: str) -> None:
    gateway.answers(uploaded(), onebound_found())

    with closing(Onebound(Account(gateway.url + path, APP_KEY, SECRET))) as client:
        client.search(REQUEST)

    assert gateway.last.path == ("/proxy" if "proxy" in path else "") + "/1688/item_search_img/"


def test_keys_with_odd_characters_arrive_whole(gateway: Gateway) -> None:
    gateway.answers(uploaded(), onebound_found())

    with closing(Onebound(Account(gateway.url, "k&y=1 ä", "s+c r&t%"))) as client:
        client.search(REQUEST)

    upload, search = gateway.requests
    assert (upload.query["key"], upload.params["secret"]) == ("k&y=1 ä", "s+c r&t%")
    assert (search.params["key"], search.params["secret"]) == ("k&y=1 ä", "s+c r&t%")
