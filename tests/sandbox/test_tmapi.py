"""TMAPI over real HTTP: what a search answers, what each parameter does, who is refused, and faults."""

import hashlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
import requests

from tests.sandbox.running import Sandbox, running_sandbox
from tests.sandbox.tmapi_calling import KEY, convert, convert_body, get, items_of_all_pages, search

CODES = {"417", "422", "439", "499", "500", "503", "4011"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(limit=10_000) as running:
        yield running


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    """Every offer, some 130 of them, matches every picture here."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


def test_the_reply_is_as_documented(sandbox):
    answer = get(sandbox, img_url=f"{sandbox.url}/queries/plate-01.jpg", page_size=3)
    assert (answer["code"], answer["msg"]) == (200, "success")
    data = answer["data"]
    assert (data["page"], data["page_size"], data["has_next_page"]) == (1, 3, True)
    assert data["total_count"] >= 5
    offers = sandbox.marketplace.catalogue.offers_by_id
    for item in data["items"]:
        offer = offers[str(item["item_id"])]
        assert "餐盘" in item["title"]
        assert item["title"] == offer.title
        assert item["price"] == str(offer.price)
        assert item["product_url"] == f"{sandbox.url}/offer/{offer.offer_id}.html"
        assert requests.get(item["img"], timeout=20).headers["Content-Type"] == "image/jpeg"
        assert item["shop_info"]["company_name"] == offer.supplier.company_name
        assert item["shop_info"]["member_id"] == offer.supplier.member_id
        assert item["shop_info"]["location"] == offer.supplier.location
        assert item["shop_info"]["shop_years"] == offer.supplier.years
        assert item["delivery_info"]["area_from"] == offer.supplier.location.split()
        assert item["sale_info"]["sale_quantity_int"] == offer.trade.sold
        assert item["is_ad"] is offer.trade.advertised


def test_values_and_their_types_vary_as_in_real_answers(crowded):
    items = items_of_all_pages(crowded)
    assert {type(item["item_id"]) for item in items} == {int, str}
    assert {type(item["moq"]) for item in items} == {int, type(None)}
    assert {type(item["price"]) for item in items} == {str, float}
    assert {type(item["shop_info"]) for item in items} == {dict, type(None)}
    assert {item["is_ad"] for item in items} == {True, False}
    rates = {item["item_repurchase_rate"] for item in items}
    assert "" in rates
    assert all(rate == "" or (rate.endswith("%") and 0 <= int(rate[:-1]) <= 100) for rate in rates)
    shops = [item["shop_info"] for item in items if item["shop_info"]]
    assert {type(shop["shop_years"]) for shop in shops} == {int, type(None)}
    assert {shop["is_factory"] for shop in shops} == {True, False}
    assert {type(shop["score_info"]["composite_score"]) for shop in shops} == {str, type(None)}
    promoted = [item for item in items if float(item["price_info"]["sale_price"]) < float(item["price"])]
    reduced = [item for item in items if float(item["price_info"]["origin_price"]) > float(item["price"])]
    assert promoted and reduced


def test_tiers_follow_on_each_other(crowded):
    tiered = [item["quantity_prices"] for item in items_of_all_pages(crowded) if item["quantity_prices"]]
    assert {type(tier["begin_num"]) for tiers in tiered for tier in tiers} == {int, str}
    assert {tiers[-1]["end_num"] for tiers in tiered} == {"", None}
    for tiers in tiered:
        for tier, further in pairwise(tiers):
            assert int(tier["end_num"]) + 1 == int(further["begin_num"])
            assert float(further["price"]) < float(tier["price"])


@pytest.mark.parametrize(
    ("name", "admitted"),
    [
        ("support_dropshipping", lambda offer: offer.trade.dropshipping),
        ("free_shipping", lambda offer: offer.trade.free_shipping),
        ("new_arrival", lambda offer: offer.trade.is_new),
        ("is_factory", lambda offer: offer.supplier and "certified_factory" in offer.supplier.identities),
        ("verified_supplier", lambda offer: offer.supplier and "powerful_merchants" in offer.supplier.identities),
    ],
)
def test_each_switch_filters(crowded, name, admitted):
    offers = crowded.marketplace.catalogue.offers
    expected = {offer.offer_id for offer in offers if admitted(offer)}
    assert 0 < len(expected) < len(offers)
    for yes in ("true", "True", "1"):
        assert {str(item["item_id"]) for item in items_of_all_pages(crowded, **{name: yes})} == expected
    for no in ("false", "0", ""):
        assert search(crowded, **{name: no})["total_count"] == len(offers)


def test_prices_limit_the_search(crowded):
    prices = [float(item["price"]) for item in items_of_all_pages(crowded, price_start="5", price_end="9.90")]
    expected = [offer for offer in crowded.marketplace.catalogue.offers if 5 <= offer.price <= 9.9]
    assert len(prices) == len(expected) > 0
    assert all(5 <= price <= 9.9 for price in prices)


def test_orders(crowded):
    up = [float(item["price"]) for item in items_of_all_pages(crowded, sort="price_up")]
    assert up == sorted(up) and len(set(up)) > 10
    assert [float(item["price"]) for item in items_of_all_pages(crowded, sort="price_down")] == up[::-1]
    offers = crowded.marketplace.catalogue.offers_by_id
    sold = [offers[str(item["item_id"])].trade.monthly_sold for item in items_of_all_pages(crowded, sort="sales")]
    known = [number for number in sold if number is not None]
    assert known == sorted(known, reverse=True)
    assert sold[len(known) :] == [None] * (len(sold) - len(known))
    similar = [item["item_id"] for item in items_of_all_pages(crowded)]
    assert similar == [item["item_id"] for item in items_of_all_pages(crowded, sort="default")]


def test_pages_are_exact(crowded):
    whole = [item["item_id"] for item in items_of_all_pages(crowded, page_size=20)]
    assert len(whole) == search(crowded)["total_count"]
    assert [item["item_id"] for item in items_of_all_pages(crowded, page_size=7)] == whole
    behind = search(crowded, page=99)
    assert behind["items"] == []
    assert behind["total_count"] == len(whole)
    assert behind["has_next_page"] is False


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"img_url": None}, "img_url"),
        ({"img_url": ""}, "img_url"),
        ({"img_url": "https://cbu01.alicdn.com/img/a.jpg"}, "converted"),
        ({"img_url": "http://127.0.0.1:1/queries/plate-01.jpg"}, "converted"),
        ({"img_url": "{own}/pictures/nothing.jpg"}, "converted"),
        ({"img_url": "{own}/pictures/../manifest.json"}, "converted"),
        ({"img_url": "/search/imgextra/0123.jpg"}, "convert it again"),
        ({"img_url": "ftp://example.org/a.jpg"}, "converted"),
        ({"img_url": "http://["}, "not a URL"),
        ({"img_url": "https://["}, "converted"),
        ({"page": "0"}, "page"),
        ({"page": "first"}, "page"),
        ({"page_size": "21"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"sort": "cheapest"}, "price_up"),
        ({"price_start": "cheap"}, "price_start"),
        ({"price_end": "-1"}, "price_end"),
        ({"price_start": "10", "price_end": "9"}, "above"),
        ({"is_factory": "maybe"}, "is_factory"),
        ({"page": ["1", "2"]}, "twice"),
    ],
)
def test_parameters_are_checked(sandbox, changes, word):
    parameters = {"img_url": "{own}/queries/plate-01.jpg"} | changes
    if parameters["img_url"] is not None:
        parameters["img_url"] = parameters["img_url"].format(own=sandbox.url)
    answer = get(sandbox, **parameters)
    assert (answer["code"], answer["data"]) == (422, None)
    assert word in answer["msg"]


# Who may call, and how often


@pytest.mark.parametrize("headers", [{}, {"apikey": ""}, {"apikey": "token-999"}, {"apikey": "\xe9"}])
def test_a_key_is_needed(sandbox, headers):
    refused = {"code": 4011, "msg": "apikey is missing or not valid", "data": None}
    assert get(sandbox, headers) == refused
    assert convert(sandbox, {}, headers) == refused


def test_each_key_has_a_limit_of_its_own():
    with running_sandbox(limit=2, window=600) as sandbox:
        own = f"{sandbox.url}/queries/plate-01.jpg"
        assert get(sandbox, {"apikey": "wrong"})["code"] == 4011
        codes = [get(sandbox, img_url=own)["code"], convert(sandbox, convert_body(own))["code"]]
        codes += [get(sandbox, img_url=own)["code"], convert(sandbox, convert_body(own))["code"]]
        assert codes == [200, 200, 503, 503]
        assert get(sandbox, {"apikey": "token-124"}, img_url=own)["code"] == 200


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_documented_code_can_be_made_to_happen(sandbox, code):
    own = f"{sandbox.url}/queries/plate-01.jpg"
    sandbox.fault(code, times=1, dialect="tmapi", api="search")
    sandbox.fault(code, times=1, dialect="tmapi", api="convert")
    for answer in (get(sandbox, img_url=own), convert(sandbox, convert_body(own))):
        assert (answer["code"], answer["data"]) == (int(code), None)
        assert answer["msg"]
    assert [call["outcome"] for call in sandbox.calls()[-2:]] == [code, code]
    assert get(sandbox, img_url=own)["code"] == 200


def test_the_header_makes_faults_too(sandbox):
    own = f"{sandbox.url}/queries/plate-01.jpg"
    for code in CODES:
        assert get(sandbox, KEY | {"X-Sandbox-Fault": code}, img_url=own)["code"] == int(code)
    answer = get(sandbox, KEY | {"X-Sandbox-Fault": "earthquake"}, img_url=own)
    assert (answer["code"], "439" in answer["msg"]) == (422, True)


# What is kept of a call


def test_calls_are_recorded_without_the_key(sandbox):
    sandbox.clear_calls()
    own = f"{sandbox.url}/queries/plate-01.jpg"
    digest = hashlib.sha256(requests.get(own, timeout=20).content).hexdigest()
    path = convert(sandbox, convert_body(own))["data"]["image_url"]
    search(sandbox, img_url=path, page=2)
    get(sandbox, {"apikey": "token-999"})
    converted, searched, refused = sandbox.calls()
    assert (converted["dialect"], converted["api"], converted["app_key"]) == ("tmapi", "convert", sandbox.app_key)
    assert (converted["image_url"], converted["image_sha256"], converted["outcome"]) == (own, digest, "ok")
    assert (searched["api"], searched["page"], searched["image_url"]) == ("search", 2, path)
    assert (searched["image_sha256"], searched["outcome"]) == (digest, "ok")
    assert (refused["app_key"], refused["outcome"]) == (None, "4011")
