"""What vectors find, on products that nothing was learned from: of the rendered catalogue, and of real photos."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from searches.visual import embed, similarities, similarity
from searches.visual.making.disturbing import disturbed
from searches.visual.making.labelled import Labelled, read_catalogue, read_photos
from searches.visual.making.measuring import Measures, measure
from tests.searches.visual.pictures import ball, encoded, noise

ROOT = Path(__file__).parents[3]
CATALOGUE, PHOTOS = ROOT / "sandbox" / "catalogue", ROOT.parent / "shared" / "photos"

pytestmark = pytest.mark.xdist_group("eye")  # or every process would embed the catalogue


@dataclass(frozen=True)
class Gallery:
    """What is offered; ``held_out`` is what one asks with: pictures of products that nothing was learned from."""

    pictures: list[Labelled]
    vectors: np.ndarray
    held_out: list[Labelled]

    def asked(self, change: Callable[[Image.Image, int], Image.Image]) -> Measures:
        """Each picture held out, changed, among all."""
        asking = [encoded(change(opened(picture), number), quality=85) for number, picture in enumerate(self.held_out)]
        return measure(self.scores(embed(asking)), self.held_out, self.pictures, itself=True)

    def asked_as_they_are(self, pictures: list[Labelled]) -> Measures:
        """Pictures as they are, among all others."""
        return measure(self.scores(vectors_of(pictures)), pictures, self.pictures, itself=False)

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        return np.stack([similarities(vector, self.vectors) for vector in vectors])


def opened(picture: Labelled) -> Image.Image:
    return Image.open(BytesIO(picture.path.read_bytes())).convert("RGB")


def vectors_of(pictures: list[Labelled]) -> np.ndarray:
    return embed([picture.path.read_bytes() for picture in pictures])


@pytest.fixture(scope="module")
def catalogue() -> Gallery:
    known = read_catalogue(CATALOGUE)
    offered = [picture for picture in known if not picture.asks]
    return Gallery(offered, vectors_of(offered), [picture for picture in offered if picture.held_out])


@pytest.fixture(scope="module")
def photos() -> Gallery:
    if not PHOTOS.is_dir():
        pytest.skip("the real photos are not beside the project")
    known = read_photos(PHOTOS)
    return Gallery(known, vectors_of(known), [picture for picture in known if picture.held_out])


def disturb(photo: Image.Image, number: int) -> Image.Image:
    return disturbed(photo, np.random.default_rng([2026, number]), background=False)


def disturb_and_move(photo: Image.Image, number: int) -> Image.Image:
    return disturbed(photo, np.random.default_rng([2026, number]), background=True)


def as_resellers_do(photo: Image.Image, number: int) -> Image.Image:
    """Smaller, without its edges."""
    width, height = photo.size
    return ImageOps.crop(photo, round(min(photo.size) * 0.02)).resize((width * 3 // 5, height * 3 // 5))


def taken_again(photo: Image.Image, number: int) -> Image.Image:
    """From nearly the same place, in a little less light."""
    turned = photo.rotate((-1) ** number * 2, Image.Resampling.BICUBIC, fillcolor=photo.getpixel((2, 2)))
    return ImageEnhance.Brightness(ImageOps.crop(turned, round(min(photo.size) * 0.04))).enhance(0.93)


def test_a_query_photo_finds_its_product(catalogue):
    asking = [picture for picture in read_catalogue(CATALOGUE) if picture.asks and picture.held_out]
    found = catalogue.asked_as_they_are(asking)
    assert found.queries == len(asking) > 10
    assert found.recall_at_10 == 1
    assert found.mean_average_precision > 0.9


def test_views_of_a_product_find_each_other(catalogue):
    found = catalogue.asked_as_they_are(catalogue.held_out)
    assert found.recall_at_1 > 0.95
    assert found.mean_average_precision > 0.9


CHANGES: dict[str, Callable[[Image.Image, int], Image.Image]] = {
    "mirrored": lambda photo, number: ImageOps.mirror(photo),
    "cropped": lambda photo, number: ImageOps.crop(photo, round(min(photo.size) * 0.12)),
    "turned": lambda photo, number: photo.rotate((-1) ** number * 12, Image.Resampling.BICUBIC, fillcolor="white"),
    "darker": lambda photo, number: ImageEnhance.Brightness(photo).enhance(0.6),
    "disturbed in every way": disturb,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_picture_finds_its_product(catalogue, change):
    found = catalogue.asked(change)
    assert found.recall_at_10 > 0.98
    assert found.recall_at_1 > 0.9


def test_nine_of_ten_pairs_told_to_be_the_same_are(catalogue):
    for change, told in ((taken_again, 20), (as_resellers_do, 60)):
        found = catalogue.asked(change)
        assert found.pairs > told
        assert found.precision >= 0.9


def test_another_view_of_a_real_product_is_found_within_ten(photos):
    found = photos.asked_as_they_are(photos.pictures)
    assert found.queries > 40
    assert found.recall_at_10 > 0.92
    assert photos.asked_as_they_are(photos.held_out).recall_at_10 > 0.92


def test_a_disturbed_photo_is_found_within_ten(photos):
    found = photos.asked(disturb_and_move)
    assert found.recall_at_10 > 0.98


def test_nine_of_ten_real_pairs_told_to_be_the_same_are(photos):
    for change, told in ((taken_again, 8), (as_resellers_do, 20)):
        found = photos.asked(change)
        assert found.pairs > told
        assert found.precision >= 0.9
    found = photos.asked_as_they_are(photos.pictures)
    assert found.precision_any_colour >= 0.9


def test_another_colour_lies_between_the_product_and_strangers(photos):
    scores = photos.scores(vectors_of(photos.held_out))
    lying: dict[str, list[float]] = {"same": [], "other colour": [], "stranger": []}
    for query, row in zip(photos.held_out, scores, strict=True):
        for other, score in zip(photos.pictures, row, strict=True):
            if other is not query:
                kind = "same" if other.product == query.product else "other colour"
                lying[kind if other.family == query.family else "stranger"].append(float(score))
    same, colour, stranger = (float(np.median(scores)) for scores in lying.values())
    assert same > colour + 0.05
    assert colour > stranger + 0.1


def test_colours_of_one_form_are_told_apart():
    red, darker, blue, other = embed(
        [
            encoded(ball((200, 40, 30))),
            encoded(ImageEnhance.Brightness(ball((200, 40, 30))).enhance(0.8)),
            encoded(ball((30, 60, 200))),
            encoded(noise(5)),
        ]
    )
    assert similarity(red, darker) > similarity(red, blue) + 0.1
    assert similarity(red, blue) > similarity(red, other)
