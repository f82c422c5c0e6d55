"""Replies of the official image search, read leniently: what cannot be read is unknown, and kept."""

from decimal import Decimal
from typing import Any

import pytest

from searches.marketplaces import ErrorKind, Identity, Offer, PriceKind, Region, SearchPage
from searches.marketplaces.alibaba_open_reply import parse_page
from tests.searches.marketplaces.alibaba import NOW, ROW, failure_of, open_page


def page_of(*rows: Any, asked: tuple[int, int] = (1, 20), **stated: Any) -> SearchPage:
    return parse_page(open_page(*rows, **stated), page=asked[0], page_size=asked[1], fetched_at=NOW)


def offer_of(**changes: Any) -> Offer:
    return page_of(ROW | changes).offers[0]


def test_the_document_s_row() -> None:
    page = page_of(ROW, totalRecords=128)

    assert page == SearchPage(
        offers=(
            Offer(
                marketplace="alibaba_open",
                offer_id="620201390233",
                title="夏季纯棉短袖T恤",
                url="https://detail.1688.com/offer/620201390233.html?fromkv=refer:ABC",
                image_url="https://cbu01.alicdn.com/img/ibank/a.jpg",
                price=Decimal("23.50"),
                currency="CNY",
                rank=1,
                prices={
                    PriceKind.DROPSHIP: Decimal("25.00"),
                    PriceKind.SELECTED: Decimal("22.00"),
                    PriceKind.SELECTED_WHOLESALE: Decimal("21.00"),
                },
                moq=2,
                monthly_sales=1234,
                repurchase_rate=0.13,
                ships_within_hours=48,
                dropshipping=True,
                patented=False,
                supplier_name="浙江省某某商贸公司",
                supplier_location="浙江 杭州",
                supplier_years=7,
                supplier_medal=5,
                supplier_score=4.5,
                identities=(Identity.SUPER_FACTORY, Identity.VERIFIED),
                extras={
                    "subjectTrans": "Summer T-shirt of pure cotton",
                    "sellerIdentities": ["super_factory", "tp_member"],
                    "offerIdentities": ["yx"],
                    "tradeScore": "5.0",
                    "sellerDataInfo": {"repeatPurchasePercent": "0.48"},
                    "createDate": "2024-04-20 08:00:00",
                    "traceInfo": "object_id@620201390233^object_type@offer",
                    "companyAddress": "浙江省杭州市",
                },
            ),
        ),
        total=128,
        page=1,
        pages=7,
        page_size=20,
        fetched_at=NOW,
    )
    assert page.offers[0].similarity is None


@pytest.mark.parametrize(
    ("given", "price", "kinds"),
    [
        ({"price": "10", "promotionPrice": "8.50"}, "8.50", {PriceKind.ORIGINAL: "10"}),
        ({"price": "10", "promotionPrice": "12"}, "10", {PriceKind.PROMOTION: "12"}),
        ({"price": "10", "promotionPrice": "0"}, "10", {}),
        ({"price": None, "promotionPrice": "8.50"}, "8.50", {}),
        ({"price": 10.5, "promotionPrice": "", "consignPrice": 12}, "10.5", {PriceKind.DROPSHIP: "12"}),
        ({"price": "10", "jxhyPrice": "0.00", "pfJxhyPrice": "9"}, "10", {PriceKind.SELECTED_WHOLESALE: "9"}),
    ],
)
def test_kinds_of_price(given: dict[str, Any], price: str, kinds: dict[PriceKind, str]) -> None:
    offer = offer_of(priceInfo=given)

    assert str(offer.price) == price
    assert {kind: str(amount) for kind, amount in offer.prices.items()} == kinds


@pytest.mark.parametrize(
    ("given", "price", "kept"),
    [
        ({"price": "23.50-30.00", "unknownPrice": "1"}, "23.50", {"price": "23.50-30.00", "unknownPrice": "1"}),
        ({"price": "面议"}, "None", {"price": "面议"}),
        ("23.50", "None", "23.50"),
        ([1], "None", [1]),
    ],
)
def test_prices_that_say_more_or_cannot_be_read_are_kept(given: object, price: str, kept: object) -> None:
    offer = offer_of(priceInfo=given)

    assert (str(offer.price), offer.extras["priceInfo"]) == (price, kept)


@pytest.mark.parametrize(
    ("given", "identities"),
    [
        (["powerful_merchants"], (Identity.STRONG_MERCHANT,)),
        (["super_factory-超级工厂", "tp_member-诚信通会员"], (Identity.SUPER_FACTORY, Identity.VERIFIED)),
        ("tp_member,certifiedFactory", (Identity.VERIFIED, Identity.CERTIFIED_FACTORY)),
        (["tp_member", "tp_member", "new_kind", None, 7, {}], (Identity.VERIFIED,)),
        ({"a": 1}, ()),
        (None, ()),
    ],
)
def test_identities_that_are_known_are_named_and_the_list_is_kept(
    given: object, identities: tuple[Identity, ...]
) -> None:
    offer = offer_of(sellerIdentities=given)

    assert offer.identities == identities
    assert offer.extras.get("sellerIdentities") == given


@pytest.mark.parametrize(
    ("promise", "hours"),
    [("shipIn24Hours", 24), ("shipIn72Hours", 72), ("shipInToday", 24), ("soon", None), (48, None), (None, None)],
)
def test_shipping_promises(promise: object, hours: int | None) -> None:
    offer = offer_of(productSimpleShippingInfo={"shippingTimeGuarantee": promise})

    assert offer.ships_within_hours == hours
    kept = offer.extras.get("productSimpleShippingInfo")
    assert kept == ({"shippingTimeGuarantee": promise} if hours is None and promise is not None else None)


@pytest.mark.parametrize(
    ("member", "field", "given", "read"),
    [
        ("minOrderQuantity", "moq", "≥5件", 5),
        ("minOrderQuantity", "moq", 0, None),
        ("monthSold", "monthly_sales", "0", 0),
        ("monthSold", "monthly_sales", "1.2万", None),
        ("repurchaseRate", "repurchase_rate", "33.9%", 0.339),
        ("repurchaseRate", "repurchase_rate", 0.5, 0.5),
        ("repurchaseRate", "repurchase_rate", "many", None),
        ("isOnePsale", "dropshipping", "true", True),
        ("isPatentProduct", "patented", "maybe", None),
        ("companyName", "supplier_name", {"name": 1}, ""),
        ("imageUrl", "image_url", "javascript:alert(1)", ""),
    ],
)
def test_members_in_every_dress(member: str, field: str, given: object, read: object) -> None:
    offer = offer_of(**{member: given})

    assert getattr(offer, field) == read
    if read in (None, ""):
        assert offer.extras[member] == given


@pytest.mark.parametrize("given", [None, [], "text", {"tpYear": "8", "compositeServiceScore": "9"}])
def test_a_seller_s_data_in_every_dress(given: object) -> None:
    offer = offer_of(sellerDataInfo=given)

    assert (offer.supplier_years, offer.supplier_score) == (8 if isinstance(given, dict) else None, None)
    expected = {"compositeServiceScore": "9"} if isinstance(given, dict) else given
    assert offer.extras.get("sellerDataInfo") == expected


def test_a_title_in_english_stands_in_for_a_missing_one() -> None:
    assert offer_of(subject=None).title == ROW["subjectTrans"]
    assert offer_of(subject="", subjectTrans=None).title == ""


def test_without_a_promotion_s_address_the_offer_has_its_own() -> None:
    assert offer_of(promotionURL="javascript:1").url == "https://detail.1688.com/offer/620201390233.html"


@pytest.mark.parametrize("row", [None, 7, [], {}, ROW | {"offerId": None}, ROW | {"offerId": "9" * 65}])
def test_a_row_without_an_id_is_left_out_and_keeps_its_rank(row: object) -> None:
    assert [offer.rank for offer in page_of(row, ROW).offers] == [2]


@pytest.mark.parametrize(
    ("info", "regions"),
    [
        (
            {"currentRegion": "443,783,154,595", "yoloCropRegion": "265,597,326,764;443,783,154,595"},
            (Region(443, 154, 340, 441), Region(265, 326, 332, 438)),
        ),
        ({"currentRegion": "", "yoloCropRegion": "0,1,0,1"}, (Region(0, 0, 1, 1),)),
        ({"yoloCropRegion": " 1 , 100 ,2,101 ;;"}, (Region(1, 2, 99, 99),)),
        ({"yoloCropRegion": "5,5,0,9;9,5,0,9;0,9,5,5;1,2,3;1,2,3,4,5;-1,5,0,9;a,b,c,d;0.1,0.9,0.1,0.9"}, ()),
        ({"yoloCropRegion": f"0,{'9' * 40},0,5;²,5,0,9"}, ()),
        ({"yoloCropRegion": ";".join(f"0,{edge},0,{edge}" for edge in range(1, 60))}, None),
        ({"currentRegion": 7, "yoloCropRegion": ["1,2,3,4"]}, ()),
        ([], ()),
        (None, ()),
    ],
)
def test_the_parts_that_the_platform_saw(info: object, regions: tuple[Region, ...] | None) -> None:
    read = page_of(ROW, picRegionInfo=info).regions

    assert len(read) == 20 if regions is None else read == regions


@pytest.mark.parametrize(
    ("asked", "stated", "count", "total", "pages", "ranks"),
    [
        ((1, 20), {"totalRecords": 128}, 20, 128, 7, (1, 20)),
        ((7, 20), {"totalRecords": "128"}, 8, 128, 7, (121, 128)),
        ((2, 50), {"totalRecords": 128, "pageSize": 20}, 20, 128, 7, (21, 40)),  # cut smaller than asked
        ((2, 20), {"totalRecords": None, "pageSize": None}, 20, 40, 3, (21, 40)),
        ((3, 20), {"totalRecords": 128}, 0, 128, 3, None),  # an empty page ends the search
        ((1, 20), {"totalRecords": 0}, 0, 0, 0, None),
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
    page = page_of(*[ROW | {"offerId": number} for number in range(1, count + 1)], asked=asked, **stated)

    assert (page.total, page.page, page.pages) == (total, asked[0], pages)
    assert ((page.offers[0].rank, page.offers[-1].rank) if page.offers else None) == ranks


@pytest.mark.parametrize("result", [{}, {"data": None}, {"data": []}, None])
def test_no_rows_is_an_empty_page(result: object) -> None:
    reply: Any = {"result": {"success": "true", "result": result}}

    assert parse_page(reply, page=1, page_size=20, fetched_at=NOW).offers == ()


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        "text",
        [],
        {},
        {"result": None},
        {"result": []},
        {"result": {"result": None}},
        {"result": {"success": "true", "result": []}},
        {"result": {"success": "true", "result": "none"}},
        {"result": {"success": "true", "result": {"data": {"a": 1}}}},
    ],
)
def test_json_that_is_no_such_reply_is_a_protocol_error(payload: Any) -> None:
    error = failure_of(lambda: parse_page(payload, page=1, page_size=20, fetched_at=NOW))

    assert (error.kind, error.code, error.retryable) == (ErrorKind.PROTOCOL, "unexpected-reply", False)
