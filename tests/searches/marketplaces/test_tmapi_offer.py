"""One offer of a reply of TMAPI, read leniently: each field in every dress, and what is kept beside it."""

from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import Identity, Offer, PriceKind, Tier
from tests.searches.marketplaces.reselling import TMAPI_ITEM, tmapi_page_of

SHOP: dict[str, Any] = TMAPI_ITEM["shop_info"]


def offer_of(**changes: Any) -> Offer:
    return tmapi_page_of(TMAPI_ITEM | changes).offers[0]


def offer_of_shop(**changes: Any) -> Offer:
    return offer_of(shop_info=SHOP | changes)


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
        ("广东 东莞市", "浙江 义乌", "广东 东莞"),
        (["广东", "东莞市"], None, "广东 东莞"),
        (["上海", "上海"], None, "上海"),
        (None, ["浙江", "义乌市"], "浙江 义乌"),
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

    assert offer.supplier_location == "广东 东莞"
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
