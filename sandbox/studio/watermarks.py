"""A shop's name over its picture, as suppliers put it: across, in a corner, as a strip, or all over."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sandbox.studio.shots import Shot

SHOPS = ("SUNHOME", "Yiwu Star", "GOODWARE", "MeiJia Shop", "Canton Select", "HUAYI", "Blue Crane", "TopSource")


def watermarked(picture: Image.Image, shot: Shot) -> Image.Image:
    rng = np.random.default_rng(shot.seed + 29)
    words, style = str(rng.choice(SHOPS)), STYLES[int(rng.integers(len(STYLES)))]
    width, height = picture.size
    # Twice as large and cut afterwards, so that turned words have no missing corners.
    layer = style(Image.new("RGBA", (width * 2, height * 2), (0, 0, 0, 0)), words)
    layer = layer.crop((width // 2, height // 2, width // 2 + width, height // 2 + height))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def across(layer: Image.Image, words: str) -> Image.Image:
    """Large and pale from corner to corner."""
    width, height = layer.width // 2, layer.height // 2
    ImageDraw.Draw(layer).text(
        (width, height),
        words,
        font=ImageFont.load_default(width * 0.19),
        anchor="mm",
        fill=(255, 255, 255, 105),
        stroke_width=1,
        stroke_fill=(60, 60, 60, 70),
    )
    return layer.rotate(28, center=(width, height))


def corner(layer: Image.Image, words: str) -> Image.Image:
    """Small and dark, underlined, at the bottom left."""
    width, height = layer.width // 2, layer.height // 2
    x, y = width // 2 + 14, height * 3 // 2 - 14
    draw = ImageDraw.Draw(layer)
    draw.text((x, y), words, font=ImageFont.load_default(width * 0.075), anchor="ls", fill=(40, 40, 40, 190))
    draw.line((x, y + 5, x + width * 0.3, y + 5), fill=(200, 60, 40, 220), width=3)
    return layer


def strip(layer: Image.Image, words: str) -> Image.Image:
    """White on a red strip along the bottom."""
    width, height = layer.width // 2, layer.height // 2
    top = height * 3 // 2 - int(height * 0.1)
    draw = ImageDraw.Draw(layer)
    draw.rectangle((0, top, width * 2, height * 2), fill=(190, 40, 30, 215))
    draw.text(
        (width, top + height * 0.05),
        f"{words}  ·  factory direct",
        font=ImageFont.load_default(width * 0.055),
        anchor="mm",
        fill=(255, 255, 255, 255),
    )
    return layer


def all_over(layer: Image.Image, words: str) -> Image.Image:
    """Small, pale, repeated in slanted rows."""
    width, height = layer.width // 2, layer.height // 2
    draw = ImageDraw.Draw(layer)
    for row in range(-3, 4):
        for column in range(-2, 3):
            draw.text(
                (width + column * width * 0.42 + (row % 2) * width * 0.21, height + row * height * 0.2),
                words,
                font=ImageFont.load_default(width * 0.055),
                anchor="mm",
                fill=(255, 255, 255, 110),
                stroke_width=1,
                stroke_fill=(80, 80, 80, 50),
            )
    return layer.rotate(24, center=(width, height))


STYLES = (across, corner, strip, all_over)
