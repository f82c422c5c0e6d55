"""Names of picture files, as sheets write them and as archives hold them."""

import unicodedata
from pathlib import PurePosixPath

_EXTENSIONS = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif")
)


def has_picture_extension(name: str) -> bool:
    return PurePosixPath(name.strip()).suffix.lower() in _EXTENSIONS


def path(name: str) -> str:
    """The name in one spelling: composed accents, slashes that lean forward, no "./" in front."""
    return unicodedata.normalize("NFC", name).strip().replace("\\", "/").lstrip("./")


def folded(name: str) -> str:
    """A name to compare without case and width (Ａ１.JPG is a1.jpg)."""
    return unicodedata.normalize("NFKC", name).casefold()


def last(name: str) -> str:
    """Without folders."""
    return name.rpartition("/")[2]


def stem(name: str) -> str:
    """Without folders, and without the extension if it is a picture's: "SKU1.5" has none."""
    own = last(name)
    return own[: own.rindex(".")].rstrip() if has_picture_extension(own) else own
