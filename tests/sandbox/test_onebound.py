"""Onebound over real HTTP: upload, search by the imgid, and each documented code."""

import base64
import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox.running import Sandbox, running_sandbox

KEY = {"key": "1000000", "secret": "test123"}
SEARCH, UPLOAD = "/1688/item_search_img/", "/1688/upload_img/"
CODES = ["2000", "4000", "4001", "4002", "4003", "4004", "4005", "4008", "4009", "4013", "4014", "4016", "4017"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(limit=10_000) as running:
        yield running


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    """Every offer, some 130 of them, matches every picture here."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


def _send(method: str, url: str, **options: Any) -> Any:
    answer = requests.request(method, url, timeout=20, **options)
    assert answer.status_code == 200
    content = answer.json()
    assert content["request_id"] and content["reason"]
    return content


def _upload(sandbox: Sandbox, data: bytes, key: dict[str, str] = KEY) -> Any:
    form = {"imgcode": base64.b64encode(data).decode()}
    return _send("POST", sandbox.url + UPLOAD, params=key, data=form)


def _imgid(sandbox: Sandbox, product: str = "plate-01") -> str:
    name = _upload(sandbox, sandbox.query(product))["items"]["item"]["name"]
    assert isinstance(name, str)
    return name


def _get(sandbox: Sandbox, headers: dict[str, str] | None = None, **parameters: object) -> Any:
    return _send("GET", sandbox.url + SEARCH, params=KEY | parameters, headers=headers)


def _search(sandbox: Sandbox, **parameters: object) -> Any:
    if "imgid" not in parameters:
        parameters["imgid"] = _imgid(sandbox)
    answer = _get(sandbox, **parameters)
    assert answer["error_code"] == "0000"
    return answer["items"]


def _items(sandbox: Sandbox, **parameters: object) -> list[dict[str, Any]]:
    pages = [_search(sandbox, page=page, page_size=50, **parameters) for page in (1, 2, 3)]
    return [item for page in pages for item in page["item"]]


def test_upload_then_search_as_documented(sandbox):
    uploaded = _upload(sandbox, sandbox.query())
    assert (uploaded["error_code"], uploaded["reason"]) == ("0000", "ok")
    answer = _get(sandbox, imgid=uploaded["items"]["item"]["name"], page=1, page_size=3)
    assert (answer["error_code"], answer["reason"]) == ("0000", "ok")
    items = answer["items"]
    assert (items["real_total_results"] >= 5, items["error"], len(items["item"])) == (True, "", 3)
    for item in items["item"]:
        offer = sandbox.marketplace.catalogue.offers_by_id[str(item["num_iid"])]
        assert "餐盘" in item["title"]
        assert float(item["price"]) == float(offer.price)
        assert float(item["promotion_price"]) <= float(offer.price)
        assert item["sales"] == offer.trade.sold
        assert item["seller_nick"] == offer.supplier.company_name
        assert item["area"] == offer.supplier.location
        assert item["detail_url"] == f"{sandbox.url}/offer/{offer.offer_id}.html"
        assert requests.get(item["pic_url"], timeout=20).headers["Content-Type"] == "image/jpeg"


def test_names_and_types_vary_as_in_real_answers(crowded):
    items = _items(crowded)
    for name in ("price", "promotion_price"):
        assert {type(item[name]) for item in items} == {str, float}
    assert {type(item["num_iid"]) for item in items} == {str, int}
    assert {type(item["sales"]) for item in items} == {int, type(None)}
    camel, snake = ([item[name] for item in items if name in item] for name in ("turnHead", "turn_head"))
    assert camel and snake and len(camel) + len(snake) < len(items)
    assert all(rate.endswith("%") and 0 <= int(rate[:-1]) <= 100 for rate in camel + snake)
    assert any(item["seller_nick"] == "" for item in items)


@pytest.mark.parametrize("ending", ["/", ""])
def test_the_path_may_end_without_its_slash(sandbox, ending):
    url = sandbox.url + SEARCH.rstrip("/") + ending
    assert _send("GET", url, params=KEY | {"imgid": _imgid(sandbox)})["error_code"] == "0000"


def test_key_and_secret_may_be_in_the_form(sandbox):
    form = {"imgcode": base64.b64encode(sandbox.query()).decode()}
    assert _send("POST", sandbox.url + UPLOAD, data=form | KEY)["error_code"] == "0000"
    split = _send("POST", sandbox.url + UPLOAD, params={"key": "1000000"}, data=form | {"secret": "test123"})
    assert split["error_code"] == "0000"


def test_a_png_is_taken_too(sandbox):
    out = io.BytesIO()
    Image.open(io.BytesIO(sandbox.query())).save(out, "PNG")
    imgid = _upload(sandbox, out.getvalue())["items"]["item"]["name"]
    assert all("餐盘" in item["title"] for item in _search(sandbox, imgid=imgid, page_size=5)["item"])


def test_orders(crowded):
    prices = [float(item["price"]) for item in _items(crowded, sort="bid")]
    assert prices == sorted(prices) and len(set(prices)) > 10
    assert [float(item["price"]) for item in _items(crowded, sort="_bid")] == prices[::-1]
    offers = crowded.marketplace.catalogue.offers_by_id
    for sort, sign in (("sale", 1), ("_sale", -1)):
        sold = [offers[str(item["num_iid"])].trade.monthly_sold for item in _items(crowded, sort=sort)]
        known = [number for number in sold if number is not None]
        assert known == sorted(known, key=lambda number, sign=sign: sign * number)
    assert _items(crowded, sort="default") == _items(crowded) == _items(crowded, sort="")


def test_pages_are_exact(crowded):
    whole = [item["num_iid"] for item in _items(crowded)]
    assert len(whole) == _search(crowded)["real_total_results"] > 100
    parts = [_search(crowded, page=page, page_size=7)["item"] for page in (1, 2, 3)]
    assert [item["num_iid"] for part in parts for item in part] == whole[:21]
    assert len(_search(crowded)["item"]) == 20
    assert _search(crowded, page=99)["item"] == []


def test_nothing_alike_is_no_result():
    with running_sandbox(limit=10_000, floor=0.9999) as sandbox:
        answer = _get(sandbox, imgid=_imgid(sandbox))
        assert sandbox.calls()[-1]["outcome"] == "2000"
    assert answer["error_code"] == "2000"
    assert answer["items"] == {"real_total_results": 0, "error": "no result", "item": []}


def test_an_imgid_is_good_for_a_day():
    now = [1_790_000_000.0]
    with running_sandbox(clock=lambda: now[0]) as sandbox:
        imgid = _imgid(sandbox)
        now[0] += 24 * 3600 - 1
        assert _get(sandbox, imgid=imgid)["error_code"] == "0000"
        now[0] += 1
        answer = _get(sandbox, imgid=imgid)
    assert (answer["error_code"], "upload the picture again" in answer["reason"]) == ("4003", True)
    assert "items" not in answer


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"imgid": None}, "4014", "imgid"),
        ({"imgid": ""}, "4014", "imgid"),
        ({"imgid": "0123456789abcdef"}, "4003", "imgid"),
        ({"imgid": "http://127.0.0.1/a.jpg"}, "4003", "imgid"),
        ({"page": "0"}, "4003", "page"),
        ({"page": "one"}, "4003", "page"),
        ({"page_size": "51"}, "4003", "page_size"),
        ({"sort": "cheapest"}, "4003", "_bid"),
        ({"page": ["1", "2"]}, "4003", "twice"),
    ],
)
def test_parameters_are_checked(sandbox, changes, code, word):
    answer = _get(sandbox, **({"imgid": _imgid(sandbox)} | changes))
    assert answer["error_code"] == code
    assert word in answer["reason"]


def _encoded(kind: str) -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(
    ("imgcode", "code"),
    [
        (None, "4014"),
        ("", "4014"),
        ("not Base64!", "4003"),
        ("data:image/jpeg;base64," + _encoded("JPEG"), "4003"),
        (_encoded("WEBP"), "4003"),
        (_encoded("GIF"), "4003"),
        (_encoded("JPEG")[:400], "4003"),
        (base64.b64encode(b"\0" * (5 * 1024 * 1024 + 1)).decode(), "4003"),
    ],
)
def test_only_base64_of_a_jpeg_or_png_is_taken(sandbox, imgcode, code):
    form = {} if imgcode is None else {"imgcode": imgcode}
    answer = _send("POST", sandbox.url + UPLOAD, params=KEY, data=form)
    assert answer["error_code"] == code
    assert "items" not in answer


def test_the_methods_are_as_documented(sandbox):
    assert _send("GET", sandbox.url + UPLOAD, params=KEY | {"imgcode": "AA=="})["error_code"] == "4003"
    assert _send("POST", sandbox.url + SEARCH, data=KEY | {"imgid": "a"})["error_code"] == "4003"


# Who may call, and how often


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ({}, "4014"),
        ({"key": "1000000"}, "4014"),
        ({"secret": "test123"}, "4014"),
        ({"key": "1000000", "secret": "test124"}, "4004"),
        ({"key": "9999999", "secret": "test123"}, "4004"),
        ({"key": "1000000", "secret": "é"}, "4004"),
    ],
)
def test_key_and_secret_are_needed(sandbox, key, code):
    assert _upload(sandbox, sandbox.query(), key)["error_code"] == code
    assert _send("GET", sandbox.url + SEARCH, params=key)["error_code"] == code


def test_each_key_has_a_limit_of_its_own():
    with running_sandbox(limit=2, window=600) as sandbox:
        assert _upload(sandbox, sandbox.query(), KEY | {"secret": "wrong"})["error_code"] == "4004"
        imgid = _imgid(sandbox)
        codes = [_get(sandbox, imgid=imgid)["error_code"] for _ in range(2)]
        assert codes == ["0000", "4008"]
        assert _upload(sandbox, sandbox.query())["error_code"] == "4008"
        assert _get(sandbox, key="1000001", secret="test124", imgid=imgid)["error_code"] == "0000"


@pytest.mark.parametrize("code", CODES)
def test_every_documented_code_can_be_made_to_happen(sandbox, code):
    imgid = _imgid(sandbox)
    sandbox.fault(code, times=1, dialect="onebound")
    answer = _get(sandbox, imgid=imgid)
    assert answer["error_code"] == code
    assert sandbox.calls()[-1]["outcome"] == code
    assert ("items" in answer) == (code == "2000")
    assert _get(sandbox, imgid=imgid)["error_code"] == "0000"


@pytest.mark.parametrize("code", CODES[1:])
def test_an_upload_can_fail_with_each_but_no_result(sandbox, code):
    sandbox.fault(code, times=1, api="upload")
    assert _upload(sandbox, sandbox.query())["error_code"] == code


def test_an_upload_is_never_without_result(sandbox):
    sandbox.fault("2000", times=1, dialect="onebound")
    imgid = _imgid(sandbox)
    assert _get(sandbox, imgid=imgid)["error_code"] == "2000"


def test_the_header_makes_faults_too(sandbox):
    imgid = _imgid(sandbox)
    assert _get(sandbox, {"X-Sandbox-Fault": "4009"}, imgid=imgid)["error_code"] == "4009"
    assert _get(sandbox, {"X-Sandbox-Fault": "earthquake"}, imgid=imgid)["error_code"] == "4003"


def test_calls_are_recorded_without_the_secret(sandbox):
    sandbox.clear_calls()
    imgid = _imgid(sandbox)
    _search(sandbox, imgid=imgid, page=2)
    _upload(sandbox, b"no picture")
    upload, search, refused = sandbox.calls()
    digest = hashlib.sha256(sandbox.query()).hexdigest()
    assert (upload["dialect"], upload["api"], upload["app_key"]) == ("onebound", "upload", "1000000")
    assert (upload["image_sha256"], upload["outcome"]) == (digest, "ok")
    assert (search["api"], search["page"], search["image_sha256"]) == ("search", 2, digest)
    assert refused["outcome"] == "4003"
    assert "test123" not in str(sandbox.calls())
