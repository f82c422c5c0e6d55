"""From the renderer's values to a picture: noise taken out, exposure, tone, colour cast, watermark, JPEG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sandbox.studio.forms import Floats
from sandbox.studio.shots import Shot

SHOPS = ("SUNHOME", "Yiwu Star", "GOODWARE", "MeiJia Shop", "Canton Select", "HUAYI", "Blue Crane", "TopSource")


def calm(values: Floats) -> Floats:
    """Single pixels far brighter than all around them (fireflies) brought down to their neighbours."""
    light = values.mean(2)
    padded = np.pad(light, 1, mode="edge")
    rows, columns = light.shape
    around = np.stack([padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3) if (y, x) != (1, 1)])
    limit = np.sort(around, 0)[-2] * 1.3 + 0.02
    return np.asarray(values * np.minimum(1, limit / np.maximum(light, 1e-6))[..., None])


def denoise(values: Floats, guide: Floats, samples: int) -> Floats:
    """An edge-avoiding wavelet filter (Dammertz 2010): smooths light where albedo, normal and depth agree."""
    guide = guide.astype(np.float32)
    albedo = np.maximum(guide[..., :3], 0.02)
    light = values.astype(np.float32) / albedo
    sharpness = 4.5 / np.sqrt(samples)
    kernel = np.array([1, 4, 6, 4, 1]) / 16
    depth_step = np.abs(np.gradient(guide[..., 6], axis=0)) + np.abs(np.gradient(guide[..., 6], axis=1)) + 0.05
    for step in (1, 2, 4):
        total, weights = np.zeros_like(light), np.zeros(light.shape[:2], np.float32)
        tone = np.log(light.mean(2) + 0.05)
        for i in range(5):
            for j in range(5):
                dy, dx = (i - 2) * step, (j - 2) * step
                there = shifted(guide, dy, dx)
                near = shifted(light, dy, dx)
                there_tone = shifted(tone, dy, dx)
                apart = ((guide[..., :3] - there[..., :3]) ** 2).sum(2) / 0.01
                apart += ((guide[..., 3:6] - there[..., 3:6]) ** 2).sum(2) / 0.02
                apart += np.abs(guide[..., 6] - there[..., 6]) / (depth_step * (abs(dy) + abs(dx) + 1e-3) + 0.02)
                apart += ((tone - there_tone) / (sharpness / step)) ** 2
                weight = kernel[i] * kernel[j] * np.exp(-apart)
                total += near * weight[..., None]
                weights += weight
        light = total / weights[..., None]
    return np.asarray(light * albedo)


def shifted(values: Floats, dy: int, dx: int) -> Floats:
    rows = np.clip(np.arange(values.shape[0]) + dy, 0, values.shape[0] - 1)
    columns = np.clip(np.arange(values.shape[1]) + dx, 0, values.shape[1] - 1)
    return np.asarray(values[rows][:, columns])


def toned(values: Floats) -> Floats:
    """Linear light to sRGB, straight up to middle tones, then a shoulder instead of a hard clip."""
    knee = 0.7
    over = np.maximum(values - knee, 0)
    soft = np.where(values > knee, knee + (1 - knee) * (1 - np.exp(-over / (1 - knee))), values)
    soft = np.clip(soft, 0, 1)
    return np.asarray(np.where(soft <= 0.0031308, soft * 12.92, 1.055 * soft ** (1 / 2.4) - 0.055))


def developed(light: Floats, guide: Floats, shot: Shot, gain: float, samples: int) -> Image.Image:
    """The picture of the rendered RGB; the guide holds albedo (3), normal (3) and depth of what is seen."""
    values = denoise(calm(np.maximum(light[..., :3], 0)), guide, samples)
    values = values * gain * np.array(shot.cast)
    rng = np.random.default_rng(shot.seed + 23)
    pixels = toned(values) * 255
    if shot.query:
        pixels = pixels + rng.normal(0, 2.2, pixels.shape[:2])[..., None]
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))


def watermarked(picture: Image.Image, shot: Shot) -> Image.Image:
    """A shop's name over the picture, as suppliers put it: in a corner, across, or as a strip."""
    rng = np.random.default_rng(shot.seed + 29)
    words, style = str(rng.choice(SHOPS)), int(rng.integers(4))
    width, height = picture.size
    layer = Image.new("RGBA", (width * 2, height * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    middle = (width, height)
    if style == 0:
        draw.text(
            middle,
            words,
            font=ImageFont.load_default(width * 0.19),
            anchor="mm",
            fill=(255, 255, 255, 105),
            stroke_width=1,
            stroke_fill=(60, 60, 60, 70),
        )
        layer = layer.rotate(28, center=middle)
    elif style == 1:
        corner = (width // 2 + 14, height * 3 // 2 - 14)
        draw.text(corner, words, font=ImageFont.load_default(width * 0.075), anchor="ls", fill=(40, 40, 40, 190))
        draw.line((corner[0], corner[1] + 5, corner[0] + width * 0.3, corner[1] + 5), fill=(200, 60, 40, 220), width=3)
    elif style == 2:
        top = height * 3 // 2 - int(height * 0.1)
        draw.rectangle((0, top, width * 2, height * 2), fill=(190, 40, 30, 215))
        draw.text(
            (width, top + height * 0.05),
            f"{words}  ·  factory direct",
            font=ImageFont.load_default(width * 0.055),
            anchor="mm",
            fill=(255, 255, 255, 255),
        )
    else:
        for row in range(-3, 4):
            for column in range(-2, 3):
                spot = (width + column * width * 0.42 + (row % 2) * width * 0.21, height + row * height * 0.2)
                draw.text(
                    spot,
                    words,
                    font=ImageFont.load_default(width * 0.055),
                    anchor="mm",
                    fill=(255, 255, 255, 110),
                    stroke_width=1,
                    stroke_fill=(80, 80, 80, 50),
                )
        layer = layer.rotate(24, center=middle)
    layer = layer.crop((width // 2, height // 2, width // 2 + width, height // 2 + height))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def encoded(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=False)
    return buffer.getvalue()
