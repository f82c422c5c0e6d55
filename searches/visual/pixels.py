"""From a picture's bytes to the square that the network sees."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
PAPER = (255, 255, 255)  # behind what is transparent


def read_square(picture: bytes, side: int) -> NDArray[np.uint8]:
    """The whole picture drawn into a square of RGB, (side, side, 3). Raises ValueError when it cannot be read."""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as opened:
            opened.draft("RGB", (2 * side, 2 * side))
            upright = ImageOps.exif_transpose(opened)
            flat = _flattened(upright)
            return np.asarray(flat.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"not a picture that can be read: {error}") from error


def _flattened(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGBA", clear.size, (*PAPER, 255))
    paper.alpha_composite(clear)
    return paper.convert("RGB")
