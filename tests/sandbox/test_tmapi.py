"""TMAPI over real HTTP: both of its calls, what each parameter does, and who is refused."""

import hashlib
import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests
from PIL import Image

from sandbox.server import Server
from tests.sandbox.running import Sandbox, running_sandbox

KEY = {"apikey": "token-123"}
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


def _get(sandbox: Sandbox, headers: dict[str, str] = KEY, **parameters: object) -> Any:
    answer = requests.get(f"{sandbox.url}/1688/search/image", params=parameters, headers=headers, timeout=20)
    assert answer.status_code == 200
    return answer.json()


def _search(sandbox: Sandbox, **parameters: object) -> Any:
    parameters.setdefault("img_url", f"{sandbox.url}/queries/plate-01.jpg")
    answer = _get(sandbox, **parameters)
    assert answer["code"] == 200
    return answer["data"]


def _items(sandbox: Sandbox, **parameters: object) -> list[dict[str, Any]]:
    """Those of all pages."""
    items: list[dict[str, Any]] = []
    more, page = True, 0
    while more:
        page += 1
        data = _search(sandbox, page=page, **parameters)
        items += data["items"]
        more = data["has_next_page"]
    return items


def _convert(sandbox: Sandbox, body: object, headers: dict[str, str] = KEY) -> Any:
    url = f"{sandbox.url}/1688/tools/image/convert_url"
    answer = requests.post(url, json=body, headers=headers, timeout=20)
    assert answer.status_code == 200
    return answer.json()


def _body(url: str) -> dict[str, str]:
    return {"url": url, "search_api_endpoint": "/search/image"}


# A search


def test_the_reply_is_as_documented(sandbox):
    answer = _get(sandbox, img_url=f"{sandbox.url}/queries/plate-01.jpg", page_size=3)
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
    items = _items(crowded)
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
    tiered = [item["quantity_prices"] for item in _items(crowded) if item["quantity_prices"]]
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
        assert {str(item["item_id"]) for item in _items(crowded, **{name: yes})} == expected
    for no in ("false", "0", ""):
        assert _search(crowded, **{name: no})["total_count"] == len(offers)


def test_prices_limit_the_search(crowded):
    prices = [float(item["price"]) for item in _items(crowded, price_start="5", price_end="9.90")]
    expected = [offer for offer in crowded.marketplace.catalogue.offers if 5 <= offer.price <= 9.9]
    assert len(prices) == len(expected) > 0
    assert all(5 <= price <= 9.9 for price in prices)


def test_orders(crowded):
    up = [float(item["price"]) for item in _items(crowded, sort="price_up")]
    assert up == sorted(up) and len(set(up)) > 10
    assert [float(item["price"]) for item in _items(crowded, sort="price_down")] == up[::-1]
    offers = crowded.marketplace.catalogue.offers_by_id
    sold = [offers[str(item["item_id"])].trade.monthly_sold for item in _items(crowded, sort="sales")]
    known = [number for number in sold if number is not None]
    assert known == sorted(known, reverse=True)
    assert sold[len(known) :] == [None] * (len(sold) - len(known))
    similar = [item["item_id"] for item in _items(crowded)]
    assert similar == [item["item_id"] for item in _items(crowded, sort="default")]


def test_pages_are_exact(crowded):
    whole = [item["item_id"] for item in _items(crowded, page_size=20)]
    assert len(whole) == _search(crowded)["total_count"]
    assert [item["item_id"] for item in _items(crowded, page_size=7)] == whole
    behind = _search(crowded, page=99)
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
    answer = _get(sandbox, **parameters)
    assert (answer["code"], answer["data"]) == (422, None)
    assert word in answer["msg"]


# Converting


def test_a_picture_from_elsewhere_is_converted_first(sandbox):
    with _serving({"/photo.jpg": sandbox.query("box-01")}) as address:
        answer = _convert(sandbox, _body(f"{address}/photo.jpg"))
    assert (answer["code"], answer["msg"]) == (200, "success")
    path = answer["data"]["image_url"]
    assert path.startswith("/")
    assert all("收纳盒" in item["title"] for item in _search(sandbox, img_url=path, page_size=5)["items"])


def test_a_picture_of_the_sandbox_can_be_converted_too(sandbox):
    path = _convert(sandbox, _body(f"{sandbox.url}/queries/ring-01.jpg"))["data"]["image_url"]
    direct = _search(sandbox, img_url=f"{sandbox.url}/queries/ring-01.jpg")
    assert _search(sandbox, img_url=path) == direct


def test_a_converted_picture_is_good_for_a_day():
    now = [1_790_000_000.0]
    with running_sandbox(clock=lambda: now[0]) as sandbox:
        path = _convert(sandbox, _body(f"{sandbox.url}/queries/plate-01.jpg"))["data"]["image_url"]
        now[0] += 24 * 3600 - 1
        assert _search(sandbox, img_url=path)["total_count"] >= 5
        now[0] += 1
        assert _get(sandbox, img_url=path)["code"] == 422


def test_what_cannot_be_fetched_now_may_be_later(sandbox):
    with _serving({}) as address:
        assert _convert(sandbox, _body(f"{address}/gone.jpg"))["code"] == 417
    assert _convert(sandbox, _body(f"{address}/no-server-any-more.jpg"))["code"] == 417
    assert _convert(sandbox, _body(f"{sandbox.url}/pictures/nothing.jpg"))["code"] == 417


@pytest.mark.parametrize(
    "url",
    [
        "https://cbu01.alicdn.com/img/a.jpg",
        "http://192.0.2.1/a.jpg",
        "http://169.254.169.254/latest",
        "file:///etc/hostname",
        "plate-01.jpg",
        "http://[",
        "",
    ],
)
def test_what_is_never_fetched_is_a_bad_parameter(sandbox, url):
    answer = _convert(sandbox, _body(url))
    assert (answer["code"], answer["data"]) == (422, None)


@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
def test_other_formats_are_not_converted(sandbox, kind):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, kind)
    with _serving({"/photo": out.getvalue()}) as address:
        assert _convert(sandbox, _body(f"{address}/photo"))["code"] == 422


@pytest.mark.parametrize("body", [[], {}, "text", {"url": 7}, {"url": "{own}/queries/plate-01.jpg"}, None])
def test_the_body_is_checked(sandbox, body):
    assert _convert(sandbox, body)["code"] == 422


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_told(sandbox, body):
    url = f"{sandbox.url}/1688/tools/image/convert_url"
    answer = requests.post(url, data=body, headers=KEY, timeout=20).json()
    assert (answer["code"], "JSON" in answer["msg"]) == (422, True)


def test_the_methods_are_as_documented(sandbox):
    assert requests.post(f"{sandbox.url}/1688/search/image", headers=KEY, timeout=20).json()["code"] == 422
    assert requests.get(f"{sandbox.url}/1688/tools/image/convert_url", headers=KEY, timeout=20).json()["code"] == 422


# Who may call, and how often


@pytest.mark.parametrize("headers", [{}, {"apikey": ""}, {"apikey": "token-999"}, {"apikey": "\xe9"}])
def test_a_key_is_needed(sandbox, headers):
    refused = {"code": 4011, "msg": "apikey is missing or not valid", "data": None}
    assert _get(sandbox, headers) == refused
    assert _convert(sandbox, {}, headers) == refused


def test_each_key_has_a_limit_of_its_own():
    with running_sandbox(limit=2, window=600) as sandbox:
        own = f"{sandbox.url}/queries/plate-01.jpg"
        assert _get(sandbox, {"apikey": "wrong"})["code"] == 4011
        codes = [_get(sandbox, img_url=own)["code"], _convert(sandbox, _body(own))["code"]]
        codes += [_get(sandbox, img_url=own)["code"], _convert(sandbox, _body(own))["code"]]
        assert codes == [200, 200, 503, 503]
        assert _get(sandbox, {"apikey": "token-124"}, img_url=own)["code"] == 200


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_documented_code_can_be_made_to_happen(sandbox, code):
    own = f"{sandbox.url}/queries/plate-01.jpg"
    sandbox.fault(code, times=1, dialect="tmapi", api="search")
    sandbox.fault(code, times=1, dialect="tmapi", api="convert")
    for answer in (_get(sandbox, img_url=own), _convert(sandbox, _body(own))):
        assert (answer["code"], answer["data"]) == (int(code), None)
        assert answer["msg"]
    assert [call["outcome"] for call in sandbox.calls()[-2:]] == [code, code]
    assert _get(sandbox, img_url=own)["code"] == 200


def test_the_header_makes_faults_too(sandbox):
    own = f"{sandbox.url}/queries/plate-01.jpg"
    for code in CODES:
        assert _get(sandbox, KEY | {"X-Sandbox-Fault": code}, img_url=own)["code"] == int(code)
    answer = _get(sandbox, KEY | {"X-Sandbox-Fault": "earthquake"}, img_url=own)
    assert (answer["code"], "439" in answer["msg"]) == (422, True)


# What is kept of a call


def test_calls_are_recorded_without_the_key(sandbox):
    sandbox.clear_calls()
    own = f"{sandbox.url}/queries/plate-01.jpg"
    digest = hashlib.sha256(requests.get(own, timeout=20).content).hexdigest()
    path = _convert(sandbox, _body(own))["data"]["image_url"]
    _search(sandbox, img_url=path, page=2)
    _get(sandbox, {"apikey": "token-999"})
    convert, search, refused = sandbox.calls()
    assert (convert["dialect"], convert["api"], convert["app_key"]) == ("tmapi", "convert", sandbox.app_key)
    assert (convert["image_url"], convert["image_sha256"], convert["outcome"]) == (own, digest, "ok")
    assert (search["api"], search["page"], search["image_url"]) == ("search", 2, path)
    assert (search["image_sha256"], search["outcome"]) == (digest, "ok")
    assert (refused["app_key"], refused["outcome"]) == (None, "4011")


@contextmanager
def _serving(files: dict[str, bytes]) -> Iterator[str]:
    """The address of another server on this machine, as a portal would serve its own pictures."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        data = files.get(environ["PATH_INFO"])
        start_response("404 Not Found" if data is None else "200 OK", [("Content-Length", str(len(data or b"")))])
        return [data or b""]

    server = Server("127.0.0.1", 0)
    server.listen(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(timeout=10)
