"""The same picture saved again has nearly the same hash; another product, or another colour of it, has not."""

from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from searches.imaging import SAME_PICTURE, Fingerprint, ImageRejected, distance, fingerprint, same_picture
from tests.searches.imaging import profiles
from tests.searches.imaging.pictures import BLUE, GREEN, RED, YELLOW, encoded, flat, noise, scene, stored

BLACK, GREY, ORANGE = (20, 20, 22), (120, 120, 124), (235, 120, 30)


def product(shape: str, colour: tuple[int, int, int], size: tuple[int, int] = (900, 700)) -> Image.Image:
    """Something on white, with light, shade and the grain of a sensor, as shops show it."""
    width, height = size
    light = np.linspace(1.15, 0.75, width)[None, :, None] * np.linspace(1.1, 0.85, height)[:, None, None]
    lit = np.clip(light * np.array(colour), 0, 255).astype(np.uint8)
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    box = (width * 0.25, height * 0.2, width * 0.7, height * 0.85)
    getattr(draw, shape)(box, fill=255)
    draw.line((width * 0.3, height * 0.2, width * 0.6, height * 0.05), fill=255, width=width // 40)
    picture = Image.new("RGB", size, "white")
    picture.paste(Image.fromarray(lit), mask=mask)
    grain = np.random.default_rng(1).normal(0, 2, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


PRODUCTS = {
    f"{shape} {colour}": product(shape, colour)
    for shape in ("ellipse", "rectangle")
    for colour in (RED, GREEN, BLUE, YELLOW, BLACK, GREY, ORANGE)
}
PICTURES = PRODUCTS | {"scene": scene(1200, 900), "sharp": scene(900, 1200).transpose(Image.Transpose.ROTATE_180)}


def saved_again(picture: Image.Image) -> dict[str, bytes]:
    width, height = picture.size
    half, third = picture.resize((width // 2, height // 2)), picture.resize((width // 3, height // 3))
    return {
        "quality 50": encoded(picture, "JPEG", quality=50),
        "progressive": encoded(picture, "JPEG", quality=75, progressive=True, subsampling=2),
        "half": encoded(half, "JPEG", quality=80),
        "odd size": encoded(picture.resize((int(width * 0.77), int(height * 0.77) + 1)), "JPEG"),
        "twice": encoded(half.resize(picture.size), "JPEG", quality=70),
        "PNG": encoded(third),
        "WebP": encoded(picture, "WEBP", quality=60),
        "BMP": encoded(third, "BMP"),
        "TIFF": encoded(half, "TIFF", compression="tiff_lzw"),
        "HEIC": encoded(half, "HEIF", quality=60),
        "turned by EXIF": stored(half, 6, "JPEG", quality=85),
        "transparent": encoded(on_glass(half)),
    }


def on_glass(picture: Image.Image) -> Image.Image:
    """The same to look at, but its white parts let through what is behind them."""
    white = np.asarray(picture).min(axis=2) >= 250
    pixels = np.dstack([np.asarray(picture), np.where(white, 0, 255).astype(np.uint8)])
    return Image.fromarray(pixels)


@pytest.mark.parametrize("name", ["ellipse (220, 30, 30)", "rectangle (20, 20, 22)", "scene", "sharp"])
def test_the_same_picture_saved_again_is_recognised(name):
    original = fingerprint(encoded(PICTURES[name], "JPEG", quality=92))
    same = {way: same_picture(original, fingerprint(data)) for way, data in saved_again(PICTURES[name]).items()}
    assert [way for way in same if not same[way]] == []


def side(detail: tuple[int, int]) -> Image.Image:
    """A black thing on white, with something white on it, at most of a block's size and away from its outline."""
    picture = product("rectangle", BLACK)
    left, top = detail
    ImageDraw.Draw(picture).rectangle((left, top, left + 70, top + 45), fill=(150, 150, 150))
    return picture


def test_two_sides_with_one_outline_are_not_the_same_picture():
    front, back = (fingerprint(encoded(side(place), "JPEG", quality=85)) for place in ((330, 300), (500, 300)))
    assert distance(front.hash, back.hash) <= SAME_PICTURE  # all that the hash alone tells
    assert not same_picture(front, back)
    assert same_picture(front, fingerprint(encoded(side((330, 300)).resize((300, 233)), "WEBP", quality=50)))


def test_where_the_blocks_are_unknown_the_hash_decides():
    known = fingerprint(encoded(side((330, 300))))
    assert same_picture(known, Fingerprint(known.hash, b""))
    assert not same_picture(known, Fingerprint(known.hash ^ 2**64 - 1, b""))


def test_different_products_and_different_colours_of_one_are_told_apart():
    hashes = {name: fingerprint(encoded(picture, "JPEG", quality=85)).hash for name, picture in PICTURES.items()}
    apart = {(one, other): distance(hashes[one], hashes[other]) for one, other in combinations(hashes, 2)}
    assert {pair: far for pair, far in apart.items() if far <= SAME_PICTURE} == {}


@pytest.mark.parametrize("kind", ["turned", "mirrored", "brighter", "cropped", "another motif"])
def test_what_is_not_the_same_picture_is_not_taken_for_it(kind):
    picture = PICTURES["ellipse (220, 30, 30)"]
    changed = {
        "turned": picture.transpose(Image.Transpose.ROTATE_90),
        "mirrored": picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "brighter": ImageEnhance.Brightness(picture).enhance(0.8),
        "cropped": picture.crop((0, 0, 700, 500)),
        "another motif": noise(900, 700),
    }[kind]
    assert not same_picture(fingerprint(encoded(picture)), fingerprint(encoded(changed)))


def test_it_has_64_bits_and_distance_is_that_of_a_metric():
    hashes = [fingerprint(encoded(picture, "JPEG")).hash for picture in PICTURES.values()]
    assert all(0 <= value < 2**64 for value in hashes)
    assert len(set(hashes)) == len(hashes)
    for one, other in combinations(hashes, 2):
        assert distance(one, other) == distance(other, one) > 0
        assert all(distance(one, other) <= distance(one, third) + distance(third, other) for third in hashes)
    assert distance(hashes[0], hashes[0]) == 0
    assert distance(0, 2**64 - 1) == 37 + 2 * 511


@pytest.mark.parametrize("colour", ["white", "black", RED])
def test_even_pictures_are_as_far_apart_as_their_colours(colour):
    here = fingerprint(encoded(flat(size=(300, 200), colour=colour)))
    assert same_picture(here, fingerprint(encoded(flat(size=(90, 90), colour=colour), "JPEG")))
    assert not same_picture(here, fingerprint(encoded(flat(colour=(128, 190, 128)))))


def test_the_colours_that_are_shown_count_not_those_that_are_stored():
    picture = PICTURES["ellipse (30, 180, 40)"]
    wide = encoded(picture, "JPEG", icc_profile=profiles.wide_gamut())
    assert not same_picture(fingerprint(encoded(picture, "JPEG")), fingerprint(wide))


def test_what_is_no_picture_is_refused():
    for data in (b"", b"text", encoded(noise(90, 90))[:900]):
        with pytest.raises(ImageRejected):
            fingerprint(data)
