"""The article's dialect over real HTTP: what is sent, and when nothing is."""

import base64
from dataclasses import replace
from datetime import timedelta
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
from searches.marketplaces.image_search_md5 import MAX_IMAGE_BYTES, ImageSearchMd5
from tests.searches.marketplaces.calling import BOTH, BY_PICTURE, BY_URL, PICTURE, failure_of
from tests.searches.marketplaces.conftest import NOW
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Gateway, found, refused, reply

PRODUCT = {"product_id": "1", "title": "杯子", "price": "23.50"}


def test_a_picture_goes_as_a_signed_post_form(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(found(PRODUCT))

    page = client.search(BY_PICTURE)

    sent = gateway.last
    assert (sent.method, sent.target) == ("POST", "/openapi/param2/2.0/")
    assert sent.signature_holds
    assert base64.b64decode(sent.params["image"], validate=True) == PICTURE
    assert "image_url" not in sent.params
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert sent.headers["user-agent"] == "Tongkuan/0.1"
    assert [offer.title for offer in page.offers] == ["杯子"]
    assert page.fetched_at == NOW


def test_an_address_goes_as_a_signed_get(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(found())

    client.search(BY_URL)

    sent = gateway.last
    assert (sent.method, sent.path) == ("GET", "/openapi/param2/2.0/")
    assert sent.signature_holds
    assert sent.params["image_url"] == BY_URL.image_url
    assert "image" not in sent.params


def test_the_base_parameters(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(found())

    client.search(BY_PICTURE)

    params = dict(gateway.last.params)
    assert len(params.pop("sign")) == 32
    del params["image"]
    assert params == {
        "app_key": APP_KEY,
        "method": "alibaba.image.search",
        "timestamp": "2026-01-02 03:04:05",  # in China
        "format": "json",
        "v": "2.0",
        "page": "1",
        "page_size": "50",
        "is_wholesale": "0",
        "sort": "0",
    }


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"page": 7, "page_size": 1}, {"page": "7", "page_size": "1"}),
        ({"price_from": Decimal("10")}, {"price_from": "10"}),
        ({"price_to": Decimal("1E+2")}, {"price_to": "100"}),
        ({"price_from": Decimal("0.50"), "price_to": Decimal("1.00")}, {"price_from": "0.50", "price_to": "1.00"}),
        ({"wholesale_only": True}, {"is_wholesale": "1"}),
        ({"sort": Sort.PRICE}, {"sort": "1"}),
        ({"sort": Sort.PRICE_DESC}, {"sort": "2"}),
    ],
)
@BOTH
def test_paging_and_filters(
    gateway: Gateway, client: ImageSearchMd5, request_: SearchRequest, asked: dict[str, Any], sent: dict[str, str]
) -> None:
    gateway.answers(found())

    client.search(replace(request_, **asked))

    assert gateway.last.params.items() >= sent.items()
    assert gateway.last.signature_holds


def test_the_second_page_ranks_on(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(found(PRODUCT, PRODUCT | {"product_id": "2"}, page=2, page_size=20, total=22))

    page = client.search(replace(BY_PICTURE, page=2, page_size=20))

    assert [offer.rank for offer in page.offers] == [21, 22]
    assert (page.total, page.page, page.pages, page.page_size) == (22, 2, 2, 20)


def test_more_than_fifty_offers_a_page_are_refused_before_a_call(gateway: Gateway, client: ImageSearchMd5) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        client.search(replace(BY_PICTURE, page_size=51))

    assert refusal.value.field == "page_size"
    assert gateway.requests == []


def test_a_picture_over_the_limit_is_refused_before_a_call(gateway: Gateway, client: ImageSearchMd5) -> None:
    error = failure_of(client, SearchRequest(image=b"x" * (MAX_IMAGE_BYTES + 1)))

    assert (error.kind, error.retry_with) == (ErrorKind.BAD_IMAGE, RetryWith.SMALLER)
    assert gateway.requests == []


def test_a_picture_at_the_limit_is_sent(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(found())

    client.search(SearchRequest(image=b"x" * MAX_IMAGE_BYTES))

    assert gateway.last.signature_holds


def test_the_check_is_one_small_signed_call_with_a_real_picture(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(found())

    client.check()

    (sent,) = gateway.requests
    assert sent.signature_holds
    assert sent.params["page_size"] == "1"
    with Image.open(BytesIO(base64.b64decode(sent.params["image"])), formats=["JPEG"]) as picture:
        picture.load()


def test_a_gateway_that_complains_of_the_tiny_picture_has_accepted_the_account(
    gateway: Gateway, client: ImageSearchMd5
) -> None:
    gateway.answers(refused("400"))

    client.check()


@pytest.mark.parametrize(
    "answer", [refused("25"), refused("110"), refused("429"), refused("502"), refused("413"), reply("<html>")]
)
def test_every_other_failure_fails_the_check(gateway: Gateway, client: ImageSearchMd5, answer: Any) -> None:
    gateway.answers(answer)

    with pytest.raises(MarketplaceError):
        client.check()


@pytest.mark.parametrize("path", ["", "/", "/proxy", "/proxy/", "/proxy/openapi/param2/2.0/", " "])
def test_a_base_url_in_every_form(gateway: Gateway, path: str) -> None:
    gateway.answers(found())

    with ImageSearchMd5(Account(gateway.url + path, APP_KEY, SECRET)) as client:
        client.search(BY_URL)

    assert gateway.last.path == ("/proxy" if "proxy" in path else "") + "/openapi/param2/2.0/"


@pytest.mark.parametrize(
    "base_url",
    ["", "gw.open.1688.com", "ftp://gw.open.1688.com", "https://u:p@gw.open.1688.com", "https://gw.open.1688.com/?a=1"],
)
def test_a_base_url_that_is_none_is_a_configuration_error(base_url: str) -> None:
    with pytest.raises(MarketplaceError) as failure:
        ImageSearchMd5(Account(base_url, APP_KEY, SECRET))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.CONFIGURATION, "base-url")


def test_calls_are_stamped_with_the_time_in_china_wherever_the_clock_stands(gateway: Gateway) -> None:
    gateway.answers(found())
    local = NOW.astimezone().tzinfo

    with ImageSearchMd5(
        Account(gateway.url, APP_KEY, SECRET), clock=lambda: (NOW + timedelta(days=1)).astimezone(local)
    ) as client:
        client.search(BY_URL)

    assert gateway.last.params["timestamp"] == "2026-01-03 03:04:05"
