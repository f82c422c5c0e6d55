"""What a search answers: the reply as documented, filters, order and pages."""

import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
import requests
from PIL import Image

from sandbox.companies import CERTIFIED_FACTORY, SUPER_FACTORY
from sandbox.offers import Offer
from sandbox.search import (
    BY_PRICE,
    BY_PRICE_DOWN,
    BY_REPURCHASE,
    BY_REPURCHASE_DOWN,
    BY_SALES,
    BY_SALES_DOWN,
    Criteria,
)
from sandbox.trade import category_id
from tests.sandbox.calling import PATH, image, post, search, signed
from tests.sandbox.running import Sandbox, running_sandbox


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
    own = f"{sandbox.url}/queries/plate-01.jpg"
    result = search(sandbox, image=None, image_url=own, page_size=3)
    assert (result["page"], result["page_size"]) == (1, 3)
    assert result["total"] >= 5
    assert len(result["products"]) == 3
    for product in result["products"]:
        assert product["product_id"].isdigit() and len(product["product_id"]) == 12
        assert "餐盘" in product["title"]
        assert product["price"] == f"{float(product['price']):.2f}"
        assert product["min_buy"] >= 1
        assert 0.3 <= product["similarity"] <= 1
        assert 0 <= product["supplier"]["credit_level"] <= 5
        assert product["supplier"]["user_id"].isdigit() and product["supplier"]["company_name"]
        assert len(product["supplier"]["location"].split()) == 2
        assert requests.get(product["main_image"], timeout=20).headers["Content-Type"] == "image/jpeg"
        assert product["product_id"] in requests.get(product["detail_url"], timeout=20).text


def test_a_picture_finds_its_own_product_first(sandbox):
    for product, name in {"box-01": "收纳盒", "ring-01": "玩具圈", "bar-01": "擀面杖"}.items():
        titles = [found["title"] for found in search(sandbox, product)["products"]]
        assert all(name in title for title in titles[:5])


def test_links_lead_to_the_address_that_was_called(sandbox):
    port = sandbox.url.rsplit(":", 1)[1]
    data = signed(sandbox, image=image(sandbox.query()))
    answer = requests.post(f"http://localhost:{port}{PATH}", data=data, timeout=20).json()
    product = answer["alibaba_image_search_response"]["result"]["products"][0]
    assert product["main_image"].startswith(f"http://localhost:{port}/pictures/")


def test_a_host_header_that_is_no_host_is_not_repeated(sandbox):
    data = signed(sandbox, image=image(sandbox.query()))
    answer = post(sandbox, data, headers={"Host": 'evil"><script>'}).json()
    product = answer["alibaba_image_search_response"]["result"]["products"][0]
    assert product["main_image"].startswith(f"{sandbox.url}/")


def test_filters_and_their_total(crowded):
    prices = [float(product["price"]) for product in _all(crowded)]
    assert search(crowded)["total"] == len(prices) == len(crowded.marketplace.catalogue.offers)
    middle = sorted(prices)[60]
    cheap, dear = _all(crowded, price_to=middle), _all(crowded, price_from=middle)
    assert all(float(product["price"]) <= middle for product in cheap)
    assert all(float(product["price"]) >= middle for product in dear)
    at_middle = sum(price == middle for price in prices)
    assert len(cheap) + len(dear) == len(prices) + at_middle
    only = _all(crowded, price_from=middle, price_to=middle)
    assert len(only) == at_middle
    wholesale = _all(crowded, is_wholesale=1)
    assert 0 < len(wholesale) < len(prices)
    ids = {product["product_id"] for product in wholesale}
    assert all((offer.offer_id in ids) == offer.wholesale for offer in crowded.marketplace.catalogue.offers)


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (0, lambda product: (-product["similarity"], product["product_id"])),
        (1, lambda product: (float(product["price"]), product["product_id"])),
        (2, lambda product: (-float(product["price"]), product["product_id"])),
    ],
)
def test_order_is_as_asked_with_ties_by_id(crowded, sort, key):
    products = _all(crowded, sort=sort)
    assert products == sorted(products, key=key)


@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_are_exact(crowded, size):
    whole = [product["product_id"] for product in _all(crowded)]
    pages = range(1, 4)
    parts = [search(crowded, page=page, page_size=size) for page in pages]
    assert {part["total"] for part in parts} == {len(whole)}
    found = [product["product_id"] for part in parts for product in part["products"]]
    assert found == whole[: 3 * size]


def test_a_page_behind_the_last_is_empty(crowded):
    result = search(crowded, page=99, page_size=50)
    assert result["products"] == []
    assert result["total"] > 100


def test_oddities_of_real_data_are_among_many_offers(crowded):
    products = _all(crowded)
    assert any("supplier" not in product for product in products)
    assert any(isinstance(product["price"], float) for product in products)
    assert any(product["min_buy"] is None for product in products)


# Filters and orders that other dialects offer


def _found(sandbox: Sandbox, criteria: Criteria) -> list[Offer]:
    photo = Image.open(io.BytesIO(sandbox.query()))
    return [hit.offer for hit in sandbox.marketplace.catalogue.find(photo, criteria)]


def _holds(offer: Offer, *identities: str) -> bool:
    return offer.supplier is not None and set(identities) <= set(offer.supplier.identities)


@pytest.mark.parametrize(
    ("criteria", "admitted"),
    [
        (Criteria(keyword="餐盘"), lambda offer: "餐盘" in offer.title),
        (Criteria(keyword="厂  收纳盒"), lambda offer: "厂" in offer.title and "收纳盒" in offer.title),
        (Criteria(keyword="LOGO"), lambda offer: "logo" in offer.title),
        (Criteria(ships_within=24), lambda offer: offer.trade.ships_within == 24),
        (Criteria(ships_within=48), lambda offer: offer.trade.ships_within in (24, 48)),
        (Criteria(identities=(SUPER_FACTORY,)), lambda offer: _holds(offer, SUPER_FACTORY)),
        (
            Criteria(identities=(CERTIFIED_FACTORY, "tp_member")),
            lambda offer: _holds(offer, CERTIFIED_FACTORY, "tp_member"),
        ),
        (Criteria(dropshipping_only=True), lambda offer: offer.trade.dropshipping),
        (Criteria(free_shipping_only=True), lambda offer: offer.trade.free_shipping),
        (Criteria(selected_only=True), lambda offer: offer.trade.prices.selected is not None),
        (Criteria(new_only=True), lambda offer: offer.trade.is_new),
        (
            Criteria(dropshipping_only=True, ships_within=48, price_to=Decimal(9)),
            lambda offer: offer.trade.dropshipping and offer.trade.ships_within and offer.price <= 9,
        ),
    ],
)
def test_filters_of_other_dialects_admit_all_that_fit_and_no_other(crowded, criteria, admitted):
    fitting = {offer.offer_id for offer in crowded.marketplace.catalogue.offers if admitted(offer)}
    found = _found(crowded, criteria)
    assert {offer.offer_id for offer in found} == fitting
    assert 0 < len(found) < len(crowded.marketplace.catalogue.offers)


def test_a_category_can_be_asked_for(crowded):
    everything = len(crowded.marketplace.catalogue.offers)
    assert len(_found(crowded, Criteria(category_id=category_id("demo")))) == everything
    assert _found(crowded, Criteria(category_id="1")) == []


@pytest.mark.parametrize(
    ("up", "down", "value"),
    [
        (BY_SALES, BY_SALES_DOWN, lambda offer: offer.trade.monthly_sold),
        (BY_REPURCHASE, BY_REPURCHASE_DOWN, lambda offer: offer.trade.repurchase_rate),
    ],
)
def test_offers_that_lack_a_value_are_last_either_way(crowded, up, down, value):
    for sort, sign in ((up, 1), (down, -1)):
        values = [value(offer) for offer in _found(crowded, Criteria(sort=sort))]
        known = [known for known in values if known is not None]
        assert 0 < len(known) < len(values)
        assert known == sorted(known, key=lambda known: sign * known)
        assert values == known + [None] * (len(values) - len(known))


def test_a_second_order_decides_where_the_first_leaves_offers_equal(crowded):
    found = _found(crowded, Criteria(sort=BY_PRICE_DOWN, then_by=(BY_SALES,)))
    expected = sorted(found, key=lambda offer: offer.offer_id)
    expected.sort(key=lambda offer: (offer.trade.monthly_sold is None, offer.trade.monthly_sold or 0))
    expected.sort(key=lambda offer: -offer.price)
    assert found == expected
    assert found != _found(crowded, Criteria(sort=BY_PRICE_DOWN))
    assert _found(crowded, Criteria(sort=BY_SALES, then_by=(BY_PRICE,))) != _found(crowded, Criteria(sort=BY_SALES))


def _all(sandbox: Sandbox, **parameters: object) -> list[dict]:
    pages = [search(sandbox, page=page, page_size=50, **parameters)["products"] for page in range(1, 6)]
    return [product for page in pages for product in page]
