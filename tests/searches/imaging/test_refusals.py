"""Every refusal has its code, and none costs memory."""

import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageFile

from searches.imaging import MAX_BYTES, MAX_PIXELS, ImageRejected
from searches.imaging.facts import inspect
from searches.imaging.preparing import prepare
from tests.searches.imaging.bombs import progressive
from tests.searches.imaging.pictures import FORMATS, encoded, flat, noise, png, quadrants, scene

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def code_of(function, data: bytes) -> str:
    with pytest.raises(ImageRejected) as refusal:
        function(data)
    return refusal.value.code


@pytest.mark.parametrize("function", [inspect, prepare])
def test_an_empty_file(function):
    assert code_of(function, b"") == "empty"


@pytest.mark.parametrize("function", [inspect, prepare])
def test_too_many_bytes_whatever_they_are(function):
    picture = encoded(quadrants(), "JPEG")
    function(picture + bytes(MAX_BYTES - len(picture)))
    assert code_of(function, picture + bytes(MAX_BYTES - len(picture) + 1)) == "too-large"


@pytest.mark.parametrize("function", [inspect, prepare])
@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"\xef\xbb\xbf  \n" + SVG,
        b'<?xml version="1.0"?>\n<!-- made by hand -->\n' + SVG,
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">' + SVG,
        b'<!DOCTYPE svg [ <!ENTITY a "b"> ]>' + SVG,
        SVG.replace(b"svg", b"s:svg"),
        SVG.upper(),
        SVG.decode().encode("utf-16"),
    ],
)
def test_a_drawing(function, data):
    assert code_of(function, data) == "svg"


@pytest.mark.parametrize("function", [inspect, prepare])
@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"a shopping list",
        b"BMW and other cars",
        b"<html><body>" + SVG + b"</body></html>",
        b"<" * 5000,
        b"<!-- " * 2000,
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(100),
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypmp42" + bytes(16),
        encoded(flat(), "PPM"),
        encoded(flat(), "ICO"),
        encoded(flat(), "AVIF"),
        encoded(flat(), "JPEG2000"),
    ],
)
def test_what_is_none_of_the_seven_formats(function, data):
    assert code_of(function, data) == "unsupported"


def _cut(kind: str, share: float, **options: object) -> bytes:
    data = encoded(noise(120, 90), kind, **options)
    return data[: int(len(data) * share)]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_cut_short(kind, share):
    assert code_of(prepare, _cut(kind, share)) == "truncated"


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
def test_a_compressed_tiff_cut_short(compression, share):
    assert code_of(prepare, _cut("TIFF", share, compression=compression)) == "truncated"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_cut_within_its_header(kind):
    assert code_of(prepare, encoded(noise(120, 90), kind)[:24]) in ("truncated", "damaged")


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("TIFF", {"compression": "tiff_adobe_deflate"})],
)
def test_a_file_damaged_in_its_middle(kind, options):
    data = bytearray(encoded(scene(300, 200), kind, **options))
    middle = len(data) // 2
    data[middle : middle + 200] = b"\xff\xd8" * 100
    assert code_of(prepare, bytes(data)) == "damaged"


def test_a_png_damaged_in_its_stream():
    data = encoded(quadrants())
    start = data.index(b"IDAT") + 4
    assert code_of(prepare, data[:start] + b"\xff" * 20 + data[start + 20 :]) == "damaged"


def test_a_heic_damaged_in_its_configuration():
    data = encoded(quadrants(), "HEIF")
    start = data.index(b"hvcC")
    assert code_of(prepare, data[:start] + bytes(60) + data[start + 60 :]) == "damaged"


def test_the_cause_is_kept_for_the_log():
    with pytest.raises(ImageRejected) as refusal:
        prepare(_cut("PNG", 0.5))
    assert refusal.value.__cause__ is not None


# 900 million pixels in 110 kB.
BOMB = png(30_000, 30_000, 1, 0, bytes(3_750 * 30_000))


def _resized(data: bytes, before: bytes, width_and_height: bytes) -> bytes:
    """The file with another size in its header, which follows `before`."""
    start = data.index(before) + len(before)
    return data[:start] + width_and_height + data[start + len(width_and_height) :]


def _claiming_too_much() -> dict[str, bytes]:
    """Of every format, a file of a few bytes whose header claims 64 megapixels or more."""
    small = flat(size=(64, 64))
    little, big = struct.pack("<HH", 8000, 8001), struct.pack(">HH", 8001, 8000)
    tiff = encoded(small, "TIFF")
    for tag in (256, 257):
        tiff = _resized(tiff, struct.pack("<HHI", tag, 4, 1), struct.pack("<I", 8000))
    extended = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4)
    return {
        "JPEG": _resized(encoded(small, "JPEG"), b"\xff\xc0\x00\x11\x08", big),
        "PNG": png(8000, 8001, 8, 2, b"\0" * 8001),
        "GIF": _resized(encoded(small, "GIF"), b"GIF87a", little),
        "BMP": _resized(encoded(small, "BMP"), b"\x28\0\0\0", struct.pack("<ii", 8000, 8001)),
        "TIFF": tiff,
        "WEBP lossy": _resized(encoded(small, "WEBP"), b"\x9d\x01\x2a", little),
        "WEBP lossless": encoded(small, "WEBP", lossless=True)[:21] + struct.pack("<I", 8000 << 14 | 8000) + bytes(9),
        "WEBP extended": extended + (7999).to_bytes(3, "little") * 2,
        "HEIC": _resized(encoded(small, "HEIF"), b"ispe\0\0\0\0", struct.pack(">II", 8000, 8001)),
        "PNG bomb": BOMB,
        "PNG far beyond": _far_beyond(),
    }


def _far_beyond() -> bytes:
    """A PNG of 2**62 pixels."""
    header = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + BOMB[33:]


CLAIMING_TOO_MUCH = _claiming_too_much()


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("function", [inspect, prepare])
@pytest.mark.parametrize("name", CLAIMING_TOO_MUCH)
def test_too_many_pixels_are_seen_in_the_header(function, name, decoded):
    assert code_of(function, CLAIMING_TOO_MUCH[name]) == "too-many-pixels"
    assert decoded == []


def test_the_last_picture_within_the_limit_is_accepted():
    facts = inspect(png(10_000, 5_000, 1, 0, bytes(1_250 * 5_000)))
    assert facts.width * facts.height == MAX_PIXELS
    assert code_of(inspect, png(10_000, 5_001, 1, 0, bytes(1_250 * 5_001))) == "too-many-pixels"


GROWTH = """
import sys, warnings
from pathlib import Path
from io import BytesIO
from PIL import Image
from searches.imaging import ImageRejected
from searches.imaging.preparing import prepare

def peak():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM:"))

data = sys.stdin.buffer.read()
small = BytesIO()
Image.new("RGB", (9, 9)).save(small, "PNG")
prepare(small.getvalue())
before = peak()
try:
    prepare(data)
    print("accepted", end=" ")
except ImageRejected as refusal:
    print(refusal.code, end=" ")
print((peak() - before) // 1000)
"""


def _growth(data: bytes) -> tuple[str, int]:
    """What a process of its own makes of the file, and by how many MB its memory peaks higher."""
    command = [sys.executable, "-W", "ignore", "-c", GROWTH]
    answer = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.split()
    return answer[0].decode(), int(answer[1])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", ["PNG bomb", "WEBP extended", "HEIC", "TIFF"])
def test_a_bomb_takes_no_memory(name):
    code, megabytes = _growth(CLAIMING_TOO_MUCH[name])
    assert code == "too-many-pixels"
    assert megabytes < 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
def test_a_heic_that_understates_its_size_takes_no_memory():
    data = encoded(flat(size=(2200, 2000)), "HEIF", quality=1)
    understated = data.replace(struct.pack(">II", 2200, 2000), struct.pack(">II", 220, 200))
    assert understated != data
    code, megabytes = _growth(understated)
    assert code == "damaged"
    assert megabytes < 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
def test_a_cut_out_at_the_limit_takes_little_more_than_its_pixels():
    palette = (b"PLTE", bytes(range(6))), (b"tRNS", b"\0")
    code, megabytes = _growth(png(10_000, 5_000, 8, 3, bytes(MAX_PIXELS), *palette))
    assert code == "accepted"
    assert megabytes < 1.3 * MAX_PIXELS / 1e6  # one byte a pixel; converted as a whole it would be five


def test_a_jpeg_of_endless_scans_is_refused():
    assert prepare(progressive((256, 256), 0)).width == 256
    assert prepare(progressive((256, 256), 20)).width == 256
    for function in (inspect, prepare):
        assert code_of(function, progressive((256, 256), 100)) == "damaged"


@pytest.mark.parametrize("progressive", [False, True])
def test_marks_of_scans_in_comments_or_behind_the_picture_do_no_harm(progressive):
    data = encoded(quadrants(), "JPEG", progressive=progressive, comment=b"\xff\xda" * 500)
    assert prepare(data + b"\xff\xda" * 500).width == 240


def test_a_picture_beyond_the_memory_there_is_counts_as_too_costly(monkeypatch):
    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", exhausted)
    assert code_of(prepare, encoded(quadrants(), "JPEG")) == "too-costly"


def test_bytes_behind_a_heic_do_no_harm():
    assert prepare(encoded(quadrants(), "HEIF") + b"trailer of a telephone").width == 240


class TimeIsUp(Exception):
    """As a worker's time-out is: raised from a signal, wherever the program stands."""


@pytest.mark.parametrize("place", [(ImageFile.ImageFile, "load"), (Image, "open"), (Image.Image, "resize")])
def test_a_time_out_is_not_taken_for_a_bad_picture(monkeypatch, place):
    def interrupted(*_, **__):
        raise TimeIsUp

    data = encoded(noise(900, 900), "PNG")
    monkeypatch.setattr(*place, interrupted)
    with pytest.raises(TimeIsUp):
        prepare(data)
