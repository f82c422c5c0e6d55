"""From a picture's bytes to the square that the network sees."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
SIDE = 224  # pixels of the square, as the network was trained
PAPER = (255, 255, 255)  # behind what is transparent


def read_square(picture: bytes) -> NDArray[np.uint8]:
    """The whole picture drawn into a square of RGB, (SIDE, SIDE, 3). Raises ValueError when it cannot be read."""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as opened:
            opened.draft("RGB", (SIDE, SIDE))  # libjpeg makes it smaller while it decodes
            ImageOps.exif_transpose(opened, in_place=True)
            return square_of(flattened(opened))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"not a picture that can be read: {error}") from error


def square_of(picture: Image.Image) -> NDArray[np.uint8]:
    """An RGB picture, its sides made equal: padding it instead finds no more."""
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))


def flattened(picture: Image.Image) -> Image.Image:
    """A picture of any mode as RGB, on white where it is transparent."""
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        picture = Image.fromarray((np.asarray(picture) // 257).clip(0, 255).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGBA", clear.size, (*PAPER, 255))
    paper.alpha_composite(clear)
    return paper.convert("RGB")
