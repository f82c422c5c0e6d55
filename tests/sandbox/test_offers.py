"""Offers derived from a catalogue, and the catalogue's folder itself."""

import json
from collections import Counter
from decimal import Decimal

import pytest

from sandbox.companies import all_suppliers
from sandbox.manifest import ManifestError, read_manifest
from sandbox.offers import derive_offers
from tests.sandbox.running import small_catalogue


@pytest.fixture(scope="module")
def manifest():
    return read_manifest(small_catalogue(20))


def test_offers_are_the_same_every_time(manifest):
    assert derive_offers(manifest) == derive_offers(read_manifest(small_catalogue(20)))


def test_an_offer_keeps_its_id_when_the_catalogue_grows(manifest):
    small = {(offer.picture, offer.offer_id) for offer in derive_offers(read_manifest(small_catalogue()))}
    large = {(offer.picture, offer.offer_id) for offer in derive_offers(manifest)}
    assert small < large


def test_every_picture_is_offered_and_some_are_copied(manifest):
    shown = Counter(offer.picture for offer in derive_offers(manifest))
    assert set(shown) == {picture.file for picture in manifest.pictures}
    assert set(shown.values()) == {1, 2}


def test_no_supplier_offers_a_product_twice(manifest):
    pairs = [(offer.product, offer.supplier.user_id) for offer in derive_offers(manifest) if offer.supplier]
    assert len(pairs) == len(set(pairs))


def test_prices_keep_to_the_products_band_and_fall_with_the_order(manifest):
    offers = derive_offers(manifest)
    for offer in offers:
        product = manifest.products[offer.product]
        assert product.price_low * Decimal("0.7") <= offer.price <= product.price_high * Decimal("1.2")
        assert offer.price == offer.price.quantize(Decimal("0.01"))
    tiles = [offer for offer in offers if offer.product == "tile-01" and offer.min_buy]
    small = [offer.price for offer in tiles if offer.min_buy < 5]
    large = [offer.price for offer in tiles if offer.min_buy >= 100]
    assert sum(large) / len(large) < sum(small) / len(small)


def test_titles_name_the_product_and_stay_short(manifest):
    for offer in derive_offers(manifest):
        product = manifest.products[offer.product]
        assert product.name_zh.split()[0] in offer.title
        assert len(offer.title) <= 30


def test_oddities_are_a_handful(manifest):
    offers = derive_offers(manifest)
    assert 1 <= sum(offer.supplier is None for offer in offers) <= len(offers) // 50
    assert 1 <= sum(offer.min_buy is None for offer in offers) <= len(offers) // 50
    assert 1 <= sum(offer.price_is_number for offer in offers) <= len(offers) // 50


def test_sixty_suppliers():
    suppliers = all_suppliers()
    assert len(suppliers) == 60
    assert len({supplier.user_id for supplier in suppliers}) == 60
    assert len({supplier.company_name for supplier in suppliers}) == 60
    assert {supplier.credit_level for supplier in suppliers} == {0, 1, 2, 3, 4, 5}


def _folder(tmp_path, **changes):
    manifest = json.loads((small_catalogue() / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"queries": []} | changes), encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "outside.txt").write_text("no picture")
    return tmp_path


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"version": 2}, "version"),
        ({"pictures": []}, "no pictures"),
        ({"pictures": [{"file": "pictures/a.jpg", "product": "plate-01"}]}, "missing"),
        ({"pictures": [{"file": "../a.jpg", "product": "plate-01"}]}, "inside"),
        ({"pictures": [{"file": "/etc/a.jpg", "product": "plate-01"}]}, "inside"),
        ({"pictures": [{"file": "outside.txt", "product": "plate-01"}]}, "not a picture"),
        ({"pictures": [{"file": "pictures/a.jpg", "product": "unknown"}]}, "unknown"),
        ({"pictures": [{}]}, "lacks"),
        ({"pictures": 7}, "lacks"),
        ({"products": [{"id": "plate-01"}]}, "lacks"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told(tmp_path, changes, word):
    with pytest.raises(ManifestError, match=word):
        read_manifest(_folder(tmp_path, **changes))


def test_a_manifest_must_be_there_and_be_json(tmp_path):
    with pytest.raises(ManifestError, match="no catalogue"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ManifestError, match="not JSON"):
        read_manifest(tmp_path)
