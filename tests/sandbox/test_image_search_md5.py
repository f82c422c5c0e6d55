"""The dialect over real HTTP: the signature, each check in its order, and what is kept of a call."""

import dataclasses
import hashlib
import io
import time
from collections.abc import Iterator

import pytest
import requests
from PIL import Image

from sandbox.dialects.image_search_md5 import sign
from tests.sandbox.calling import PATH, error, image, post, search, signed
from tests.sandbox.running import Sandbox, running_sandbox

BASE = {
    "app_key": "12345678",
    "method": "alibaba.image.search",
    "timestamp": "2026-01-02 03:04:05",
    "format": "json",
    "v": "2.0",
    "page": "1",
    "page_size": "20",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(limit=10_000) as running:
        yield running


# The signature


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            {"image_url": "https://cbu01.alicdn.com/img/a.jpg", "price_from": "10", "sort": "0"},
            "3D4EAEB0A2C88F3BFDA2B3ACBBD140A8",
        ),
        ({"image": "/9j/4AAQSkZJRg=="}, "E7D4F6F2A2700611B44B2340E2755DA1"),
    ],
)
def test_signature_vectors(parameters, expected):
    assert sign(BASE | parameters, "test123") == expected
    assert sign(BASE | parameters | {"sign": "left out"}, "test123") == expected


def test_long_images_are_signed_like_short_ones(sandbox):
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    text = image(out.getvalue())
    assert "+" in text and "/" in text
    assert "alibaba_image_search_response" in post(sandbox, signed(sandbox, image=text)).json()


def test_a_vendor_style_get_is_understood(sandbox):
    own = f"{sandbox.url}/pictures/plate-01-0.jpg"
    answer = requests.get(sandbox.url + PATH, params=signed(sandbox, image_url=own), timeout=20)
    assert answer.json()["alibaba_image_search_response"]["result"]["total"] >= 5


# The checks, in their order


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"method": None, "app_key": "other"}, "40", "method"),
        ({"method": "alibaba.trade.get", "app_key": "other"}, "22", "method"),
        ({"app_key": None, "timestamp": "never"}, "40", "app_key"),
        ({"app_key": "other", "timestamp": "never"}, "28", "app key"),
        ({"timestamp": None}, "40", "timestamp"),
        ({"timestamp": "never"}, "30", "yyyy-MM-dd"),
    ],
)
def test_who_calls_is_checked_before_anything_else(sandbox, changes, code, word):
    answer = error(sandbox, signed(sandbox, **changes))
    assert answer["code"] == code
    assert word in answer["msg"]
    assert answer["request_id"]


@pytest.mark.parametrize(("drift", "accepted"), [(-599, True), (-602, False), (599, True), (602, False)])
def test_the_time_stamp_may_be_ten_minutes_off(drift, accepted):
    noon = 1_770_000_000.0
    with running_sandbox(clock=lambda: noon) as sandbox:
        data = signed(sandbox, at=noon + drift, image=image(sandbox.query()))
        answer = post(sandbox, data).json()
    assert ("alibaba_image_search_response" in answer) == accepted
    assert accepted or answer["error_response"]["code"] == "30"


def test_a_wrong_secret_is_told_from_a_wrong_key(sandbox):
    data = signed(sandbox, image=image(sandbox.query()))
    assert error(sandbox, data | {"page": "2"})["code"] == "25"
    assert error(sandbox, {name: data[name] for name in data if name != "sign"})["code"] == "40"
    assert error(sandbox, data | {"sign": "é"})["code"] == "25"


def test_a_signature_in_small_letters_is_refused(sandbox):
    data = signed(sandbox, image=image(sandbox.query()))
    assert error(sandbox, data | {"sign": data["sign"].lower()})["code"] == "25"


def test_only_allowed_addresses_may_call():
    with running_sandbox(allowed_ips=("192.0.2.0/24",)) as sandbox:
        assert error(sandbox, signed(sandbox))["code"] == "110"
    with running_sandbox(allowed_ips=("192.0.2.7", "127.0.0.0/8")) as sandbox:
        assert search(sandbox)["total"] >= 5


def test_the_call_limit_is_kept():
    with running_sandbox(limit=2, window=600) as sandbox:
        for _ in range(2):
            assert search(sandbox)["total"] >= 5
        assert error(sandbox, signed(sandbox))["code"] == "429"


def test_each_account_has_its_own_secret_and_limit():
    with running_sandbox(limit=1, window=600) as sandbox:
        other = dataclasses.replace(sandbox, app_key="1000001", secret="test124")
        third = dataclasses.replace(sandbox, app_key="1000002", secret="test124")
        assert error(third, signed(third))["code"] == "25"
        assert search(sandbox)["total"] >= 5
        assert error(sandbox, signed(sandbox))["code"] == "429"
        assert search(other)["total"] >= 5


def test_a_call_with_bad_parameters_counts_and_a_badly_signed_one_does_not():
    with running_sandbox(limit=1, window=600) as sandbox:
        assert error(sandbox, signed(sandbox) | {"sign": "0" * 32})["code"] == "25"
        assert error(sandbox, signed(sandbox))["code"] == "40"
        assert error(sandbox, signed(sandbox))["code"] == "429"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"image": None}, "40"),
        ({"image_url": "http://example.org/a.jpg"}, "40"),
        ({"page": 0}, "41"),
        ({"page": "-1"}, "41"),
        ({"page": "1.0"}, "41"),
        ({"page": "٣"}, "41"),
        ({"page_size": 0}, "41"),
        ({"page_size": 51}, "41"),
        ({"price_from": "20", "price_to": "10"}, "41"),
        ({"price_from": "cheap"}, "41"),
        ({"price_to": "NaN"}, "41"),
        ({"price_from": "-1"}, "41"),
        ({"sort": 3}, "41"),
        ({"is_wholesale": 2}, "41"),
        ({"format": "xml"}, "41"),
        ({"v": "1.0"}, "41"),
    ],
)
def test_parameters_are_checked(sandbox, changes, code):
    picture = image(sandbox.query())
    assert error(sandbox, signed(sandbox, **({"image": picture} | changes)))["code"] == code


def test_a_parameter_given_twice_is_refused(sandbox):
    data = signed(sandbox, image=image(sandbox.query()))
    answer = requests.post(f"{sandbox.url}{PATH}?page=2", data=data | {"page": 1}, timeout=20)
    assert answer.json()["error_response"]["code"] == "41"


def test_other_http_methods_are_refused(sandbox):
    answer = requests.put(sandbox.url + PATH, params=signed(sandbox), timeout=20)
    assert answer.json()["error_response"]["code"] == "41"


# Pictures


def _encoded(kind: str, mode: str = "RGB") -> str:
    out = io.BytesIO()
    Image.new(mode, (40, 40), 128 if mode == "L" else "white").save(out, kind)
    return image(out.getvalue())


@pytest.mark.parametrize(
    "text",
    [
        "not Base64!",
        "data:image/jpeg;base64," + _encoded("JPEG"),
        "",
        image(b"no picture"),
        image(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        _encoded("WEBP"),
        _encoded("GIF"),
        _encoded("JPEG")[:400],
    ],
)
def test_other_formats_are_refused_as_400(sandbox, text):
    assert error(sandbox, signed(sandbox, image=text))["code"] == "400"


@pytest.mark.parametrize("text", [_encoded("JPEG"), _encoded("JPEG", "L"), _encoded("PNG", "RGBA")])
def test_jpeg_and_png_are_read_whatever_their_mode(sandbox, text):
    result = post(sandbox, signed(sandbox, image=text)).json()
    assert "alibaba_image_search_response" in result


def test_five_megabytes_are_the_limit(sandbox):
    exact = sandbox.query().ljust(5 * 1024 * 1024, b"\0")
    assert search(sandbox, image=image(exact))["total"] >= 5
    assert error(sandbox, signed(sandbox, image=image(exact + b"\0")))["code"] == "413"


def test_too_many_pixels_are_too_large(sandbox):
    out = io.BytesIO()
    Image.new("1", (8000, 7000)).save(out, "PNG")
    assert error(sandbox, signed(sandbox, image=image(out.getvalue())))["code"] == "413"


@pytest.mark.parametrize(
    "url",
    [
        "https://cbu01.alicdn.com/img/a.jpg",
        "http://192.0.2.1/pictures/plate-01-0.jpg",
        "{own}/pictures/../manifest.json",
        "{own}/pictures/nothing.jpg",
        "file:///etc/hostname",
        "http://[",
    ],
)
def test_no_address_in_a_network_is_ever_fetched(sandbox, url):
    answer = error(sandbox, signed(sandbox, image_url=url.format(own=sandbox.url)))
    assert answer["code"] == "400"
    assert "own pictures" in answer["msg"] or "not a URL" in answer["msg"]


# What is kept of a call


def test_calls_are_recorded_and_timed(sandbox):
    sandbox.clear_calls()
    before = time.time()
    data = signed(sandbox, image=image(sandbox.query()), page=2)
    answer = post(sandbox, data)
    post(sandbox, data | {"sign": "x"})
    good, bad = sandbox.calls()
    assert before <= good["arrived"] <= bad["arrived"] <= time.time()
    assert good["app_key"] == sandbox.app_key
    assert good["image_sha256"] == hashlib.sha256(sandbox.query()).hexdigest()
    assert (good["page"], good["outcome"], good["fault"]) == (2, "ok", None)
    assert (good["dialect"], good["api"]) == ("image_search_md5", "search")
    assert bad["outcome"] == "25"
    assert answer.headers["Server-Timing"] == f"sandbox;dur={good['milliseconds']}"
