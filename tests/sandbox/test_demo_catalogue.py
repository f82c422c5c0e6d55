"""The demo catalogue and the matching together: what ``make run`` shows and the README claims."""

from collections import Counter

import numpy as np
import pytest

from sandbox.calibration import main, measure
from sandbox.manifest import read_manifest
from sandbox.matching import similarity
from sandbox.offers import derive_offers
from tests.sandbox.running import CACHE, REAL_CATALOGUE, small_catalogue


@pytest.fixture(scope="module")
def manifest():
    return read_manifest(REAL_CATALOGUE)


@pytest.fixture(scope="module")
def measures(manifest):
    return measure(manifest, CACHE)


def test_the_catalogue_is_as_large_as_promised(manifest):
    offers = derive_offers(manifest)
    assert len(offers) >= 240
    assert len({offer.product for offer in offers}) >= 40
    assert len({offer.supplier for offer in offers if offer.supplier}) == 60
    assert min(Counter(offer.product for offer in offers).values()) >= 5


def test_no_query_photo_is_in_the_catalogue(manifest):
    pictures = {(manifest.folder / picture.file).read_bytes() for picture in manifest.pictures}
    assert all((manifest.folder / query.file).read_bytes() not in pictures for query in manifest.queries)


def test_a_query_photo_finds_its_own_product(measures):
    assert measures.queries >= 48
    assert measures.first >= 0.95
    assert measures.among_five >= 0.97


def test_similarity_tells_a_product_from_strangers(measures):
    assert np.median(similarity(measures.same)) >= 0.75
    assert np.mean(similarity(measures.strangers) < 0.8) >= 0.999


def test_the_measures_can_be_printed(capsys):
    main([str(small_catalogue())])
    printed = capsys.readouterr().out
    assert "6 query photos: true product first 100.0%, among five 100.0%" in printed
    assert printed.count("\n") == 3
