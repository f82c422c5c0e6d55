"""Uploads and the search by imageId: 2a and 2b of the official platform."""

import io
import json

import pytest
from PIL import Image

from sandbox.companies import CERTIFIED_FACTORY
from tests.sandbox.calling import image
from tests.sandbox.running import running_sandbox
from tests.sandbox.vendor_sdk import QUERY, UPLOAD, call, error, found, query, upload, uploaded


@pytest.fixture(scope="module")
def sandbox():
    """One whose every search shows every offer."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


@pytest.fixture(scope="module")
def image_id(sandbox):
    return uploaded(sandbox)


def _offers(sandbox, page):
    return [sandbox.marketplace.catalogue.offers_by_id[str(row["offerId"])] for row in page["data"]]


# Uploads


def test_an_upload_gives_an_id_as_text(sandbox):
    answer = upload(sandbox).json()
    assert answer["result"]["success"] == "true"
    assert answer["result"]["result"].isdigit() and int(answer["result"]["result"]) > 0


def test_the_same_picture_has_the_same_id(sandbox, image_id):
    assert uploaded(sandbox) == image_id
    assert uploaded(sandbox, sandbox.query("ring-01")) != image_id


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("data:image/jpeg;base64,/9j/4AAQ", "data-URI"),
        ("not Base64!", "Base64"),
        (image(b"no picture"), "JPEG or PNG"),
    ],
)
def test_what_is_no_picture_fails_inside_http_200(sandbox, text, word):
    answer = call(sandbox, UPLOAD, uploadImageParam={"imageBase64": text})
    assert answer.status_code == 200
    assert answer.json()["result"]["success"] == "false"
    assert word in answer.json()["result"]["message"]
    assert sandbox.calls()[-1]["outcome"] == "IMAGE_INVALID"


def test_three_hundred_kilobytes_are_the_limit(sandbox):
    exact = sandbox.query().ljust(300 * 1024, b"\0")
    assert uploaded(sandbox, exact)
    refused = upload(sandbox, exact + b"\0").json()["result"]
    assert refused["success"] == "false"
    assert "300 KB" in refused["message"]


@pytest.mark.parametrize("param", ["{", "[]", '"text"', "1"])
def test_an_object_parameter_must_be_json(sandbox, param):
    assert error(call(sandbox, UPLOAD, uploadImageParam=param)) == "400"


@pytest.mark.parametrize("param", ["{}", '{"imageBase64": ""}', '{"imageBase64": 5}'])
def test_the_picture_must_be_in_it(sandbox, param):
    answer = call(sandbox, UPLOAD, uploadImageParam=param)
    assert error(answer) == "gw.ParamMissing"
    assert "imageBase64" in answer.json()["error_message"]


def test_forgotten_uploads_are_unknown(sandbox):
    ring = uploaded(sandbox, sandbox.query("ring-01"))
    assert found(query(sandbox, ring))["data"]
    sandbox.forget_uploads()
    for unknown in (ring, "0", "nonsense"):
        answer = query(sandbox, unknown)
        assert answer.status_code == 200
        assert answer.json()["result"]["success"] == "false"
        assert "imageId" in answer.json()["result"]["message"]
    uploaded(sandbox)


# The reply


def test_the_reply_is_doubly_nested_and_finds_the_product(sandbox, image_id):
    answer = query(sandbox, image_id).json()
    assert set(answer) == {"result"}
    assert answer["result"]["success"] == "true"
    page = answer["result"]["result"]
    assert (page["currentPage"], page["pageSize"]) == (1, 20)
    assert page["totalPage"] == -(-page["totalRecords"] // 20)
    assert _offers(sandbox, page)[0].product == "plate-01"
    assert all("similarity" not in row for row in page["data"])


def test_rows_have_the_documented_fields_in_their_types(sandbox, image_id):
    page = found(query(sandbox, image_id, pageSize=50))
    for row, offer in zip(page["data"], _offers(sandbox, page), strict=True):
        trade, supplier = offer.trade, offer.supplier
        assert isinstance(row["offerId"], int)
        assert row["subject"] == offer.title and row["subjectTrans"]
        assert row["imageUrl"] == f"{sandbox.url}/{offer.picture}"
        assert row["promotionURL"] == f"{sandbox.url}/offer/{offer.offer_id}.html"
        assert row["minOrderQuantity"] == offer.min_buy
        assert row["monthSold"] == trade.monthly_sold
        assert row["isOnePsale"] is trade.dropshipping
        assert row["isPatentProduct"] is trade.patented
        assert row["offerIdentities"] == list(trade.identities)
        assert str(offer.offer_id) in row["traceInfo"]
        assert row["sellerIdentities"] == ([] if supplier is None else list(supplier.identities))
        assert row["companyName"] == (None if supplier is None else supplier.company_name)


def test_money_and_rates_are_text(sandbox, image_id):
    page = found(query(sandbox, image_id, pageSize=50))
    offers = _offers(sandbox, page)
    for row, offer in zip(page["data"], offers, strict=True):
        prices = row["priceInfo"]
        if not offer.price_is_number:
            assert prices["price"] == str(offer.price)
        for name, kind in [
            ("jxhyPrice", offer.trade.prices.selected),
            ("pfJxhyPrice", offer.trade.prices.selected_wholesale),
            ("consignPrice", offer.trade.prices.consign),
            ("promotionPrice", offer.trade.prices.promotion),
        ]:
            assert prices[name] == (None if kind is None else str(kind))
        rate = offer.trade.repurchase_rate
        assert row["repurchaseRate"] == (None if rate is None else f"{int(rate * 100)}%")
        hours = offer.trade.ships_within
        assert row["productSimpleShippingInfo"]["shippingTimeGuarantee"] == (
            None if hours is None else f"shipIn{hours}Hours"
        )
    assert any(row["repurchaseRate"] for row in page["data"])
    assert any(row["priceInfo"]["promotionPrice"] for row in page["data"])


def test_sellers_are_described(sandbox, image_id):
    page = found(query(sandbox, image_id, pageSize=50))
    described = [
        (row, offer.supplier) for row, offer in zip(page["data"], _offers(sandbox, page), strict=True) if offer.supplier
    ]
    assert described
    for row, supplier in described:
        seller = row["sellerDataInfo"]
        assert seller["tpYear"] == supplier.years
        assert seller["tradeMedalLevel"] == (None if supplier.medal_level is None else str(supplier.medal_level))
        assert seller["compositeServiceScore"] == (
            None if supplier.service_score is None else str(supplier.service_score)
        )
        assert supplier.city in row["companyAddress"]


def test_pages_follow_one_another(sandbox, image_id):
    first, second = (found(query(sandbox, image_id, beginPage=page, pageSize=7)) for page in (1, 2))
    both = found(query(sandbox, image_id, pageSize=14))
    assert first["data"] + second["data"] == both["data"]
    beyond = found(query(sandbox, image_id, beginPage=1000, pageSize=50))
    assert beyond["data"] == [] and beyond["totalRecords"] == both["totalRecords"]


# What can be asked


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("shipIn24Hours", lambda offer: offer.trade.ships_within == 24),
        ("shipIn48Hours", lambda offer: offer.trade.ships_within in (24, 48)),
        ("certifiedFactory", lambda offer: offer.supplier and CERTIFIED_FACTORY in offer.supplier.identities),
        ("isOnePsale", lambda offer: offer.trade.dropshipping),
        ("new7", lambda offer: offer.trade.is_new),
        ("1688Selection", lambda offer: offer.trade.prices.selected is not None),
        ("shipIn48Hours,shipIn24Hours", lambda offer: offer.trade.ships_within == 24),
        ("isOnePsale,shipIn48Hours", lambda offer: offer.trade.dropshipping and offer.trade.ships_within),
    ],
)
def test_filters_keep_what_they_promise(sandbox, image_id, name, holds):
    everything = found(query(sandbox, image_id, pageSize=50))
    page = found(query(sandbox, image_id, pageSize=50, filter=name))
    assert 0 < page["totalRecords"] < everything["totalRecords"]
    assert all(holds(offer) for offer in _offers(sandbox, page))


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ({"price": "asc"}, lambda offer: offer.price),
        ({"price": "desc"}, lambda offer: -offer.price),
        ({"monthSold": "desc"}, lambda offer: -(offer.trade.monthly_sold or 0)),
        ({"rePurchaseRate": "desc"}, lambda offer: -(offer.trade.repurchase_rate or 0)),
    ],
)
def test_sorting_is_a_json_string(sandbox, image_id, sort, value):
    offers = _offers(sandbox, found(query(sandbox, image_id, pageSize=50, sort=json.dumps(sort))))
    known = [offer for offer in offers if offer.trade.monthly_sold is not None and offer.trade.repurchase_rate]
    assert len(known) > 10
    assert known == sorted(known, key=value)


def test_prices_keywords_and_categories_narrow_it(sandbox, image_id):
    page = found(query(sandbox, image_id, pageSize=50, priceStart="5", priceEnd="9.50"))
    assert page["data"] and all(5 <= offer.price <= 9.5 for offer in _offers(sandbox, page))
    page = found(query(sandbox, image_id, pageSize=50, keyword="餐盘"))
    assert page["data"] and all("餐盘" in row["subject"] for row in page["data"])
    category = page["data"][0]["thirdCategoryId"]
    assert found(query(sandbox, image_id, categoryId=category))["totalRecords"] > 0
    assert found(query(sandbox, image_id, categoryId=1))["totalRecords"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"beginPage": 0},
        {"beginPage": "one"},
        {"pageSize": 51},
        {"pageSize": 0},
        {"pageSize": True},
        {"filter": "cheap"},
        {"filter": ["isOnePsale"]},
        {"sort": {"price": "asc"}},
        {"sort": "price"},
        {"sort": '{"price":"up"}'},
        {"sort": '["price"]'},
        {"priceStart": 5},
        {"priceEnd": "NaN"},
        {"region": "1,2,3"},
        {"region": "0,0,0,10"},
        {"region": "90,10,0,60"},
        {"region": "100,161,100,160"},
        {"region": "-1,10,0,10"},
    ],
)
def test_what_makes_no_sense_is_refused(sandbox, image_id, changes):
    assert error(query(sandbox, image_id, **changes)) == "400"


@pytest.mark.parametrize("name", ["imageId", "beginPage", "pageSize", "country"])
def test_what_is_missing_is_named(sandbox, image_id, name):
    answer = query(sandbox, **({"image_id": image_id, name: None} if name != "imageId" else {"image_id": None}))
    assert error(answer) == "gw.ParamMissing"
    assert name in answer.json()["error_message"]


def test_numbers_may_be_text_and_further_arguments_are_borne(sandbox, image_id):
    plain = found(query(sandbox, image_id))
    further = {"beginPage": "1", "pageSize": "20", "auxiliaryText": "热卖的", "itemTitle": "盘", "outMemberId": "7"}
    assert found(query(sandbox, image_id, **further)) == plain
    assert found(query(sandbox, image_id, filter="", sort="", priceStart="", region="")) == plain


def test_pictures_that_the_marketplace_has_need_no_upload(sandbox):
    own = f"{sandbox.url}/pictures/ring-01-0.jpg"
    page = found(query(sandbox, None, imageAddress=own))
    assert page["data"][0]["imageUrl"] == own
    assert sandbox.calls()[-1]["image_url"] == own
    assert "own pictures" in query(sandbox, None, imageAddress="https://example.org/a.jpg").json()["result"]["message"]


# Regions


def _two_products(sandbox):
    """A picture of 320 x 160: a plate on the left, a ring on the right."""
    both = Image.new("RGB", (320, 160), "white")
    for place, product in enumerate(("plate-01", "ring-01")):
        both.paste(Image.open(io.BytesIO(sandbox.query(product))), (160 * place, 0))
    out = io.BytesIO()
    both.save(out, "JPEG", quality=90)
    return uploaded(sandbox, out.getvalue())


@pytest.mark.parametrize(("region", "product"), [("0,160,0,160", "plate-01"), ("160,320,0,160", "ring-01")])
def test_a_region_is_what_is_searched_for(sandbox, region, product):
    page = found(query(sandbox, _two_products(sandbox), region=region))
    assert _offers(sandbox, page)[0].product == product
    assert page["picRegionInfo"]["currentRegion"] == region


def test_the_subject_and_the_whole_are_offered_as_regions(sandbox, image_id):
    info = found(query(sandbox, image_id))["picRegionInfo"]
    subject, everything = info["yoloCropRegion"].split(";")
    assert info["currentRegion"] == subject
    assert everything == "0,160,0,160"
    # The plate's middle is the picture's, its radius 50.
    left, right, top, bottom = (int(number) for number in subject.split(","))
    for found_edge, edge in [(left, 30), (right, 130), (top, 30), (bottom, 130)]:
        assert abs(found_edge - edge) <= 12


def test_a_query_must_be_an_object(sandbox):
    assert error(call(sandbox, QUERY, offerQueryParam="[]")) == "400"
    assert error(call(sandbox, QUERY, offerQueryParam="[" * 100_000)) == "400"
