"""Open a picture without decoding it, and refuse what its header already shows to be too much."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from PIL import ExifTags, Image, ImageFile, JpegImagePlugin

from searches.imaging import formats
from searches.imaging.failures import UNREADABLE, rejecting_failures
from searches.imaging.formats import Format
from searches.imaging.rejected import ImageRejected

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
# What decoded pixels may take in bytes. The rest of what a reader may take (limits.py) is for the file, and for the
# picture that is made of it. A decoder that gets no memory often calls the file damaged: better to tell beforehand.
MAX_DECODED = 250_000_000
# Scans in a JPEG; a progressive one has about ten. Each costs a pass over all of the picture however few bytes
# it has, and 20 MB hold 200,000: hours in the decoder, where no time-out reaches.
MAX_SCANS = 64

# Any marker but those that stand inside compressed data and have no length: a stuffed zero byte, the restarts and
# TEM (ITU-T T.81, B.1).
_JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = b"\xff\xd8", b"\xff\xd9", b"\xff\xda"


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture whose header was read and found acceptable; `orientation` (1 to 8, as in EXIF) is still to be
    applied to its pixels."""

    data: bytes
    kind: Format
    file: ImageFile.ImageFile
    orientation: int


def open_picture(data: bytes) -> Opened:
    """Read the header. Raises ImageRejected for all that can be told without decoding."""
    if not data:
        raise ImageRejected("empty")
    if len(data) > MAX_BYTES:
        raise ImageRejected("too-large")
    kind = formats.recognise(data)
    # Its decoder reserves two canvases as soon as it is opened, so ask the header first.
    if kind is formats.WEBP:
        _refuse_too_many_pixels(_webp_size(data), kind.bytes_per_pixel)
    with rejecting_failures(data, kind):
        file = Image.open(BytesIO(data), formats=[kind.decoder])
        size = file.size
        bytes_per_pixel = _jpeg_bytes_per_pixel(file) if kind is formats.JPEG else kind.bytes_per_pixel
    _refuse_too_many_pixels(size, bytes_per_pixel)
    if kind is formats.JPEG and _has_too_many_scans(data, file):
        raise ImageRejected("damaged")
    return Opened(data, kind, file, 1 if kind.turns else _orientation(file, data, kind))


def _refuse_too_many_pixels(size: tuple[int, int], bytes_per_pixel: float) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise ImageRejected("too-many-pixels")
    if width * height * bytes_per_pixel > MAX_DECODED:
        raise ImageRejected("too-costly")


def _jpeg_bytes_per_pixel(file: ImageFile.ImageFile) -> float:
    """Of a progressive JPEG all coefficients are kept until its end, two bytes each; other JPEGs pass by."""
    if "progressive" not in file.info or not isinstance(file, JpegImagePlugin.JpegImageFile):
        return 0
    sampling = [across * down for _, across, down, _ in file.layer]
    return 2 * sum(sampling) / max(1, *sampling)


def _orientation(file: ImageFile.ImageFile, data: bytes, kind: Format) -> int:
    """How the camera was held; 1 when the file doesn't say or says nonsense, which harms nobody's search."""
    try:
        if kind is formats.PNG and "exif" not in file.info:
            file.info["exif"] = _png_exif(data)
        # Not `file.getexif`: that of a PNG decodes the pixels, in the hope of metadata behind them.
        orientation = Image.Image.getexif(file).get(ExifTags.Base.Orientation)
    except UNREADABLE:
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _png_exif(data: bytes) -> bytes | None:
    """The content of the eXIf chunk, which may stand behind the pixels (PNG, third edition, section 5.6)."""
    at = len(b"\x89PNG\r\n\x1a\n")
    while name := data[at + 4 : at + 8]:
        length = int.from_bytes(data[at : at + 4], "big")
        if name == b"eXIf":
            return data[at + 8 : at + 8 + length]
        at += length + 12
    return None


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels from the first chunk (RFC 9649, sections 2.5 to 2.7); 0 by 0 if it is none."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        across, down = int.from_bytes(data[26:28], "little"), int.from_bytes(data[28:30], "little")
        return across & 0x3FFF, down & 0x3FFF
    return 0, 0


def _has_too_many_scans(data: bytes, file: ImageFile.ImageFile) -> bool:
    scans = _scans(data)
    first = next(scans, None)
    # One scan that holds all channels of a plain JPEG is all that will be read of it: so it is with nearly every
    # photo, which need not be searched.
    if first is None or ("progressive" not in file.info and data[first + 2 : first + 3] == bytes([_channels(file)])):
        return False
    # Metadata and a film after the picture may hold those two bytes by chance: count again, marker by marker.
    return data.count(_START_OF_SCAN) > MAX_SCANS and sum(1 for _ in islice(scans, MAX_SCANS)) == MAX_SCANS


def _channels(file: ImageFile.ImageFile) -> int:
    return len(file.getbands())


def _scans(data: bytes) -> Iterator[int]:
    """Where the header of each scan begins, behind its marker."""
    at = len(_START_OF_IMAGE)
    while found := _JPEG_MARKER.search(data, at):
        marker, at = found.group(), found.end()
        if marker == _END_OF_IMAGE:
            return
        if marker == _START_OF_SCAN:
            yield at
        if marker != _START_OF_IMAGE:
            at += int.from_bytes(data[at : at + 2], "big")
