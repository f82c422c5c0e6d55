"""The official search by a picture's address: what is asked, and what its flat rows in fen become."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import ErrorKind, InvalidRequest, Offer, Remedy, SearchPage, SearchRequest, Sort
from searches.marketplaces.alibaba_similar import MARKETPLACE, AlibabaSimilar
from searches.marketplaces.alibaba_similar_reply import parse_page
from tests.searches.marketplaces.alibaba import (
    BY_PICTURE,
    BY_URL,
    NOW,
    SIMILAR_ROW,
    TOKEN,
    Office,
    account_at,
    failure_of,
    signature_holds,
    similar,
    similar_page,
)
from tests.searches.marketplaces.gateway import APP_KEY, Gateway, json_reply


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def client(gateway: Gateway, office: Office) -> Iterator[AlibabaSimilar]:
    with AlibabaSimilar(account_at(gateway.url), host=office, clock=lambda: NOW) as made:
        yield made


def page_of(*rows: Any, asked: tuple[int, int] = (1, 20), **stated: Any) -> SearchPage:
    return parse_page(similar_page(*rows, **stated), page=asked[0], page_size=asked[1], fetched_at=NOW)


def offer_of(**changes: Any) -> Offer:
    return page_of(SIMILAR_ROW | changes).offers[0]


def test_an_address_is_one_signed_call(gateway: Gateway, client: AlibabaSimilar, office: Office) -> None:
    gateway.answers(similar(SIMILAR_ROW))

    page = client.search(BY_URL)

    (sent,) = gateway.requests
    path = f"/openapi/param2/1/com.alibaba.linkplus/alibaba.cross.similar.offer.search/{APP_KEY}"
    assert (sent.method, sent.target) == ("POST", path)
    assert signature_holds(sent)
    params = dict(sent.params)
    del params["_aop_signature"]
    assert params == {"access_token": TOKEN, "picUrl": BY_URL.image_url, "page": "1", "pageSize": "20"}
    assert [offer.title for offer in page.offers] == ["不锈钢保温杯"]
    assert office.slots == 1


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"page": 3, "page_size": 5}, {"page": "3", "pageSize": "5"}),
        ({"price_from": Decimal("0.50"), "price_to": Decimal("1E+2")}, {"priceMin": "0.50", "priceMax": "100"}),
        ({"sort": Sort.PRICE}, {"sortFields": "price:asc"}),
        ({"sort": Sort.PRICE_DESC}, {"sortFields": "price:desc"}),
    ],
)
def test_paging_and_filters(
    gateway: Gateway, client: AlibabaSimilar, asked: dict[str, Any], sent: dict[str, str]
) -> None:
    gateway.answers(similar())

    client.search(replace(BY_URL, **asked))

    assert gateway.last.params.items() >= sent.items()
    assert signature_holds(gateway.last)


@pytest.mark.parametrize(
    ("request_", "field"), [(replace(BY_URL, page_size=21), "page_size"), (replace(BY_PICTURE, page_size=20), "image")]
)
def test_what_is_never_taken_costs_no_call(
    gateway: Gateway, client: AlibabaSimilar, request_: SearchRequest, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        client.search(request_)

    assert refusal.value.field == field
    assert gateway.requests == []


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("success", [False, "false"])
def test_a_picture_that_cannot_be_fetched_is_a_bad_one_and_never_no_matches(
    gateway: Gateway, client: AlibabaSimilar, success: object, status: int
) -> None:
    message = f"handle image error with url {BY_URL.image_url}"
    report = {"success": success, "code": "SYSTEM_ERROR", "message": message, "result": {"total": 0, "result": []}}
    gateway.answers(json_reply(report, status=status))

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.remedy) == (ErrorKind.BAD_IMAGE, Remedy.GIVE_REACHABLE_ADDRESS)
    assert (error.code, error.message, error.retryable) == (
        "SYSTEM_ERROR",
        "handle image error with url ***",  # who knows an uploaded photo's address may fetch it
        False,
    )


def test_the_document_s_row() -> None:
    assert page_of(SIMILAR_ROW, total=45) == SearchPage(
        offers=(
            Offer(
                marketplace="alibaba_similar",
                offer_id="528900000001",
                title="不锈钢保温杯",
                url="https://detail.1688.com/offer/528900000001.html",
                image_url="https://cbu01.alicdn.com/img/ibank/c.jpg",
                price=Decimal("10.10"),
                currency="CNY",
                rank=1,
                moq=10,
                supplier_location="浙江 金华",
                extras={
                    "unit": "个",
                    "province": "浙江",
                    "city": "金华",
                    "supplyAmount": "unlimited",
                    "categoryId": 1031912,
                },
            ),
        ),
        total=45,
        page=1,
        pages=3,
        page_size=20,
        fetched_at=NOW,
    )


@pytest.mark.parametrize(
    ("given", "price"),
    [(1010, "10.1"), ("1010", "10.1"), (1010.0, "10.1"), (5, "0.05"), (100_000, "1000"), ("1,010", "10.1")],
)
def test_fen_become_yuan(given: object, price: str) -> None:
    offer = offer_of(oldPrice=given)

    assert offer.price == Decimal(price)
    assert "oldPrice" not in offer.extras


@pytest.mark.parametrize("given", ["10.10", 10.5, -1, True, [1010], 10**400])
def test_a_price_that_is_no_number_of_fen_is_unknown_and_kept(given: object) -> None:
    offer = offer_of(oldPrice=given)

    assert offer.price is None
    assert "oldPrice" in offer.extras


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (2147483646, "unlimited"),
        ("2147483646", "unlimited"),
        (2147483645, 2147483645),
        (500, 500),
        ("many", "many"),
        (None, None),
    ],
)
def test_an_unlimited_supply_is_no_number(given: object, kept: object) -> None:
    assert offer_of(supplyAmount=given).extras.get("supplyAmount") == kept


@pytest.mark.parametrize(
    ("province", "city", "place"),
    [
        ("浙江", None, "浙江"),
        ("上海", "上海", "上海"),
        (None, None, ""),
        ("省" * 80, "市" * 80, "省" * 50 + " " + "市" * 49),
    ],
)
def test_places(province: object, city: object, place: str) -> None:
    assert offer_of(province=province, city=city).supplier_location == place


def test_the_second_page_ranks_on() -> None:
    page = page_of(SIMILAR_ROW, SIMILAR_ROW | {"offerId": 2}, asked=(2, 20), total=22)

    assert [offer.rank for offer in page.offers] == [21, 22]
    assert (page.total, page.pages) == (22, 2)


@pytest.mark.parametrize("result", [{"total": 0, "result": []}, {"result": None}, {}, None])
def test_no_rows_is_an_empty_page(result: object) -> None:
    reply: Any = {"success": True, "result": result}

    assert parse_page(reply, page=1, page_size=20, fetched_at=NOW).offers == ()


@pytest.mark.parametrize(
    "payload",
    [None, 7, "text", [], {}, {"result": None}, {"success": True, "result": []}, {"result": {"result": {"a": 1}}}],
)
def test_json_that_is_no_such_reply_is_a_protocol_error(payload: Any) -> None:
    error = failure_of(lambda: parse_page(payload, page=1, page_size=20, fetched_at=NOW))

    assert (error.kind, error.code, error.retryable) == (ErrorKind.PROTOCOL, "unexpected-reply", False)


def test_its_row() -> None:
    assert (MARKETPLACE.takes_image, MARKETPLACE.takes_image_url, MARKETPLACE.takes_region) == (False, True, False)
    assert MARKETPLACE.max_page_size == 20
    assert MARKETPLACE.ignores == {"wholesale_only"}
