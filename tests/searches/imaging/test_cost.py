"""Pictures that would take too much memory are refused by their header, in words; those just within are read."""

import struct
import sys

import pytest
from PIL import Image

from searches.imaging import MAX_PIXELS, ImageRejected, inspect, prepare
from searches.imaging.opening import MAX_DECODED
from tests.searches.imaging.pictures import encoded, flat

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there readers are limited")


def code_of(data: bytes) -> str:
    codes = set()
    for door in (inspect, prepare):
        with pytest.raises(ImageRejected) as refusal:
            door(data)
        codes.add(refusal.value.code)
    (code,) = codes
    return code


def picture(kind: str, megapixels: float, **options: object) -> bytes:
    height = 4000
    return encoded(flat("RGB", (int(megapixels * 1e6 / height), height), (90, 120, 60)), kind, **options)


TURNED = Image.Exif()
TURNED[0x0112] = 6
# The most that each format may have when it takes the most memory a pixel, of what is coded in few bytes.
LARGEST = {
    "PNG": (49.9, {"compress_level": 1}),
    "lossy WebP": (15.6, {"method": 0}),
    "lossless WebP": (15.6, {"lossless": True, "quality": 0, "method": 0}),
    "TIFF": (31.2, {"compression": "tiff_adobe_deflate", "exif": TURNED}),
    "JPEG": (41.6, {"progressive": True, "subsampling": 0}),
    "GIF": (49.9, {}),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_pictures_are_read(name):
    megapixels, options = LARGEST[name]
    prepared = prepare(picture(name.split()[-1], megapixels, **options))
    assert max(prepared.width, prepared.height) == 800


@pytest.mark.parametrize("name", ["lossy WebP", "TIFF", "JPEG"])
def test_larger_ones_are_refused_by_their_header(name):
    megapixels, options = LARGEST[name]
    assert code_of(picture(name.split()[-1], megapixels * 1.02, **options)) == "too-costly"


def test_a_large_heic_is_refused_by_its_header():
    small = encoded(flat(size=(64, 64)), "HEIF")
    claiming = small.replace(struct.pack(">II", 64, 64), struct.pack(">II", 7000, 7000))
    assert MAX_DECODED / 7 < 7000 * 7000 < MAX_PIXELS
    assert code_of(claiming) == "too-costly"


def test_plain_jpegs_are_read_up_to_the_limit_of_pixels():
    assert prepare(picture("JPEG", 50, subsampling=0)).width == 800
    assert prepare(picture("JPEG", 50, progressive=True)).width == 800
