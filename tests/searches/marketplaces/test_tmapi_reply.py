"""Replies of TMAPI, read leniently: pages and each field of an offer."""

from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import Identity, Offer, PriceKind, SearchPage, Tier
from searches.marketplaces.tmapi import parse_page
from tests.searches.marketplaces.reselling import NOW, TMAPI_ITEM, tmapi_data

SHOP: dict[str, Any] = TMAPI_ITEM["shop_info"]


def page_of(*items: Any, asked: tuple[int, int] = (1, 20), **stated: Any) -> SearchPage:
    payload: Any = {"code": 200, "msg": "success", "data": tmapi_data(*items, **stated)}
    return parse_page(payload, page=asked[0], page_size=asked[1], fetched_at=NOW)


def offer_of(**changes: Any) -> Offer:
    return page_of(TMAPI_ITEM | changes).offers[0]


def offer_of_shop(**changes: Any) -> Offer:
    return offer_of(shop_info=SHOP | changes)


def test_every_documented_field_is_typed() -> None:
    page = page_of(TMAPI_ITEM, total_count=680, has_next_page=True)

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
                supplier_location="广东 东莞市",
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
    (offer,) = page_of({"item_id": "7"}).offers

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

    assert page_of(nulls) == page_of({"item_id": "7"})
    assert offer_of(shop_info=dict.fromkeys(SHOP)).extras == {"sale_info": {"sale_quantity_int": 5160}}


@pytest.mark.parametrize(
    ("price", "sale", "origin", "read", "kinds"),
    [
        ("27.00", "27.00", "27.00", "27.00", {}),
        ("27.00", "27.0", "30.00", "27.00", {PriceKind.ORIGINAL: "30.00"}),
        ("27.00", "25.00", "27.00", "27.00", {PriceKind.PROMOTION: "25.00"}),
        ("27.00", "25.00", "30.00", "27.00", {PriceKind.ORIGINAL: "30.00", PriceKind.PROMOTION: "25.00"}),
        (27, 25.5, None, "27", {PriceKind.PROMOTION: "25.5"}),
        (None, "25.00", "30.00", "25.00", {PriceKind.ORIGINAL: "30.00"}),
        ("", None, "30.00", "30.00", {}),
        ("0", "25.00", "0", "25.00", {}),
        ("0", "0", "0", "0", {}),
        ("¥27.00起", "0", 0, "27.00", {}),
        ("27.00", "28.00", "26.00", "27.00", {}),  # the wrong way round: neither is what it is called
    ],
)
def test_kinds_of_price(price: object, sale: object, origin: object, read: str, kinds: dict[PriceKind, str]) -> None:
    offer = offer_of(price=price, price_info={"sale_price": sale, "origin_price": origin})

    assert str(offer.price) == read
    assert offer.prices == {kind: Decimal(amount) for kind, amount in kinds.items()}


@pytest.mark.parametrize(
    ("info", "kept"),
    [
        ({"sale_price": "27.00", "origin_price": "30.00"}, None),
        ({"sale_price": "28.00", "origin_price": "26.00"}, {"sale_price": "28.00", "origin_price": "26.00"}),
        ({"sale_price": "面议", "origin_price": "27.00"}, {"sale_price": "面议"}),
        ({"sale_price": "25.00-26.00"}, {"sale_price": "25.00-26.00"}),
        ({"unit": "件"}, {"unit": "件"}),
        ("27.00", "27.00"),
        ([], []),
        (None, None),
    ],
)
def test_what_the_kinds_of_price_do_not_say_is_kept(info: object, kept: object) -> None:
    assert offer_of(price_info=info).extras.get("price_info") == kept


@pytest.mark.parametrize("price", ["面议", -1, True, [27], {"a": 1}, "27.00-30.00"])
def test_an_odd_price_is_kept(price: object) -> None:
    assert offer_of(price=price).extras["price"] == price


@pytest.mark.parametrize(
    ("rows", "read", "kept"),
    [
        ([], (), False),
        (None, (), False),
        ([{"begin_num": 1, "end_num": 9, "price": "5"}], (Tier(1, Decimal(5)),), False),
        (
            [{"begin_num": "10", "price": "4"}, {"begin_num": "1", "end_num": "", "price": 5}],
            (Tier(1, Decimal(5)), Tier(10, Decimal(4))),
            False,
        ),
        ([{"begin_num": "≥2件", "price": "¥5.00"}], (Tier(2, Decimal("5.00")),), False),
        ([{"begin_num": 0, "price": "5"}, {"begin_num": 2, "price": "4"}], (Tier(2, Decimal(4)),), True),
        ([{"begin_num": 2}, 7, None, "2"], (), True),
        ("2-9", (), True),
        ({"begin_num": 2, "price": 5}, (), True),
    ],
)
def test_tiers(rows: object, read: tuple[Tier, ...], kept: bool) -> None:
    offer = offer_of(quantity_prices=rows)

    assert offer.tiers == read
    assert ("quantity_prices" in offer.extras) is kept


@pytest.mark.parametrize(
    ("given", "read"), [(1, 1), ("3", 3), ("≥5件", 5), (0, None), (-1, None), (1.5, None), (None, None), (True, None)]
)
def test_moq(given: object, read: int | None) -> None:
    offer = offer_of(moq=given)

    assert offer.moq == read
    assert ("moq" in offer.extras) is (given is not None and given != read and given != str(read))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("54%", 0.54),
        ("0%", 0.0),
        ("100%", 1.0),
        (0.54, 0.54),
        ("5.5 %", 0.055),
        ("54", None),
        ("150%", None),
        ("", None),
    ],
)
def test_the_repurchase_rate_is_a_share(given: object, read: float | None) -> None:
    offer = offer_of(item_repurchase_rate=given)

    assert offer.repurchase_rate == (None if read is None else pytest.approx(read))
    assert ("item_repurchase_rate" in offer.extras) is (read is None)


@pytest.mark.parametrize(
    ("given", "read"), [(True, True), (False, False), (1, True), ("0", False), ("true", True), (None, None), (2, None)]
)
def test_whether_it_is_an_advertisement(given: object, read: bool | None) -> None:
    assert offer_of(is_ad=given).advertised is read


@pytest.mark.parametrize(
    ("location", "area", "read"),
    [
        ("广东 东莞市", "浙江 义乌", "广东 东莞市"),
        (["广东", "东莞市"], None, "广东 东莞市"),
        (["上海", "上海"], None, "上海"),
        (None, ["浙江", "义乌市"], "浙江 义乌市"),
        ("", "浙江", "浙江"),
        ([], [], ""),
        ({"city": "义乌"}, 7.5, "7.5"),
        ([None, ["义乌"]], None, ""),
        ("省" * 60, None, "省" * 50),
    ],
)
def test_where_the_supplier_is(location: object, area: object, read: str) -> None:
    offer = offer_of(shop_info=SHOP | {"location": location}, delivery_info={"area_from": area})

    assert offer.supplier_location == read


def test_a_place_that_differs_from_the_supplier_s_is_kept() -> None:
    offer = offer_of(delivery_info={"area_from": ["浙江", "义乌市"], "days": 2})

    assert offer.supplier_location == "广东 东莞市"
    assert offer.extras["delivery_info"] == {"area_from": ["浙江", "义乌市"], "days": 2}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"is_factory": True}, (Identity.FACTORY,)),
        ({"is_factory": "1"}, (Identity.FACTORY,)),
        ({"is_factory": False}, ()),
        ({"is_factory": None}, ()),
        ({"is_factory": "maybe"}, ()),
        (
            {"is_factory": True, "is_super_factory": True, "factory_inspection": True},
            (Identity.SUPER_FACTORY, Identity.FACTORY, Identity.CERTIFIED_FACTORY),
        ),
    ],
)
def test_what_is_certified_of_the_supplier(given: dict[str, Any], read: tuple[Identity, ...]) -> None:
    assert offer_of_shop(**given).identities == read


@pytest.mark.parametrize(
    ("given", "read"), [(5, 5), ("5", 5), ("5年", 5), (0, 0), (-1, None), (999, None), ("new", None), (None, None)]
)
def test_the_supplier_s_years(given: object, read: int | None) -> None:
    assert offer_of_shop(shop_years=given).supplier_years == read


@pytest.mark.parametrize(
    ("given", "read"),
    [("4.5", 4.5), (4.5, 4.5), (0, 0.0), (5, 5.0), (5.1, None), ("", None), ("good", None), (None, None), (True, None)],
)
def test_the_supplier_s_score(given: object, read: float | None) -> None:
    offer = offer_of_shop(score_info={"composite_score": given})

    assert offer.supplier_score == read


@pytest.mark.parametrize(
    ("shop", "kept"),
    [
        (SHOP | {"login_id": "瑜佃工厂"}, {"login_id": "瑜佃工厂"}),
        (SHOP | {"shop_years": "5年"}, {"shop_years": "5年"}),
        (SHOP | {"is_factory": "maybe"}, {"is_factory": "maybe"}),
        (SHOP | {"score_info": {"composite_score": "4.5", "logistics": "4.0"}}, {"score_info": {"logistics": "4.0"}}),
        (SHOP | {"score_info": {"composite_score": 9}}, {"score_info": {"composite_score": 9}}),
        (SHOP | {"score_info": 4.5}, {"score_info": 4.5}),
        (SHOP | {"service_tags": None}, None),
        ("义乌工厂", "义乌工厂"),
        (7, 7),
        (None, None),
        ({}, None),
    ],
)
def test_what_else_is_known_of_the_supplier_is_kept(shop: object, kept: object) -> None:
    assert offer_of(shop_info=shop).extras.get("shop_info") == kept


def test_unknown_fields_are_kept() -> None:
    offer = offer_of(rating_star=None, tags=["48小时发货", None], category_path=["18"])

    assert offer.extras == {
        "sale_info": {"sale_quantity_int": 5160},
        "tags": ["48小时发货", None],
        "category_path": ["18"],
    }


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("//cbu01.alicdn.com/a.jpg", "https://cbu01.alicdn.com/a.jpg"),
        ("javascript:alert(1)", ""),
        (["https://cbu01.alicdn.com/a.jpg"], ""),
    ],
)
def test_pictures_are_web_addresses_or_unknown(given: object, read: str) -> None:
    assert offer_of(img=given).image_url == read


def test_an_id_cannot_lead_the_offer_s_page_elsewhere() -> None:
    offer = offer_of(item_id="../a?b#c", product_url="javascript:alert(1)")

    assert offer.url == "https://detail.1688.com/offer/..%2Fa%3Fb%23c.html"


@pytest.mark.parametrize("item", [None, 7, [], {}, TMAPI_ITEM | {"item_id": None}, TMAPI_ITEM | {"item_id": "9" * 65}])
def test_an_item_without_an_id_is_left_out_and_keeps_its_rank(item: object) -> None:
    assert [offer.rank for offer in page_of(item, TMAPI_ITEM).offers] == [2]


def test_of_two_items_with_one_id_the_first_stays() -> None:
    page = page_of(TMAPI_ITEM, TMAPI_ITEM | {"item_id": "983093623752", "title": "again"})

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
    page = page_of(*[TMAPI_ITEM | {"item_id": number} for number in range(1, count + 1)], asked=asked, **stated)

    assert (page.total, page.page, page.pages) == (total, asked[0], pages)
    assert ((page.offers[0].rank, page.offers[-1].rank) if page.offers else None) == ranks


def test_more_items_than_a_page_may_hold_are_cut() -> None:
    page = page_of(*[TMAPI_ITEM | {"item_id": number} for number in range(80)])

    assert len(page.offers) == page.page_size == 20


@pytest.mark.parametrize("items", [None, []])
def test_no_items_are_an_empty_page(items: object) -> None:
    assert page_of(items=items).offers == ()
