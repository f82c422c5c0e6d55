"""Signatures against the protocol's golden vectors and against the standard library's encoding."""

import base64
import hashlib
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searches.marketplaces.signing import md5_signature, signed_form

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
