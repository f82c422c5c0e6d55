"""Turned cameras and crops: both are meant for the picture as a person sees it."""

import pytest
from PIL import Image

from searches.imaging import ENHANCED, Box, prepare
from tests.searches.imaging.pictures import (
    BLUE,
    GREEN,
    RED,
    STORED,
    YELLOW,
    at,
    difference,
    encoded,
    near,
    quadrants,
    scene,
    shown,
    stored,
)

WITH_EXIF = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")


@pytest.fixture(scope="module")
def large_scene() -> Image.Image:
    return scene(3600, 1200)


@pytest.mark.parametrize("kind", WITH_EXIF)
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_of_every_format_comes_out_upright(kind, orientation):
    prepared = prepare(stored(quadrants(), orientation, kind))
    assert (prepared.width, prepared.height) == shown(prepared.jpeg).size == (240, 160)
    corners = [at(prepared.jpeg, *place) for place in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))]
    assert all(map(near, corners, (RED, GREEN, BLUE, YELLOW))), corners


@pytest.mark.parametrize("kind", WITH_EXIF)
@pytest.mark.parametrize("orientation", STORED)
def test_a_crop_is_taken_from_the_upright_picture(kind, orientation):
    prepared = prepare(stored(quadrants(), orientation, kind), crop=Box(0.5, 0, 1, 0.5))
    assert (prepared.width, prepared.height) == (120, 80)
    assert near(at(prepared.jpeg, 0.1, 0.1), GREEN)
    assert near(at(prepared.jpeg, 0.9, 0.9), GREEN)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("crop", [None, Box(0.1, 0.2, 0.75, 0.9), Box(0.6, 0.05, 0.9, 0.95)])
def test_the_fast_way_shows_what_the_plain_way_shows(orientation, crop):
    upright = scene()
    prepared = prepare(stored(upright, orientation, "JPEG", quality=95), crop=crop)
    if crop:
        edges = (crop.left * 2000, crop.top * 1500, crop.right * 2000, crop.bottom * 1500)
        upright = upright.crop(tuple(round(edge) for edge in edges))
    upright.thumbnail((800, 800), Image.Resampling.LANCZOS, reducing_gap=None)
    assert difference(shown(prepared.jpeg), upright) < 5  # 3 by another filter; 10 if it were decoded too small


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_crop_out_of_a_large_picture_is_exact(large_scene, kind, mode):
    picture = large_scene.convert(mode, dither=Image.Dither.NONE)
    options = {"compress_level": 1} if kind == "PNG" else {}
    prepared = prepare(encoded(picture, kind, **options), crop=Box(0.05, 0.1, 0.95, 0.9))
    plain = picture.crop((180, 120, 3420, 1080)).convert("RGB").resize((800, 237), Image.Resampling.LANCZOS)
    assert difference(shown(prepared.jpeg), plain) < 7  # at most 5.5 by another filter; 11 a line aside


@pytest.mark.parametrize("orientation", STORED)
def test_the_square_of_enhanced_lies_in_the_middle(orientation):
    upright = Image.new("RGB", (300, 100), RED)
    upright.paste(GREEN, (100, 0, 200, 100))
    prepared = prepare(stored(upright, orientation, "JPEG", quality=95, subsampling=0), preset=ENHANCED)
    assert (prepared.width, prepared.height) == (100, 100)
    for place in (0.03, 0.5, 0.97):
        red, green, _ = at(prepared.jpeg, place, 0.5)
        assert green > 2 * red


def test_a_tiny_crop_keeps_at_least_a_pixel():
    prepared = prepare(encoded(quadrants()), crop=Box(0.9999, 0.9999, 1, 1))
    assert (prepared.width, prepared.height) == (1, 1)
    assert near(at(prepared.jpeg, 0, 0), YELLOW)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's own, of the EXIF it can't read
@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0nonsense"])
def test_unreadable_exif_does_no_harm(exif):
    prepared = prepare(encoded(quadrants(), "JPEG", exif=exif))
    assert near(at(prepared.jpeg, 0.1, 0.1), RED)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_ignored(value):
    exif = Image.Exif()
    exif[0x0112] = value
    prepared = prepare(encoded(quadrants(), "JPEG", exif=exif))
    assert near(at(prepared.jpeg, 0.1, 0.1), RED)
    assert "oriented" not in prepared.steps


def test_the_steps_tell_of_turning_cropping_and_scaling():
    assert prepare(encoded(quadrants(), "JPEG")).steps == ()
    turned = prepare(stored(scene(), 6, "JPEG"), crop=Box(0, 0, 0.9, 0.9))
    assert turned.steps == ("cropped", "resized", "oriented")
