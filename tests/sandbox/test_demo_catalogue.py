"""The demo catalogue and the matching together: what ``make run`` shows and the README claims."""

import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from sandbox.manifest import read_manifest
from sandbox.matching import load_index, similarity
from sandbox.offers import derive_offers
from tests.sandbox.running import REAL_CACHE, REAL_CATALOGUE


@pytest.fixture(scope="module")
def manifest():
    return read_manifest(REAL_CATALOGUE)


@pytest.fixture(scope="module")
def distances(manifest):
    """Of every query photo from every picture, shape (queries, pictures)."""
    index = load_index(manifest, REAL_CACHE)
    return np.stack([index.distances(_opened(manifest.folder / query.file)) for query in manifest.queries])


def _opened(path):
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return image.convert("RGB")


def test_the_catalogue_is_as_large_as_promised(manifest):
    offers = derive_offers(manifest)
    assert len(offers) >= 240
    assert len({offer.product for offer in offers}) >= 40
    assert len({offer.supplier for offer in offers if offer.supplier}) == 60
    assert min(Counter(offer.product for offer in offers).values()) >= 5


def test_no_query_photo_is_in_the_catalogue(manifest):
    pictures = {(manifest.folder / picture.file).read_bytes() for picture in manifest.pictures}
    assert all((manifest.folder / query.file).read_bytes() not in pictures for query in manifest.queries)


def test_a_query_photo_finds_its_own_product(manifest, distances):
    products = np.array([picture.product for picture in manifest.pictures])
    found = products[np.argsort(distances, axis=1)]
    wanted = np.array([query.product for query in manifest.queries])[:, None]
    first, among_five = (found[:, :1] == wanted).mean(), (found[:, :5] == wanted).any(axis=1).mean()
    assert first >= 0.8
    assert among_five >= 0.9


def test_similarity_tells_a_product_from_strangers(manifest, distances):
    products = np.array([picture.product for picture in manifest.pictures])
    same = np.array([query.product for query in manifest.queries])[:, None] == products
    scores = similarity(distances)
    nearest_own = np.where(same, scores, 0).max(axis=1)
    assert np.median(nearest_own) >= 0.8
    assert (scores[~same] < 0.8).mean() >= 0.99
