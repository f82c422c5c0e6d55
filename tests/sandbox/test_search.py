"""What a search answers: the reply as documented, filters, order and pages."""

from collections.abc import Iterator

import pytest
import requests

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


def _all(sandbox: Sandbox, **parameters: object) -> list[dict]:
    pages = [search(sandbox, page=page, page_size=50, **parameters)["products"] for page in range(1, 6)]
    return [product for page in pages for product in page]
