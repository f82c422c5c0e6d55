"""Signatures against the protocol's golden vectors and against the standard library's encoding."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searches.marketplaces.signing import aop_form, aop_signature, md5_signature, signed_form

COMMON = {
    "app_key": "12345678",
    "method": "alibaba.image.search",
    "timestamp": "2026-01-02 03:04:05",
    "format": "json",
    "v": "2.0",
    "page": 1,
    "page_size": 20,
}
BY_URL = {"image_url": "https://cbu01.alicdn.com/img/a.jpg", "price_from": 10, "sort": 0}


@pytest.mark.parametrize(
    ("question", "signature"),
    [
        (BY_URL, "3D4EAEB0A2C88F3BFDA2B3ACBBD140A8"),
        ({"image": "/9j/4AAQSkZJRg=="}, "E7D4F6F2A2700611B44B2340E2755DA1"),
    ],
)
def test_golden_vectors(question: dict[str, object], signature: str) -> None:
    assert md5_signature({**COMMON, **question}, "test123") == signature


def test_the_order_of_parameters_does_not_count() -> None:
    backwards = dict(reversed({**COMMON, **BY_URL}.items()))

    assert md5_signature(backwards, "test123") == "3D4EAEB0A2C88F3BFDA2B3ACBBD140A8"


def test_a_signature_among_the_parameters_is_not_signed_or_sent() -> None:
    signed = {**COMMON, **BY_URL, "sign": "F" * 32}

    assert md5_signature(signed, "test123") == "3D4EAEB0A2C88F3BFDA2B3ACBBD140A8"
    assert "F" * 32 not in signed_form(signed, "test123").text


STEADY = settings(derandomize=True, deadline=None, database=None)
TEXTS = st.text(st.characters(codec="utf-8"))


@STEADY
@given(
    params=st.dictionaries(TEXTS.filter(lambda name: name != "sign"), TEXTS | st.integers() | st.floats()),
    secret=TEXTS,
)
def test_every_parameter_is_form_encoded_as_the_document_says(params: dict[str, object], secret: str) -> None:
    encoded = urlencode(sorted(params.items(), key=lambda pair: pair[0]))

    digest = hashlib.md5((encoded + secret).encode(), usedforsecurity=False)
    assert md5_signature(params, secret) == digest.hexdigest().upper()


@STEADY
@given(picture=st.binary(min_size=800, max_size=3000))
def test_a_picture_is_encoded_like_any_other_text(picture: bytes) -> None:
    image = base64.b64encode(picture).decode()

    form = signed_form({"image": image}, "test123")

    assert form.text == urlencode({"image": image, "sign": form.signature})


def test_a_long_text_that_is_no_base64_is_encoded_in_full() -> None:
    text = "a b+ä" * 300

    assert signed_form({"image_url": text}, "s").text.startswith(urlencode({"image_url": text}) + "&sign=")


def test_a_signed_form_shows_nothing_of_itself() -> None:
    form = signed_form(COMMON, "test123")

    assert repr(form) == str(form) == "SignedForm()"


CROSSBORDER = "param2/1/com.alibaba.fenxiao.crossborder"
IMAGE_QUERY = '{"imageId":"123456789","beginPage":1,"pageSize":20,"country":"en","keyword":"书本"}'


@pytest.mark.parametrize(
    ("secret", "path", "params", "signature"),
    [
        (
            "test123",
            "param2/1/system/currentTime/1000000",
            {"b": 2, "a": 1},
            "33E54F4F7B989E3E0E912D3FBD2F1A03CA7CCE88",
        ),
        (
            "app-secret",
            "param2/1/com.alibaba.trade/alibaba.trade.getBuyerOrderList/5890829",
            {"access_token": "token-123", "page": "1", "pageSize": "20"},
            "7B91F432F48774204045D86636AFD333B71E95FB",
        ),
        (
            "test123",
            f"{CROSSBORDER}/product.search.imageQuery/1000000",
            {"access_token": "token-123", "_aop_timestamp": 1700000000000, "offerQueryParam": IMAGE_QUERY},
            "EA68754A049C13C9F5391DB2CB8DC61333933767",
        ),
        (
            "test123",
            f"{CROSSBORDER}/product.image.upload/1000000",
            {"access_token": "token-123", "uploadImageParam": '{"imageBase64":"/9j/4AAQ"}'},
            "60202A8901B432A2C91DC19CF1759573C2434B8A",
        ),
        (
            "test123",
            "param2/1/com.alibaba.linkplus/alibaba.cross.similar.offer.search/1000000",
            {"picUrl": "https://cbu01.alicdn.com/img/a.jpg", "page": 1, "access_token": "token-123"},
            "308C927F78736E5E8526BDF3C3EFA7A4D4FBEF3B",
        ),
        ("s", "p", {"a": "z", "ab": "c"}, "C9B6EDAF67EDA89A768A7C32F8C7A569BEE8BE1D"),
    ],
)
def test_golden_vectors_of_the_open_platform(secret: str, path: str, params: dict[str, object], signature: str) -> None:
    assert aop_signature(secret, path, params) == signature
    assert aop_signature(secret, path, dict(reversed(params.items())) | {"_aop_signature": "F" * 40}) == signature


def test_an_empty_value_is_signed() -> None:
    digest = hmac.new(b"s", b"pab", hashlib.sha1).hexdigest().upper()

    assert aop_signature("s", "p", {"b": "", "a": ""}) == digest


@STEADY
@given(params=st.dictionaries(TEXTS, TEXTS), secret=TEXTS, path=TEXTS)
def test_the_open_platform_s_form_carries_what_was_signed(params: dict[str, str], secret: str, path: str) -> None:
    form = aop_form(params, secret, path)

    sent = dict(parse_qsl(form.text, keep_blank_values=True, strict_parsing=True))
    assert sent == params | {"_aop_signature": form.signature}
    assert form.signature == aop_signature(secret, path, params)


@STEADY
@given(text=st.text(alphabet='aZ0-_.~ %+/={}":书', min_size=20, max_size=60).map(lambda text: text * 60))
def test_a_long_text_is_encoded_like_a_short_one(text: str) -> None:
    assert signed_form({"param": text}, "s").text.startswith(urlencode({"param": text}) + "&sign=")


def test_the_open_platform_s_form_shows_nothing_of_itself() -> None:
    form = aop_form(COMMON, "test123", "param2/1/system/currentTime/1000000")

    assert repr(form) == str(form) == "SignedForm()"
