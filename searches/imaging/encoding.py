"""Write a JPEG that fits a marketplace's limit."""

from io import BytesIO
from math import sqrt
from typing import NamedTuple

from PIL import Image

# Tried in turn before pixels are given up: below 45 blocks show, and features of the blocks with them.
_LOWER_QUALITIES = (75, 65, 55, 45)
_STEP = 0.9  # a shrink aims below its estimate, since small pictures hold more detail a pixel


class Encoded(NamedTuple):
    """A JPEG, the picture in it, and what it took, as codes for `Prepared.steps`."""

    jpeg: bytes
    picture: Image.Image
    steps: tuple[str, ...]


def encode(picture: Image.Image, quality: int, max_bytes: int) -> Encoded:
    """A JPEG of the RGB picture of at most `max_bytes`, without metadata: at `quality` if that fits, else at a
    lower one, else smaller."""
    picture.info.clear()  # Pillow would write a comment found there
    jpeg = _jpeg(picture, quality)
    if len(jpeg) <= max_bytes:
        return Encoded(jpeg, picture, ())
    for lower in _LOWER_QUALITIES:
        if lower < quality:
            quality = lower
            jpeg = _jpeg(picture, quality)
            if len(jpeg) <= max_bytes:
                return Encoded(jpeg, picture, ("recompressed",))
    while len(jpeg) > max_bytes and max(picture.size) > 1:
        scale = max(0.25, sqrt(max_bytes / len(jpeg)) * _STEP)
        smaller = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
        picture = picture.resize(smaller, Image.Resampling.LANCZOS)
        jpeg = _jpeg(picture, quality)
    return Encoded(jpeg, picture, ("recompressed", "shrunk"))


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
