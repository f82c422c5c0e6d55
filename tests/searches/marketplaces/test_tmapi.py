"""TMAPI over real HTTP: what is sent, when a picture is converted, and what is refused without a call."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import Account, ErrorKind, InvalidRequest, MarketplaceError, SearchRequest, Sort
from searches.marketplaces.tmapi import Tmapi
from tests.searches.marketplaces.conftest import SHORT
from tests.searches.marketplaces.gateway import Answer, Gateway, hang, reply
from tests.searches.marketplaces.reselling import (
    NOW,
    TMAPI_ITEM,
    TOKEN,
    Watched,
    converted,
    tmapi_found,
    tmapi_said,
)

ON_CDN = SearchRequest(image_url="https://cbu01.alicdn.com/img/a%20b.jpg?x=1&y=ä", page_size=20)
ELSEWHERE = replace(ON_CDN, image_url="https://shop.example/a.jpg?x=1&y=ä")
PATH = "/search/imgextra/1.jpg"


@pytest.fixture
def host() -> Watched:
    return Watched()


@pytest.fixture
def client(gateway: Gateway, host: Watched) -> Iterator[Tmapi]:
    with closing(Tmapi(Account(gateway.url, token=TOKEN), host=host, clock=lambda: NOW)) as made:
        yield made


def paths(gateway: Gateway) -> list[str]:
    return [request.path.rpartition("/")[2] for request in gateway.requests]


def failure_of(client: Tmapi, request: SearchRequest) -> MarketplaceError:
    with pytest.raises(MarketplaceError) as failure:
        client.search(request)
    return failure.value


def test_a_search_is_a_get_with_the_key_in_a_header(gateway: Gateway, client: Tmapi) -> None:
    gateway.answers(tmapi_found(TMAPI_ITEM))

    page = client.search(ON_CDN)

    (sent,) = gateway.requests
    assert (sent.method, sent.path) == ("GET", "/1688/search/image")
    assert sent.headers["apikey"] == TOKEN
    assert sent.params == {"img_url": ON_CDN.image_url, "page": "1", "page_size": "20", "sort": "default"}
    assert TOKEN not in sent.target
    assert [offer.title for offer in page.offers] == [TMAPI_ITEM["title"]]
    assert page.fetched_at == NOW


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"page": 7, "page_size": 1}, {"page": "7", "page_size": "1"}),
        ({"sort": Sort.PRICE}, {"sort": "price_up"}),
        ({"sort": Sort.PRICE_DESC}, {"sort": "price_down"}),
        ({"price_from": Decimal("0.50")}, {"price_start": "0.50"}),
        ({"price_to": Decimal("1E+2")}, {"price_end": "100"}),
        ({"wholesale_only": True}, {}),
    ],
)
def test_paging_and_filters(gateway: Gateway, client: Tmapi, asked: dict[str, Any], sent: dict[str, str]) -> None:
    gateway.answers(tmapi_found())

    client.search(replace(ON_CDN, **asked))

    usual = {"img_url": ON_CDN.image_url, "page": "1", "page_size": "20", "sort": "default"}
    assert gateway.last.params == usual | sent


def test_a_picture_elsewhere_is_converted_first(gateway: Gateway, client: Tmapi, host: Watched) -> None:
    gateway.answers(converted(PATH), tmapi_found(TMAPI_ITEM))

    page = client.search(ELSEWHERE)

    convert, search = gateway.requests
    assert (convert.method, convert.target) == ("POST", "/1688/tools/image/convert_url")
    assert convert.content == {"url": ELSEWHERE.image_url, "search_api_endpoint": "/search/image"}
    assert convert.headers["apikey"] == TOKEN
    assert search.params["img_url"] == PATH
    assert len(page.offers) == 1
    assert host.slots == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://alicdn.com.example/a.jpg",
        "https://notalicdn.com/a.jpg",
        "https://shop.example/alicdn.com/a.jpg",
        "http://127.0.0.1:8100/pictures/a.jpg",
    ],
)
def test_only_alibaba_s_hosts_need_no_conversion(gateway: Gateway, client: Tmapi, address: str) -> None:
    gateway.answers(converted(), tmapi_found())

    client.search(SearchRequest(image_url=address, page_size=20))

    assert paths(gateway) == ["convert_url", "image"]


@pytest.mark.parametrize("address", ["http://CBU01.ALICDN.COM/a.jpg", "https://alicdn.com/a.jpg"])
def test_alibaba_s_hosts_in_every_form(gateway: Gateway, client: Tmapi, address: str) -> None:
    gateway.answers(tmapi_found())

    client.search(SearchRequest(image_url=address, page_size=20))

    assert paths(gateway) == ["image"]


def test_paging_and_filtering_convert_a_picture_once(gateway: Gateway, client: Tmapi, host: Watched) -> None:
    gateway.answers(converted(PATH), tmapi_found(TMAPI_ITEM))

    client.search(ELSEWHERE)
    client.search(replace(ELSEWHERE, page=2))
    client.search(replace(ELSEWHERE, sort=Sort.PRICE, price_from=Decimal(5)))

    assert paths(gateway) == ["convert_url", "image", "image", "image"]
    assert {request.params["img_url"] for request in gateway.requests[1:]} == {PATH}
    assert host.seconds == [23 * 3600]


def test_another_client_of_the_account_does_not_convert_again(gateway: Gateway, host: Watched) -> None:
    gateway.answers(converted(), tmapi_found())

    for _ in range(2):
        with closing(Tmapi(Account(gateway.url, token=TOKEN), host=host)) as client:
            client.search(ELSEWHERE)

    assert paths(gateway) == ["convert_url", "image", "image"]


def test_another_picture_and_another_gateway_are_converted_by_themselves(gateway: Gateway, host: Watched) -> None:
    gateway.answers(converted(), tmapi_found(), converted(), tmapi_found(), converted(), tmapi_found())

    for base_url, address in (("", "a"), ("", "b"), ("/proxy", "a")):
        with closing(Tmapi(Account(gateway.url + base_url, token=TOKEN), host=host)) as client:
            client.search(replace(ELSEWHERE, image_url=f"https://shop.example/{address}.jpg"))

    assert paths(gateway) == ["convert_url", "image"] * 3


@pytest.mark.parametrize("code", [417, 422])
def test_a_path_that_is_good_no_longer_is_replaced(gateway: Gateway, client: Tmapi, host: Watched, code: int) -> None:
    gateway.answers(
        converted("/old.jpg"), tmapi_found(), tmapi_said(code), converted("/new.jpg"), tmapi_found(TMAPI_ITEM)
    )
    client.search(ELSEWHERE)

    page = client.search(ELSEWHERE)

    assert len(page.offers) == 1
    assert paths(gateway) == ["convert_url", "image", "image", "convert_url", "image"]
    assert gateway.last.params["img_url"] == "/new.jpg"
    assert host.slots == 5


def test_a_new_path_that_is_refused_is_forgotten_and_not_tried_again(gateway: Gateway, client: Tmapi) -> None:
    gateway.answers(converted(), tmapi_said(417), converted(), tmapi_found())

    assert failure_of(client, ELSEWHERE).code == "417"
    assert len(gateway.requests) == 2
    client.search(ELSEWHERE)

    assert paths(gateway) == ["convert_url", "image"] * 2


def test_a_path_is_kept_when_a_search_fails_for_another_reason(gateway: Gateway, client: Tmapi) -> None:
    gateway.answers(converted(), tmapi_said(500), tmapi_said(439), tmapi_found())

    assert failure_of(client, ELSEWHERE).code == "500"
    assert failure_of(client, ELSEWHERE).code == "439"
    client.search(ELSEWHERE)

    assert paths(gateway) == ["convert_url", "image", "image", "image"]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (SearchRequest(image=b"\xff\xd8", page_size=20), "image"),
        (replace(ON_CDN, page_size=21), "page_size"),
    ],
)
def test_what_is_refused_before_a_call(
    gateway: Gateway, client: Tmapi, host: Watched, request_: SearchRequest, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        client.search(request_)

    assert refusal.value.field == field
    assert gateway.requests == []
    assert host.slots == 0


def test_the_slot_is_given_back_before_the_next_call_and_after_a_failure(gateway: Gateway, host: Watched) -> None:
    gateway.answers(converted(), hang)

    with closing(Tmapi(Account(gateway.url, token=TOKEN), SHORT, host)) as client:
        assert failure_of(client, ELSEWHERE).code == "timeout"

    assert (host.slots, host.open) == (2, False)


def test_what_the_host_refuses_is_not_called(gateway: Gateway) -> None:
    class Refusal(Exception):
        pass

    class Refusing(Watched):
        def slot(self) -> Any:
            raise Refusal

    with closing(Tmapi(Account(gateway.url, token=TOKEN), host=Refusing())) as client, pytest.raises(Refusal):
        client.search(ON_CDN)

    assert gateway.requests == []


@pytest.mark.parametrize("answer", [converted(), tmapi_said(417), tmapi_said(422)])
def test_any_answer_about_the_picture_passes_the_check(
    gateway: Gateway, client: Tmapi, host: Watched, answer: Answer
) -> None:
    gateway.answers(answer)

    client.check()

    assert paths(gateway) == ["convert_url"]
    assert host.slots == 1
    assert host.seconds == []


@pytest.mark.parametrize(
    "answer", [tmapi_said(4011), tmapi_said(439), tmapi_said(500), tmapi_said(503), reply("<html>"), reply("{}")]
)
def test_every_other_failure_fails_the_check(gateway: Gateway, client: Tmapi, answer: Answer) -> None:
    gateway.answers(answer)

    with pytest.raises(MarketplaceError):
        client.check()


@pytest.mark.parametrize("path", ["", "/", "/proxy", "/proxy/", "/proxy/1688/search/image", " "])
def test_a_base_url_in_every_form(gateway: Gateway, path: str) -> None:
    gateway.answers(tmapi_found())

    with closing(Tmapi(Account(gateway.url + path, token=TOKEN))) as client:
        client.search(ON_CDN)

    assert gateway.last.path == ("/proxy" if "proxy" in path else "") + "/1688/search/image"


def test_blanks_around_a_pasted_key_do_not_count(gateway: Gateway) -> None:
    gateway.answers(tmapi_found())

    with closing(Tmapi(Account(gateway.url, token=f" {TOKEN}\n"))) as client:
        client.search(ON_CDN)

    assert gateway.last.headers["apikey"] == TOKEN


@pytest.mark.parametrize("token", ["schlüssel", "two\nlines", "two\r\nX-Other: 1", "a\x00b"])
def test_a_key_that_no_header_can_hold_is_refused_at_once(token: str) -> None:
    with pytest.raises(MarketplaceError) as failure:
        Tmapi(Account("https://api.tmapi.top", token=token))

    assert (failure.value.kind, failure.value.retryable) == (ErrorKind.AUTHENTICATION, False)
    assert token not in str(failure.value)
