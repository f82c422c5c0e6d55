"""Whatever a file holds comes out as sRGB on white."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageCms

from searches.imaging import Box, ImageRejected, prepare
from tests.searches.imaging import profiles
from tests.searches.imaging.pictures import (
    BLUE,
    FORMATS,
    GREEN,
    RED,
    WHITE,
    YELLOW,
    at,
    encoded,
    flat,
    near,
    noise,
    png,
    quadrants,
    shown,
)

MODES = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "WEBP": ("L", "RGB", "RGBA"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F", "I;16"),
    "HEIF": ("L", "LA", "RGB", "RGBA"),
}


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind in FORMATS for mode in MODES[kind]])
def test_every_mode_of_every_format_keeps_its_brightness(kind, mode):
    dark_and_light = Image.new("L", (64, 64), 10)
    dark_and_light.paste(245, (32, 0, 64, 64))
    if mode == "LAB":
        lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        picture = ImageCms.applyTransform(dark_and_light.convert("RGB"), lab)
    elif mode == "I;16":
        picture = Image.fromarray(np.asarray(dark_and_light).astype(np.uint16) * 257)
    elif mode in ("CMYK", "YCbCr", "RGBA", "P"):
        picture = dark_and_light.convert("RGB").convert(mode)
    else:
        picture = dark_and_light.convert(mode)
    prepared = prepare(encoded(picture, kind))
    assert near(at(prepared.jpeg, 0.2, 0.5), (10, 10, 10))
    assert near(at(prepared.jpeg, 0.8, 0.5), (245, 245, 245))


def _half_transparent(mode: str) -> Image.Image:
    """Red on the left; on the right a black that is not to be seen."""
    picture = Image.new("RGBA", (200, 100), (*RED, 255))
    picture.paste((0, 0, 0, 0), (100, 0, 200, 100))
    return picture.convert(mode) if mode != "P" else picture.quantize(8)


def _declared_transparent() -> bytes:
    picture = quadrants().quantize(4, dither=Image.Dither.NONE)
    return encoded(picture, transparency=picture.getpixel((1, 1)))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("GIF", "RGBA"),
        ("WEBP", "RGBA"),
        ("TIFF", "RGBA"),
        ("HEIF", "RGBA"),
    ],
)
def test_transparent_parts_become_white(kind, mode):
    options = {"lossless": True} if kind == "WEBP" else {}
    prepared = prepare(encoded(_half_transparent(mode), kind, **options))
    assert near(at(prepared.jpeg, 0.9, 0.5), WHITE)
    assert max(at(prepared.jpeg, 0.2, 0.5)[1:]) < 130
    assert "flattened" in prepared.steps


@pytest.mark.parametrize(("mode", "colour", "transparent"), [("L", 90, 90), ("RGB", RED, RED), ("1", 0, 0)])
def test_a_colour_declared_transparent_becomes_white(mode, colour, transparent):
    prepared = prepare(encoded(flat(mode, colour=colour), "PNG", transparency=transparent))
    assert near(at(prepared.jpeg, 0.5, 0.5), WHITE)


def test_a_palette_entry_declared_transparent_becomes_white():
    jpeg = prepare(_declared_transparent()).jpeg
    assert near(at(jpeg, 0.1, 0.1), WHITE)
    assert near(at(jpeg, 0.9, 0.1), GREEN)


def test_what_is_half_transparent_is_mixed_with_white():
    prepared = prepare(encoded(flat("RGBA", colour=(0, 0, 0, 128))))
    assert near(at(prepared.jpeg, 0.5, 0.5), (127, 127, 127), 3)


def test_hidden_colours_do_not_bleed_when_a_large_cut_out_is_scaled():
    picture = Image.new("RGBA", (3000, 3000), (0, 0, 0, 0))
    picture.paste((*YELLOW, 255), (1000, 1000, 2000, 2000))
    prepared = shown(prepare(encoded(picture, compress_level=1)).jpeg)
    edge = np.asarray(prepared)[400, 250:290].astype(int)  # from white to yellow, never darker than either
    assert edge[:, 0].min() > 210
    assert edge[:, 1].min() > 200


def test_an_embedded_wide_gamut_profile_is_honoured():
    colour = (110, 180, 100)
    profile = profiles.wide_gamut()
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF"):
        prepared = prepare(encoded(flat(colour=colour), kind, icc_profile=profile))
        assert near(at(prepared.jpeg, 0.5, 0.5), _adobe_rgb_to_srgb(colour), 5), kind
        assert prepared.steps == ("converted",)
    assert not near(colour, _adobe_rgb_to_srgb(colour), 15)


def _adobe_rgb_to_srgb(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    linear = (np.array(colour) / 255) ** profiles.ADOBE_RGB_GAMMA
    xyz = np.array([profiles.ADOBE_RGB_PRIMARIES[channel] for channel in "rgb"]).T @ linear
    to_srgb = [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.033454],
        [0.0719453, -0.2289914, 1.4052427],
    ]
    light = np.clip(np.array(to_srgb) @ xyz, 0, 1)
    red, green, blue = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    return round(red), round(green), round(blue)


def test_a_profile_is_honoured_beneath_transparency():
    picture = flat("RGBA", colour=(110, 180, 100, 255))
    prepared = prepare(encoded(picture, icc_profile=profiles.wide_gamut()))
    assert near(at(prepared.jpeg, 0.5, 0.5), _adobe_rgb_to_srgb((110, 180, 100)), 5)
    assert prepared.steps == ("converted", "flattened")


def test_a_grey_profile_is_honoured():
    linear = prepare(encoded(flat("L", colour=55), icc_profile=profiles.grey_gamma(1.0)))
    assert near(at(linear.jpeg, 0.5, 0.5), (128, 128, 128), 4)


def test_a_profile_for_colours_is_honoured_on_a_grey_picture():
    dark = prepare(encoded(flat("L", colour=40), "JPEG", icc_profile=profiles.wide_gamut()))
    assert near(at(dark.jpeg, 0.5, 0.5), _adobe_rgb_to_srgb((40, 40, 40)), 3)
    assert "profile-ignored" not in dark.steps


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_printing_profile_is_honoured(kind):
    cyan = flat("CMYK", colour=(255, 0, 0, 0))
    prepared = prepare(encoded(cyan, kind, icc_profile=profiles.cyan_prints_grey()))
    assert near(at(prepared.jpeg, 0.5, 0.5), (119, 119, 119), 6)


@pytest.mark.parametrize(
    "profile",
    [b"broken", profiles.wide_gamut()[:200], bytes(4000), profiles.cyan_prints_grey(), profiles.grey_gamma(2.2)],
)
def test_a_profile_that_is_broken_or_of_another_kind_is_ignored(profile):
    prepared = prepare(encoded(quadrants(), "JPEG", icc_profile=profile))
    assert near(at(prepared.jpeg, 0.1, 0.1), RED)
    assert prepared.steps == ("profile-ignored",)


def test_cmyk_comes_out_right_way_round_with_and_without_adobes_marker():
    red = flat("CMYK", colour=(0, 255, 255, 0))
    assert near(at(prepare(encoded(red, "JPEG")).jpeg, 0.5, 0.5), (255, 0, 0))
    # Pillow stores inks upside down and adds the marker that says so; without it they are meant as they stand.
    marked = encoded(ImageChops.invert(red), "JPEG")
    start = marked.index(b"\xff\xee")
    unmarked = marked[:start] + marked[start + 2 + int.from_bytes(marked[start + 2 : start + 4], "big") :]
    assert b"Adobe" not in unmarked
    assert near(at(prepare(unmarked).jpeg, 0.5, 0.5), (255, 0, 0))


def _ramp(kind: str) -> bytes:
    samples = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    if kind == "big-endian TIFF":
        return encoded(Image.fromarray(samples.astype(">u2")), "TIFF")
    if kind == "32-bit TIFF":
        return encoded(Image.fromarray(samples.astype(np.int32) * 20_000), "TIFF")
    if kind == "float TIFF":
        return encoded(Image.fromarray((samples / 65535).astype(np.float32)), "TIFF")
    if kind == "negative TIFF":
        return encoded(Image.fromarray(samples.astype(np.int32) - 30_000), "TIFF")
    if kind == "RGB PNG":
        return png(256, 64, 16, 2, samples.astype(">u2").repeat(3).tobytes())
    return encoded(Image.fromarray(samples), kind)


@pytest.mark.parametrize(
    "kind", ["PNG", "RGB PNG", "TIFF", "big-endian TIFF", "32-bit TIFF", "negative TIFF", "float TIFF"]
)
def test_deep_samples_are_scaled_and_not_cut_off(kind):
    prepared = prepare(_ramp(kind))
    for place in (0.02, 0.25, 0.5, 0.75, 0.98):
        level = round(place * 255)
        assert near(at(prepared.jpeg, place, 0.5), (level, level, level), 4)


def test_a_large_deep_picture_keeps_its_levels():
    samples = np.tile(np.linspace(0, 65535, 2400).astype(np.uint16), (1700, 1))
    prepared = prepare(encoded(Image.fromarray(samples)), crop=Box(0.25, 0, 1, 1))
    assert near(at(prepared.jpeg, 0.0, 0.5), (64, 64, 64), 3)
    assert near(at(prepared.jpeg, 0.99, 0.99), (253, 253, 253), 3)


def test_floats_without_a_range_are_refused_and_nothing_else_is_raised():
    samples = np.array([[0.0, np.nan], [np.inf, 1.0]], dtype=np.float32)
    with pytest.raises(ImageRejected):
        prepare(encoded(Image.fromarray(samples), "TIFF"))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "PNG", "MPO"])
def test_of_several_frames_the_first_counts(kind):
    frames = [flat(colour=colour) for colour in (BLUE, RED, GREEN)]
    prepared = prepare(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert near(at(prepared.jpeg, 0.5, 0.5), BLUE)


@pytest.mark.parametrize("profile", [None, profiles.wide_gamut()])
def test_no_metadata_gets_out(profile):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x8825] = {1: "N", 2: (48.0, 8.0, 0.0)}
    data = encoded(
        quadrants(),
        "JPEG",
        exif=exif,
        comment=b"secret comment",
        xmp=b"<x:xmpmeta>secret note</x:xmpmeta>",
        icc_profile=profile,
    )
    assert data.count(b"secret") == 3
    jpeg = prepare(data).jpeg
    assert b"secret" not in jpeg
    assert b"made for a test" not in jpeg
    picture = Image.open(BytesIO(jpeg))
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1600, 1200), (800, 600)),
        ((300, 2400), (100, 800)),
        ((801, 800), (800, 799)),
        ((9000, 3), (800, 1)),
        ((5, 7), (5, 7)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_are_fitted_and_never_enlarged(kind, size, expected):
    prepared = prepare(encoded(noise(*size), kind))
    assert (prepared.width, prepared.height) == shown(prepared.jpeg).size == expected
    assert ("resized" in prepared.steps) == (size != expected)
