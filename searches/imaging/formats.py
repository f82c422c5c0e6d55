"""Which kind of file it is, told by its first bytes; names and types that a browser claims count for nothing."""

import re
from dataclasses import dataclass
from importlib import import_module

from pillow_heif import register_heif_opener

from searches.imaging.rejected import ImageRejected

# Each of these registers its decoder when imported; a decoder that Pillow misses makes it import all of its forty.
for plugin in ("Bmp", "Gif", "Jpeg", "Mpo", "Png", "Tiff", "WebP"):
    import_module(f"PIL.{plugin}ImagePlugin")
register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of picture file. `decoder` is Pillow's name for it; `turns` tells that this decoder has already
    turned the picture upright, so that nobody does so twice. `bytes_per_pixel` is the most memory that decoding
    takes (measured with pictures of 12 to 48 million pixels); for JPEG, it depends on the file."""

    name: str
    mime: str
    extension: str
    decoder: str
    bytes_per_pixel: int
    turns: bool = False


JPEG = Format("JPEG", "image/jpeg", "jpg", "JPEG", 0)
PNG = Format("PNG", "image/png", "png", "PNG", 5)
WEBP = Format("WEBP", "image/webp", "webp", "WEBP", 16)
GIF = Format("GIF", "image/gif", "gif", "GIF", 4)
BMP = Format("BMP", "image/bmp", "bmp", "BMP", 4)
TIFF = Format("TIFF", "image/tiff", "tiff", "TIFF", 8, turns=True)
HEIC = Format("HEIC", "image/heic", "heic", "HEIF", 7, turns=True)

JPEG_START = b"\xff\xd8\xff"
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"))
_BMP_HEADER_SIZES = frozenset((12, 16, 40, 52, 56, 64, 108, 124))
_BEFORE_A_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(\[.*?\])?\s*>", re.DOTALL | re.IGNORECASE)
_SVG_ROOT = re.compile(r"<(\w+:)?svg[\s>/]", re.IGNORECASE)
_PROLOGUE = 4096  # bytes that are searched for the root element


def recognise(data: bytes) -> Format:
    """The format of a file by its content.

    Raises ImageRejected: "svg", or "unsupported" for everything that is none of the seven formats.
    """
    if data.startswith(JPEG_START):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    # Two letters are too few: any text may begin with BM.
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return BMP
    if data.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    raise ImageRejected("svg" if _is_svg(data) else "unsupported")


def _is_svg(data: bytes) -> bool:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data[:_PROLOGUE].decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    at = 0
    while skipped := _BEFORE_A_ROOT.match(text, at):
        at = skipped.end()
    return _SVG_ROOT.match(text, at) is not None
