"""Tell a picture file that was cut short from one that is damaged: the remedies differ."""

import struct
from io import BytesIO
from typing import Literal

from PIL import Image, TiffImagePlugin

from searches.imaging import formats
from searches.imaging.formats import Format

_TIFF_OFFSETS_AND_COUNTS = ((273, 279), (324, 325))  # of strips, of tiles (TIFF 6.0)
_PNG_END = b"IEND"
_TAIL = 1024  # bytes in which the end mark is looked for: some programs pad or append


def ends_early(data: bytes, kind: Format) -> bool:
    """Whether the file lacks its end, by what its own container says.

    Meant for files that failed to decode: plenty of healthy ones carry a wrong length or lack an end mark. Such
    files may be beyond reading, so that whatever Pillow raises comes out.
    """
    if kind is formats.JPEG:
        return b"\xff\xd9" not in data[-_TAIL:]
    if kind is formats.PNG:
        return _PNG_END not in data[-_TAIL:]
    if kind is formats.GIF:
        return not data.rstrip(b"\0").endswith(b";")
    if kind is formats.WEBP:
        return _little(data, 4) + 8 > len(data)
    if kind is formats.BMP:
        return _little(data, 2) > len(data)
    if kind is formats.TIFF:
        return _tiff_ends_early(data)
    return _heic_ends_early(data)


def _heic_ends_early(data: bytes) -> bool:
    """Whether a top-level box claims more bytes than are left (ISO/IEC 14496-12, section 4.2)."""
    at = 0
    while at + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        if size == 0:  # up to the end of the file, whatever its length
            return False
        if size == 1:
            if at + 16 > len(data):
                return True
            (size,) = struct.unpack_from(">Q", data, at + 8)
        if size < 8:
            return False
        at += size
    return at != len(data)


def _little(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _tiff_ends_early(data: bytes) -> bool:
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    is_big_tiff = int.from_bytes(data[2:4], order) == 43
    directory = int.from_bytes(data[8:16] if is_big_tiff else data[4:8], order)
    if directory + 2 > len(data):
        return True
    picture = Image.open(BytesIO(data), formats=["TIFF"])
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return False
    return any(
        offset + count > len(data)
        for offsets, counts in _TIFF_OFFSETS_AND_COUNTS
        for offset, count in zip(picture.tag_v2.get(offsets, ()), picture.tag_v2.get(counts, ()), strict=False)
    )
