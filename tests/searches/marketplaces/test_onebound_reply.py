"""Replies of Onebound, read leniently: pages and each field of an offer."""

from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import Offer, PriceKind, SearchPage
from searches.marketplaces.onebound import parse_page
from tests.searches.marketplaces.reselling import NOW, ONEBOUND_ITEM, onebound_page

ORIGINAL, PROMOTION = PriceKind.ORIGINAL, PriceKind.PROMOTION


def page_of(*items: Any, asked: tuple[int, int] = (1, 20), **stated: Any) -> SearchPage:
    return parse_page(onebound_page(*items, **stated), page=asked[0], page_size=asked[1], fetched_at=NOW)


def offer_of(**changes: Any) -> Offer:
    return page_of(ONEBOUND_ITEM | changes).offers[0]


def test_every_documented_field_is_typed() -> None:
    page = page_of(ONEBOUND_ITEM, real_total_results=80)

    assert page == SearchPage(
        offers=(
            Offer(
                marketplace="onebound",
                offer_id="529502304128",
                title="儿童短袖T恤",
                url="https://detail.1688.com/offer/529502304128.html",
                image_url="https://cbu01.alicdn.com/img/ibank/b.jpg",
                price=Decimal("7.00"),
                currency="CNY",
                rank=1,
                prices={ORIGINAL: Decimal("8.00"), PROMOTION: Decimal("7.00")},
                similarity=None,
                monthly_sales=None,
                repurchase_rate=0.15,
                supplier_name="中山市制衣有限公司",
                supplier_location="广东 中山",
                extras={"sales": 5},  # of what time they are is not said
            ),
        ),
        total=80,
        page=1,
        pages=4,
        page_size=20,
        fetched_at=NOW,
    )


def test_an_item_of_nothing_but_an_id_and_one_of_nulls() -> None:
    (offer,) = page_of({"num_iid": "7"}).offers

    assert offer == Offer(
        marketplace="onebound",
        offer_id="7",
        title="",
        url="https://detail.1688.com/offer/7.html",
        image_url="",
        price=None,
        currency="CNY",
        rank=1,
    )
    assert page_of(dict.fromkeys(ONEBOUND_ITEM) | {"num_iid": "7"}) == page_of({"num_iid": "7"})


@pytest.mark.parametrize(
    ("price", "promotion", "read", "kinds", "kept"),
    [
        ("8.00", "8.00", "8.00", {}, {}),
        ("8.00", 8, "8.00", {}, {}),
        ("8.00", "7.00", "7.00", {ORIGINAL: "8.00", PROMOTION: "7.00"}, {}),
        (8, 7.5, "7.5", {ORIGINAL: "8", PROMOTION: "7.5"}, {}),
        ("8.00", "9.00", "8.00", {}, {"promotion_price": "9.00"}),
        ("8.00", "0", "8.00", {}, {"promotion_price": "0"}),
        ("8.00", None, "8.00", {}, {}),
        ("8.00", "", "8.00", {}, {"promotion_price": ""}),
        (None, "7.00", "7.00", {}, {}),
        ("0", "7.00", "7.00", {}, {"price": "0"}),
        ("面议", "7.00", "7.00", {}, {"price": "面议"}),
        ("8.00-9.00", "7.00", "7.00", {ORIGINAL: "8.00", PROMOTION: "7.00"}, {"price": "8.00-9.00"}),
        ("0", "0", "0", {}, {}),
        ("面议", None, None, {}, {"price": "面议"}),
        (True, [7], None, {}, {"price": True, "promotion_price": [7]}),
    ],
)
def test_prices(
    price: object, promotion: object, read: str | None, kinds: dict[PriceKind, str], kept: dict[str, object]
) -> None:
    offer = offer_of(price=price, promotion_price=promotion)

    assert offer.price == (None if read is None else Decimal(read))
    assert offer.prices == {kind: Decimal(amount) for kind, amount in kinds.items()}
    assert {name: offer.extras[name] for name in ("price", "promotion_price") if name in offer.extras} == kept


@pytest.mark.parametrize(
    ("given", "read", "kept"),
    [
        ({"turnHead": "23.5%"}, 0.235, {}),
        ({"turn_head": "15%"}, 0.15, {}),
        ({"turnHead": None, "turn_head": "15%"}, 0.15, {}),
        ({"turnHead": "", "turn_head": "15%"}, 0.15, {"turnHead": ""}),
        ({"turnHead": "0%"}, 0.0, {}),
        ({"turn_head": 0.15}, 0.15, {}),
        ({"turn_head": "15"}, None, {"turn_head": "15"}),
        ({"turn_head": "many"}, None, {"turn_head": "many"}),
        ({}, None, {}),
    ],
)
def test_the_repurchase_rate_under_both_its_names(
    given: dict[str, object], read: float | None, kept: dict[str, object]
) -> None:
    item = {name: value for name, value in ONEBOUND_ITEM.items() if name not in {"turn_head", "sales"}}
    (offer,) = page_of(item | given).offers

    assert offer.repurchase_rate == (None if read is None else pytest.approx(read))
    assert offer.extras == kept


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://cbu01.alicdn.com/a.jpg", "https://cbu01.alicdn.com/a.jpg"),
        ("//cbu01.alicdn.com/a.jpg", "https://cbu01.alicdn.com/a.jpg"),
        ("/a.jpg", ""),
        ("javascript:alert(1)", ""),
        (7, ""),
    ],
)
def test_pictures_are_web_addresses_or_unknown(given: object, read: str) -> None:
    assert offer_of(pic_url=given).image_url == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://shop.example/offer/1", "https://shop.example/offer/1"),
        ("javascript:alert(1)", "https://detail.1688.com/offer/529502304128.html"),
        (None, "https://detail.1688.com/offer/529502304128.html"),
    ],
)
def test_an_offer_s_page_is_its_own_or_1688_s(given: object, read: str) -> None:
    assert offer_of(detail_url=given).url == read


@pytest.mark.parametrize(
    ("given", "read"), [(529502304128, "529502304128"), ("7", "7"), (5.29502304128e11, "529502304128")]
)
def test_ids_are_texts(given: object, read: str) -> None:
    assert offer_of(num_iid=given).offer_id == read


def test_unknown_fields_are_kept() -> None:
    offer = offer_of(post_fee=0, sample_id="", shop=None, price_range=[["6~499", 8]])

    assert offer.extras == {"sales": 5, "post_fee": 0, "sample_id": "", "price_range": [["6~499", 8]]}


@pytest.mark.parametrize(
    "item", [None, 7, [], {}, ONEBOUND_ITEM | {"num_iid": ""}, ONEBOUND_ITEM | {"num_iid": "9" * 65}]
)
def test_an_item_without_an_id_is_left_out_and_keeps_its_rank(item: object) -> None:
    assert [offer.rank for offer in page_of(item, ONEBOUND_ITEM).offers] == [2]


def test_of_two_items_with_one_id_the_first_stays() -> None:
    page = page_of(ONEBOUND_ITEM, ONEBOUND_ITEM | {"num_iid": "529502304128", "title": "again"})

    assert [offer.title for offer in page.offers] == [ONEBOUND_ITEM["title"]]


@pytest.mark.parametrize(
    ("asked", "stated", "count", "total", "pages", "size", "ranks"),
    [
        ((1, 20), {"real_total_results": 128}, 20, 128, 7, 20, (1, 20)),
        ((7, 20), {"real_total_results": "128"}, 8, 128, 7, 20, (121, 128)),
        ((2, 20), {"real_total_results": 3}, 20, 40, 2, 20, (21, 40)),  # more than it says it has
        ((1, 20), {"real_total_results": None}, 20, 20, 2, 20, (1, 20)),  # full: there may be more
        ((1, 20), {"real_total_results": None}, 7, 7, 1, 20, (1, 7)),
        ((2, 20), {"real_total_results": 120}, 40, 120, 3, 40, (41, 80)),  # the vendor cuts larger pages
        ((2, 20), {"real_total_results": 95, "page_size": "40"}, 15, 95, 3, 40, (41, 55)),
        ((3, 20), {"real_total_results": 128}, 0, 128, 3, 20, None),  # an empty page ends the search
        ((1, 20), {"real_total_results": 0}, 0, 0, 0, 20, None),
        ((1, 20), {"real_total_results": True}, 5, 5, 1, 20, (1, 5)),
    ],
)
def test_how_far_a_search_goes(
    asked: tuple[int, int],
    stated: dict[str, Any],
    count: int,
    total: int,
    pages: int,
    size: int,
    ranks: tuple[int, int] | None,
) -> None:
    page = page_of(*[ONEBOUND_ITEM | {"num_iid": number} for number in range(1, count + 1)], asked=asked, **stated)

    assert (page.total, page.page, page.pages, page.page_size) == (total, asked[0], pages, size)
    assert ((page.offers[0].rank, page.offers[-1].rank) if page.offers else None) == ranks


def test_a_flood_of_items_is_cut() -> None:
    assert len(page_of(*[ONEBOUND_ITEM | {"num_iid": number} for number in range(300)]).offers) == 100


@pytest.mark.parametrize(
    "payload",
    [
        {"items": {"item": []}, "error_code": "0000"},
        {"items": {"item": None}, "error_code": "0000"},
        {"items": {}, "error_code": "0000"},
        {"items": [], "error_code": "0000"},  # as PHP writes an empty object
        {"items": None, "error_code": 0},
        {"items": {"item": []}},
    ],
)
def test_no_items_are_an_empty_page(payload: Any) -> None:
    page = parse_page(payload, page=1, page_size=20, fetched_at=NOW)

    assert (page.offers, page.total, page.pages) == ((), 0, 0)
