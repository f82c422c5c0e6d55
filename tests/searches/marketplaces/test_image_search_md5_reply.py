"""Replies of the article's dialect, read leniently: whatever JSON comes, a page or a MarketplaceError."""

from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import ErrorKind, MarketplaceError, Offer, SearchPage
from searches.marketplaces.image_search_md5 import parse_page
from tests.searches.marketplaces.replies import NOW, PRODUCT, page_of


def test_the_document_s_example() -> None:
    page = page_of(PRODUCT, total=128)

    assert page == SearchPage(
        offers=(
            Offer(
                marketplace="image_search_md5",
                offer_id="628745190321",
                title="夏季纯棉短袖T恤 宽松百搭 厂家直销",
                url="https://detail.1688.com/offer/628745190321.html",
                image_url="https://cbu01.alicdn.com/img/ibank/2024/123/456/789/012/abcdef.jpg",
                price=Decimal("23.50"),
                currency="CNY",
                tiers=(),
                moq=5,
                similarity=0.96,
                rank=1,
                supplier_id="2209876543210",
                supplier_name="XX服装有限公司",
                supplier_location="",
                supplier_credit=5,
                extras={},
            ),
        ),
        total=128,
        page=1,
        pages=7,
        page_size=20,
        fetched_at=NOW,
    )


@pytest.mark.parametrize(
    "product", [None, 7, [], {}, PRODUCT | {"product_id": None}, PRODUCT | {"product_id": "9" * 65}]
)
def test_a_product_without_an_id_is_left_out_and_keeps_its_rank(product: object) -> None:
    page = page_of(product, PRODUCT)

    assert [offer.rank for offer in page.offers] == [2]


def test_of_two_products_with_one_id_the_first_stays() -> None:
    page = page_of(PRODUCT, PRODUCT | {"title": "again"}, PRODUCT | {"product_id": "2"})

    assert [(offer.offer_id, offer.rank) for offer in page.offers] == [("628745190321", 1), ("2", 3)]
    assert page.offers[0].title == PRODUCT["title"]


@pytest.mark.parametrize(
    ("asked", "stated", "count", "total", "pages", "ranks"),
    [
        ((1, 20), {"total": 128}, 20, 128, 7, (1, 20)),
        ((7, 20), {"total": 128}, 8, 128, 7, (121, 128)),
        ((1, 20), {"total": "128"}, 20, 128, 7, (1, 20)),
        ((1, 50), {"total": 128, "page_size": 20}, 20, 128, 7, (1, 20)),  # cut smaller than asked
        ((2, 50), {"total": 128, "page_size": 20}, 20, 128, 7, (21, 40)),
        ((2, 20), {"total": 128, "page_size": 999}, 20, 128, 7, (21, 40)),
        ((2, 20), {"total": 128, "page_size": 1}, 20, 128, 7, (21, 40)),
        ((1, 20), {"total": None}, 20, 20, 2, (1, 20)),  # a full page: there may be more
        ((2, 20), {"total": None}, 7, 27, 2, (21, 27)),
        ((2, 20), {"total": -1}, 20, 40, 3, (21, 40)),
        ((1, 20), {"total": True}, 5, 5, 1, (1, 5)),
        ((2, 20), {"total": 3}, 20, 40, 2, (21, 40)),  # more than it says it has
        ((1, 20), {"total": 10**30}, 20, 20, 2, (1, 20)),
        ((3, 20), {"total": 128}, 0, 128, 3, None),  # an empty page ends the search
        ((1, 20), {"total": 0}, 0, 0, 0, None),
    ],
)
def test_how_far_a_search_goes(
    asked: tuple[int, int],
    stated: dict[str, Any],
    count: int,
    total: int,
    pages: int,
    ranks: tuple[int, int] | None,
) -> None:
    products = [PRODUCT | {"product_id": number} for number in range(1, count + 1)]

    page = page_of(*products, asked=asked, **stated)

    assert (page.total, page.page, page.pages) == (total, asked[0], pages)
    assert ((page.offers[0].rank, page.offers[-1].rank) if page.offers else None) == ranks


def test_more_products_than_a_page_may_hold_are_cut() -> None:
    page = page_of(*[PRODUCT | {"product_id": number} for number in range(80)])

    assert len(page.offers) == page.page_size == 50


@pytest.mark.parametrize("missing", [{"products": None}, {"products": []}])
def test_no_products_is_an_empty_page(missing: dict[str, Any]) -> None:
    assert page_of(**missing).offers == ()


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        "text",
        [],
        {},
        {"alibaba_image_search_response": None},
        {"alibaba_image_search_response": {}},
        {"alibaba_image_search_response": {"result": []}},
        {"alibaba_image_search_response": {"result": {"products": {"a": 1}}}},
        {"alibaba_image_search_response": {"result": {"products": "none"}}},
        {"some_other_response": {"result": {"products": []}}},
    ],
)
def test_json_that_is_no_such_reply_is_a_protocol_error(payload: Any) -> None:
    with pytest.raises(MarketplaceError) as failure:
        parse_page(payload, page=1, page_size=20, fetched_at=NOW)

    assert (failure.value.kind, failure.value.code) == (ErrorKind.PROTOCOL, "unexpected-reply")
    assert failure.value.retryable is False
