"""The demo catalogue is whole: every picture is there, is what the manifest says, and is small enough to commit."""

import hashlib
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

CATALOGUE = Path(__file__).resolve().parents[2] / "sandbox" / "catalogue"


@pytest.fixture(scope="module")
def manifest():
    return json.loads((CATALOGUE / "manifest.json").read_text(encoding="utf-8"))


def test_there_are_enough_products_pictures_and_queries(manifest):
    products = {product["id"] for product in manifest["products"]}
    views = Counter(picture["product"] for picture in manifest["pictures"])
    assert len(products) >= 48
    assert len(products) == len(manifest["products"])
    assert len(manifest["pictures"]) >= 300
    assert set(views) == products
    assert all(5 <= count <= 8 for count in views.values())
    assert Counter(query["product"] for query in manifest["queries"]) == Counter(products)


def test_every_picture_opens_and_has_the_size_it_claims(manifest):
    for entry in [*manifest["pictures"], *manifest["queries"]]:
        with Image.open(CATALOGUE / entry["file"], formats=["JPEG"]) as picture:
            picture.load()
        assert picture.size == (entry["width"], entry["height"]), entry["file"]
        assert 400 <= min(picture.size) <= max(picture.size) <= 480, entry["file"]


def test_no_picture_is_blank(manifest):
    for entry in [*manifest["pictures"], *manifest["queries"]]:
        with Image.open(CATALOGUE / entry["file"]) as picture:
            low, high = picture.convert("L").getextrema()
        assert high - low > 60, entry["file"]


def test_the_files_are_those_of_the_manifest_and_stay_under_ten_megabytes(manifest):
    named = {entry["file"] for entry in [*manifest["pictures"], *manifest["queries"]]}
    files = {path.relative_to(CATALOGUE).as_posix(): path for path in CATALOGUE.rglob("*.jpg")}
    assert set(files) == named
    assert sum(path.stat().st_size for path in files.values()) < 10_000_000
    assert max(path.stat().st_size for path in files.values()) < 80_000


def test_no_two_pictures_are_the_same_and_no_query_is_in_the_catalogue(manifest):
    files = [entry["file"] for entry in [*manifest["pictures"], *manifest["queries"]]]
    digests = {hashlib.sha256((CATALOGUE / file).read_bytes()).hexdigest() for file in files}
    assert len(digests) == len(files) == len(set(files))


def test_every_product_has_names_and_plausible_trade_data(manifest):
    for product in manifest["products"]:
        assert product["category"] == product["id"].rsplit("-", 1)[0]
        assert product["name_en"].isascii()
        assert product["name_en"]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in product["name_zh"])
        assert len(product["keywords_zh"]) >= 2
        assert product["material_zh"]
        assert product["color_zh"]
        assert Decimal("0.5") < Decimal(product["price_low"]) < Decimal(product["price_high"]) < Decimal(500)
        assert product["weight_g"] > 0


def test_names_tell_products_apart(manifest):
    for key in ("name_en", "name_zh"):
        names = [product[key] for product in manifest["products"]]
        assert len(set(names)) == len(names)


def test_each_product_is_shown_in_different_ways(manifest):
    for product in manifest["products"]:
        own = [picture for picture in manifest["pictures"] if picture["product"] == product["id"]]
        assert len({picture["background"] for picture in own}) >= 3, product["id"]
        assert len({picture["light"] for picture in own}) >= 3, product["id"]
    assert 40 <= sum(picture["watermark"] for picture in manifest["pictures"]) <= 200
