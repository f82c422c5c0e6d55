"""Replies of TMAPI, read leniently: an offer with every documented field, and how far a search goes."""

from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import Identity, Offer, PriceKind, SearchPage, Tier
from tests.searches.marketplaces.reselling import NOW, TMAPI_ITEM, tmapi_page_of

SHOP: dict[str, Any] = TMAPI_ITEM["shop_info"]


def test_every_documented_field_is_typed() -> None:
    page = tmapi_page_of(TMAPI_ITEM, total_count=680, has_next_page=True)

    assert page == SearchPage(
        offers=(
            Offer(
                marketplace="tmapi",
                offer_id="983093623752",
                title="运动长袖速干T恤",
                url="https://detail.1688.com/offer/983093623752.html",
                image_url="https://cbu01.alicdn.com/img/ibank/a.jpg",
                price=Decimal("27.00"),
                currency="CNY",
                rank=1,
                prices={PriceKind.ORIGINAL: Decimal("30.00")},
                tiers=(Tier(2, Decimal("27.00")), Tier(100, Decimal("25.5"))),
                moq=2,
                similarity=None,
                monthly_sales=None,
                repurchase_rate=0.54,
                advertised=False,
                supplier_id="b2b-2210992147085de3df",
                supplier_name="广东供应链管理有限公司",
                supplier_location="广东 东莞",
                supplier_years=5,
                supplier_score=4.5,
                identities=(Identity.FACTORY,),
                # Of what time they are is not said.
                extras={"sale_info": {"sale_quantity_int": 5160}},
            ),
        ),
        total=680,
        page=1,
        pages=34,
        page_size=20,
        fetched_at=NOW,
    )


def test_an_item_of_nothing_but_an_id() -> None:
    (offer,) = tmapi_page_of({"item_id": "7"}).offers

    assert offer == Offer(
        marketplace="tmapi",
        offer_id="7",
        title="",
        url="https://detail.1688.com/offer/7.html",
        image_url="",
        price=None,
        currency="CNY",
        rank=1,
    )


def test_an_item_of_nulls_is_the_same() -> None:
    nulls = dict.fromkeys(TMAPI_ITEM) | {"item_id": "7"}

    assert tmapi_page_of(nulls) == tmapi_page_of({"item_id": "7"})
    assert tmapi_page_of(TMAPI_ITEM | {"shop_info": dict.fromkeys(SHOP)}).offers[0].extras == {
        "sale_info": {"sale_quantity_int": 5160}
    }


@pytest.mark.parametrize("item", [None, 7, [], {}, TMAPI_ITEM | {"item_id": None}, TMAPI_ITEM | {"item_id": "9" * 65}])
def test_an_item_without_an_id_is_left_out_and_keeps_its_rank(item: object) -> None:
    assert [offer.rank for offer in tmapi_page_of(item, TMAPI_ITEM).offers] == [2]


def test_of_two_items_with_one_id_the_first_stays() -> None:
    page = tmapi_page_of(TMAPI_ITEM, TMAPI_ITEM | {"item_id": "983093623752", "title": "again"})

    assert [offer.title for offer in page.offers] == [TMAPI_ITEM["title"]]


@pytest.mark.parametrize(
    ("asked", "stated", "count", "total", "pages", "ranks"),
    [
        ((1, 20), {"total_count": 128, "has_next_page": True}, 20, 128, 7, (1, 20)),
        ((7, 20), {"total_count": 128, "has_next_page": False}, 8, 128, 7, (121, 128)),
        ((1, 20), {"total_count": "128", "has_next_page": "true"}, 20, 128, 7, (1, 20)),
        ((1, 20), {"total_count": 128, "has_next_page": None}, 20, 128, 7, (1, 20)),
        ((2, 20), {"total_count": 128, "has_next_page": False}, 20, 128, 2, (21, 40)),  # shows no more of them
        ((2, 20), {"total_count": 40, "has_next_page": True}, 20, 40, 3, (21, 40)),
        ((2, 20), {"total_count": 3, "has_next_page": True}, 20, 40, 3, (21, 40)),  # more than it says it has
        ((1, 20), {"total_count": None, "has_next_page": None}, 20, 20, 2, (1, 20)),  # full: there may be more
        ((1, 20), {"total_count": None, "has_next_page": None}, 7, 7, 1, (1, 7)),
        ((1, 20), {"total_count": None, "has_next_page": True}, 7, 7, 2, (1, 7)),
        ((2, 20), {"total_count": 22, "page_size": 10, "has_next_page": True}, 10, 22, 3, (11, 20)),  # cut smaller
        ((2, 20), {"total_count": 40, "page_size": 999}, 20, 40, 2, (21, 40)),
        ((3, 20), {"total_count": 128, "has_next_page": True}, 0, 128, 3, None),  # an empty page ends the search
        ((1, 20), {"total_count": 0}, 0, 0, 0, None),
        ((1, 20), {"total_count": None}, 0, 0, 0, None),
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
    page = tmapi_page_of(*[TMAPI_ITEM | {"item_id": number} for number in range(1, count + 1)], asked=asked, **stated)

    assert (page.total, page.page, page.pages) == (total, asked[0], pages)
    assert ((page.offers[0].rank, page.offers[-1].rank) if page.offers else None) == ranks


def test_more_items_than_a_page_may_hold_are_cut() -> None:
    page = tmapi_page_of(*[TMAPI_ITEM | {"item_id": number} for number in range(80)])

    assert len(page.offers) == page.page_size == 20


@pytest.mark.parametrize("items", [None, []])
def test_no_items_are_an_empty_page(items: object) -> None:
    assert tmapi_page_of(items=items).offers == ()
