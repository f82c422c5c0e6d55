"""The check on arrival."""

import pytest

from searches.imaging import ImageRejected, PictureFacts
from searches.imaging.facts import inspect
from searches.imaging.preparing import prepare
from tests.searches.imaging.pictures import RED, at, encoded, flat, near, noise, quadrants, stored

FACTS = {
    "JPEG": ("JPEG", "image/jpeg", "jpg"),
    "MPO": ("JPEG", "image/jpeg", "jpg"),
    "PNG": ("PNG", "image/png", "png"),
    "WEBP": ("WEBP", "image/webp", "webp"),
    "GIF": ("GIF", "image/gif", "gif"),
    "BMP": ("BMP", "image/bmp", "bmp"),
    "TIFF": ("TIFF", "image/tiff", "tiff"),
    "HEIF": ("HEIC", "image/heic", "heic"),
}


@pytest.mark.parametrize("kind", FACTS)
def test_the_content_tells_the_format_and_the_size(kind):
    assert inspect(encoded(quadrants(120, 80), kind)) == PictureFacts(*FACTS[kind], 120, 80)


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 50}])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_kind_of_webp_is_measured(options, mode):
    facts = inspect(encoded(noise(120, 80).convert(mode), "WEBP", **options))
    assert (facts.width, facts.height) == (120, 80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_the_size_is_the_one_shown(kind, orientation):
    facts = inspect(stored(quadrants(120, 80), orientation, kind))
    assert (facts.width, facts.height) == (120, 80)


@pytest.mark.parametrize("kind", FACTS)
def test_no_pixel_is_decoded(kind, decoded):
    assert inspect(encoded(quadrants(120, 80), kind)).width == 120
    assert decoded == []
    prepare(encoded(quadrants(120, 80), kind))
    assert decoded != []


def test_a_png_may_tell_its_orientation_behind_its_pixels(decoded):
    data = stored(quadrants(120, 80), 6, "PNG")
    start = data.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(data[start : start + 4], "big")
    iend = data.index(b"IEND") - 4
    late = data[:start] + data[end:iend] + data[start:end] + data[iend:]
    assert (inspect(late).width, inspect(late).height) == (120, 80)
    assert decoded == []
    assert near(at(prepare(late).jpeg, 0.1, 0.1), RED)


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", encoded(flat())[:20]])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ImageRejected):
        inspect(data)
