"""The visual index: what it finds, and how it is kept."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image

from sandbox import matching
from sandbox.manifest import read_manifest
from sandbox.matching import load_index, similarity
from tests.sandbox.running import CACHE, SMALL_FLOOR, small_catalogue
from tests.sandbox.small_catalogue import PRODUCTS, QUERY_VIEW, photo


@pytest.fixture
def folder(tmp_path):
    """A copy of the small catalogue."""
    shutil.copytree(small_catalogue(), tmp_path / "copy")
    return tmp_path / "copy"


def _photo(product: str, view: float = QUERY_VIEW) -> Image.Image:
    return Image.open(io.BytesIO(photo(product, view)))


@pytest.fixture(scope="module")
def index():
    return load_index(read_manifest(small_catalogue()), CACHE)


def _products(found):
    return [file.removeprefix("pictures/").rsplit("-", 1)[0] for file, _ in found]


@pytest.mark.parametrize("product", PRODUCTS)
def test_further_views_of_a_product_are_nearest(index, product):
    assert _products(index.similar(_photo(product), floor=0.0))[:5] == [product] * 5


def test_the_same_picture_is_as_similar_as_can_be(index):
    file, score = index.similar(_photo("box-01", 0), floor=0.0)[0]
    assert file == "pictures/box-01-0.jpg"
    assert score > 0.99


@pytest.mark.parametrize("change", ["mirrored", "smaller", "darker", "margin"])
def test_changes_that_sellers_make_do_no_harm(index, change):
    picture = _photo("sign-01")
    changed = {
        "mirrored": lambda: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "smaller": lambda: picture.resize((90, 90)),
        "darker": lambda: picture.point(lambda level: round(level * 0.85)),
        "margin": lambda: _with_margin(picture),
    }[change]()
    assert _products(index.similar(changed, floor=0.0))[:4] == ["sign-01"] * 4


def _with_margin(picture):
    wide = Image.new("RGB", (picture.width * 2, picture.height + 60), picture.getpixel((2, 2)))
    wide.paste(picture, (20, 30))
    return wide


def test_strangers_stay_below_the_floor(index):
    found = index.similar(_photo("bar-01"), floor=SMALL_FLOOR)
    assert set(_products(found)) == {"bar-01"}
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(SMALL_FLOOR <= score <= 1 for score in scores)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2, 2), (500, 3), (800, 800)])
def test_any_picture_can_be_searched(index, size):
    for colour in ("white", "black", "red"):
        found = index.similar(Image.new("RGB", size, colour), floor=0.0)
        assert all(0 <= score <= 1 for _, score in found)


def test_similarity_falls_with_distance():
    scores = similarity(np.linspace(0, 2, 50, dtype=np.float32))
    assert (np.diff(scores) < 0).all()
    assert scores[0] > 0.99 and scores[-1] < 0.1


def test_file_names_play_no_part(folder, tmp_path):
    """Pictures of two products under each other's names are found by what they show."""
    one, two = folder / "pictures/plate-01-0.jpg", folder / "pictures/box-01-0.jpg"
    plate, box = one.read_bytes(), two.read_bytes()
    one.write_bytes(box)
    two.write_bytes(plate)
    index = load_index(read_manifest(folder), tmp_path / "cache")
    assert index.similar(_photo("box-01", 0), floor=0.0)[0][0] == "pictures/plate-01-0.jpg"


def test_the_index_is_made_once(folder, tmp_path, monkeypatch):
    manifest = read_manifest(folder)
    cache = tmp_path / "deep" / "cache"
    first = load_index(manifest, cache)
    assert [path.suffix for path in cache.iterdir()] == [".npz"]
    monkeypatch.setattr(matching, "embed", None)
    again = load_index(manifest, cache)
    monkeypatch.undo()
    assert again.similar(_photo("box-01"), 0.3) == first.similar(_photo("box-01"), 0.3)


def test_a_spoilt_cache_is_made_anew(folder, tmp_path):
    manifest = read_manifest(folder)
    expected = load_index(manifest, tmp_path / "cache").similar(_photo("box-01"), 0.3)
    (path,) = (tmp_path / "cache").iterdir()
    good = path.read_bytes()
    for spoilt in (b"", b"rubbish", good[: len(good) // 2]):
        path.write_bytes(spoilt)
        assert load_index(manifest, tmp_path / "cache").similar(_photo("box-01"), 0.3) == expected


def test_changed_pictures_make_another_index(folder, tmp_path):
    load_index(read_manifest(folder), tmp_path / "cache")
    (folder / "pictures/plate-01-0.jpg").write_bytes(photo("bar-01", 0))
    load_index(read_manifest(folder), tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2
