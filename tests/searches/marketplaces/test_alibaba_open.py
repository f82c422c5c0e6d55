"""The official image search over real HTTP: what is uploaded, what is asked, and when nothing is."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import ErrorKind, InvalidRequest, Region, RetryWith, SearchRequest, Sort
from searches.marketplaces.alibaba_open import MARKETPLACE, MAX_IMAGE_BYTES, AlibabaOpen
from tests.searches.marketplaces.alibaba import (
    BY_PICTURE,
    BY_URL,
    NOW,
    PICTURE,
    ROW,
    TOKEN,
    Office,
    account_at,
    apis,
    failure_of,
    found,
    query_of,
    refused,
    signature_holds,
    uploaded,
)
from tests.searches.marketplaces.gateway import APP_KEY, Gateway, json_reply

UNKNOWN_ID = json_reply(
    {"result": {"success": "false", "code": "X", "message": "there is no image with the imageId 1"}}
)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def client(gateway: Gateway, office: Office) -> Iterator[AlibabaOpen]:
    with AlibabaOpen(account_at(gateway.url), host=office, clock=lambda: NOW) as made:
        yield made


def test_a_picture_is_uploaded_and_searched_for_by_its_id(gateway: Gateway, client: AlibabaOpen) -> None:
    gateway.answers(uploaded(), found(ROW))

    page = client.search(BY_PICTURE)

    upload, query = gateway.requests
    namespace = "/openapi/param2/1/com.alibaba.fenxiao.crossborder"
    assert (upload.method, upload.target) == ("POST", f"{namespace}/product.image.upload/{APP_KEY}")
    assert (query.method, query.target) == ("POST", f"{namespace}/product.search.imageQuery/{APP_KEY}")
    assert signature_holds(upload)
    assert signature_holds(query)
    assert upload.headers["content-type"] == "application/x-www-form-urlencoded"
    assert upload.params["access_token"] == query.params["access_token"] == TOKEN
    sent = json.loads(upload.params["uploadImageParam"])
    assert base64.b64decode(sent["imageBase64"], validate=True) == PICTURE
    assert query.params["offerQueryParam"] == '{"imageId":"123456789","beginPage":1,"pageSize":50,"country":"en"}'
    assert [offer.title for offer in page.offers] == [ROW["subject"]]
    assert page.fetched_at == NOW


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"page": 7, "page_size": 20}, {"beginPage": 7, "pageSize": 20}),
        ({"price_from": Decimal("10")}, {"priceStart": "10"}),
        ({"price_to": Decimal("1E+2")}, {"priceEnd": "100"}),
        ({"price_from": Decimal("0.50"), "price_to": Decimal("1.00")}, {"priceStart": "0.50", "priceEnd": "1.00"}),
        ({"sort": Sort.PRICE}, {"sort": '{"price":"asc"}'}),
        ({"sort": Sort.PRICE_DESC}, {"sort": '{"price":"desc"}'}),
        ({"region": Region(10, 20, 300, 400)}, {"region": "10,310,20,420"}),
        ({"wholesale_only": True}, {}),
    ],
)
def test_paging_filters_and_regions(
    gateway: Gateway, client: AlibabaOpen, asked: dict[str, Any], sent: dict[str, Any]
) -> None:
    gateway.answers(uploaded(), found())

    client.search(replace(BY_PICTURE, **asked))

    usual = {"imageId": "123456789", "beginPage": 1, "pageSize": 50, "country": "en"}
    assert query_of(gateway.last) == usual | sent
    assert signature_holds(gateway.last)


def test_one_upload_serves_all_pages_and_filters(gateway: Gateway, client: AlibabaOpen, office: Office) -> None:
    gateway.answers(uploaded(), found())

    for page in (1, 2):
        for sort in Sort:
            client.search(replace(BY_PICTURE, page=page, sort=sort, price_from=Decimal(page)))
    client.search(replace(BY_PICTURE, region=Region(0, 0, 5, 5)))

    assert apis(gateway) == ["upload", *["imageQuery"] * 7]
    assert {query_of(sent)["imageId"] for sent in gateway.requests[1:]} == {"123456789"}
    assert office.slots == 8
    assert office.seconds == [23 * 3600]


def test_another_client_of_the_host_needs_no_upload(gateway: Gateway, client: AlibabaOpen, office: Office) -> None:
    gateway.answers(uploaded(), found())
    client.search(BY_PICTURE)

    with AlibabaOpen(account_at(gateway.url), host=office) as other:
        other.search(BY_PICTURE)

    assert apis(gateway) == ["upload", "imageQuery", "imageQuery"]


def test_another_picture_is_another_upload(gateway: Gateway, client: AlibabaOpen) -> None:
    gateway.answers(uploaded("1"), found(), uploaded("2"), found())

    client.search(BY_PICTURE)
    client.search(SearchRequest(image=PICTURE + b"x"))

    assert [query_of(sent)["imageId"] for sent in gateway.requests[1::2]] == ["1", "2"]


def test_a_forgotten_image_id_is_uploaded_once_anew(gateway: Gateway, client: AlibabaOpen) -> None:
    gateway.answers(uploaded("1"), found(), UNKNOWN_ID, uploaded("2"), found(ROW), found())
    client.search(BY_PICTURE)

    assert client.search(BY_PICTURE).offers
    client.search(BY_PICTURE)

    assert apis(gateway) == ["upload", "imageQuery", "imageQuery", "upload", "imageQuery", "imageQuery"]
    assert query_of(gateway.last)["imageId"] == "2"


def test_an_image_id_that_is_never_known_ends_the_search(gateway: Gateway, client: AlibabaOpen) -> None:
    gateway.answers(uploaded("1"), found(), UNKNOWN_ID, uploaded("2"), UNKNOWN_ID)
    client.search(BY_PICTURE)

    error = failure_of(lambda: client.search(BY_PICTURE))

    assert (error.kind, error.retry_with, error.code) == (ErrorKind.BAD_IMAGE, RetryWith.REENCODED, "X")
    assert len(gateway.requests) == 5


def test_a_failure_of_another_kind_keeps_the_image_id(gateway: Gateway, client: AlibabaOpen) -> None:
    gateway.answers(uploaded(), found(), refused("gw.QosAppFrequencyLimit"), found())
    client.search(BY_PICTURE)

    assert failure_of(lambda: client.search(BY_PICTURE)).kind is ErrorKind.THROTTLED
    client.search(BY_PICTURE)

    assert apis(gateway) == ["upload", *["imageQuery"] * 3]


@pytest.mark.parametrize(
    "answer",
    [
        uploaded("0"),
        uploaded(0),
        uploaded(""),
        uploaded(None),
        uploaded({"id": 1}),
        uploaded("1" * 300),
        json_reply({"result": {"success": "true"}}),
        json_reply({"result": None}),
        json_reply({}),
        uploaded("5", success="false"),
        uploaded("5", success=False),
        json_reply({"result": {"success": "false", "code": "IMAGE_INVALID", "message": "no picture"}}),
    ],
)
def test_an_upload_without_an_image_id_is_a_bad_picture(gateway: Gateway, client: AlibabaOpen, answer: Any) -> None:
    gateway.answers(answer)

    error = failure_of(lambda: client.search(BY_PICTURE))

    assert (error.kind, error.retryable, error.retry_with) == (ErrorKind.BAD_IMAGE, True, RetryWith.REENCODED)
    assert len(gateway.requests) == 1
    gateway.answers(uploaded(), found())
    client.search(BY_PICTURE)  # nothing wrong was remembered


def test_an_upload_refused_for_its_size_is_made_smaller(gateway: Gateway, client: AlibabaOpen) -> None:
    message = "the image is too large"
    gateway.answers(json_reply({"result": {"success": "false", "code": "IMAGE_TOO_LARGE", "message": message}}))

    error = failure_of(lambda: client.search(BY_PICTURE))

    assert (error.code, error.retry_with, error.message) == ("IMAGE_TOO_LARGE", RetryWith.SMALLER, message)


@pytest.mark.parametrize("success", ["true", True, None, 1])
def test_an_image_id_is_a_number_or_a_text(gateway: Gateway, client: AlibabaOpen, success: object) -> None:
    gateway.answers(uploaded(10**18 + 7, success), found())

    client.search(BY_PICTURE)

    assert query_of(gateway.last)["imageId"] == "1000000000000000007"


@pytest.mark.parametrize(
    ("request_", "field"),
    [(replace(BY_PICTURE, page_size=51), "page_size"), (replace(BY_URL, page_size=20), "image_url")],
)
def test_what_is_never_taken_costs_no_call(
    gateway: Gateway, client: AlibabaOpen, request_: SearchRequest, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        client.search(request_)

    assert refusal.value.field == field
    assert gateway.requests == []


def test_a_picture_over_the_limit_is_refused_before_a_call(gateway: Gateway, client: AlibabaOpen) -> None:
    error = failure_of(lambda: client.search(SearchRequest(image=b"x" * (MAX_IMAGE_BYTES + 1))))

    assert (error.kind, error.retry_with) == (ErrorKind.BAD_IMAGE, RetryWith.SMALLER)
    assert gateway.requests == []


def test_a_picture_at_the_limit_is_sent(gateway: Gateway, client: AlibabaOpen) -> None:
    gateway.answers(uploaded(), found())

    client.search(SearchRequest(image=bytes(range(256)) * (MAX_IMAGE_BYTES // 256)))

    assert all(signature_holds(sent) for sent in gateway.requests)


@pytest.mark.parametrize("path", ["", "/", "/proxy", "/proxy/openapi", "/proxy/openapi/param2/1/"])
def test_a_base_url_in_every_form(gateway: Gateway, path: str) -> None:
    gateway.answers(uploaded(), found())

    with AlibabaOpen(account_at(gateway.url + path)) as client:
        client.search(BY_PICTURE)

    assert gateway.last.path.startswith(f"{'/proxy' if 'proxy' in path else ''}/openapi/param2/1/com.alibaba.")
    assert signature_holds(gateway.last)


def test_its_row() -> None:
    assert (MARKETPLACE.max_image_bytes, MARKETPLACE.max_page_size) == (300_000, 50)
    assert (MARKETPLACE.takes_image, MARKETPLACE.takes_image_url, MARKETPLACE.takes_region) == (True, False, True)
    assert MARKETPLACE.ignores == {"wholesale_only"}
    assert [(key.name, key.required) for key in MARKETPLACE.keys] == [
        ("app_key", True),
        ("secret", True),
        ("token", False),
    ]
