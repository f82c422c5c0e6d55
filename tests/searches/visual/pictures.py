"""Pictures made in memory."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw


def encoded(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def ball(colour: tuple[int, int, int] = (200, 40, 30), *, behind=(255, 255, 255), size=(320, 320)) -> Image.Image:
    """A striped ball before a plain background."""
    picture = Image.new("RGB", size, behind)
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.ellipse((width * 0.2, height * 0.2, width * 0.8, height * 0.8), fill=colour)
    draw.rectangle((width * 0.23, height * 0.46, width * 0.77, height * 0.54), fill=(250, 250, 250))
    return picture


def noise(seed: int, size=(320, 320)) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
