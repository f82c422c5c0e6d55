"""From the renderer's values to a picture: noise taken out, exposure, tone, colour cast, JPEG."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.studio.outlines import Floats
from sandbox.studio.shots import Shot

Pixels = NDArray[np.floating[Any]]


def calm(values: Floats) -> Floats:
    """Pixels far brighter than four fifths of those around them (fireflies) brought down to those."""
    light = values.mean(2)
    padded = np.pad(light, 2, mode="edge")
    rows, columns = light.shape
    around = np.stack([padded[y : y + rows, x : x + columns] for y in range(5) for x in range(5)])
    limit = np.partition(around, 19, axis=0)[19] * 1.5 + 0.03
    return np.asarray(values * np.minimum(1, limit / np.maximum(light, 1e-6))[..., None])


def denoise(values: Floats, guide: Floats, samples: int) -> Floats:
    """An edge-avoiding wavelet filter (Dammertz 2010): smooths light where albedo, normal and depth agree."""
    albedo = np.maximum(guide[..., :3], 0.02).astype(np.float32)
    light = values.astype(np.float32) / albedo
    depth = guide[..., 6]
    slope = np.abs(np.gradient(depth, axis=0)) + np.abs(np.gradient(depth, axis=1)) + 0.05
    # Scaled so that one unit of distance in this space halves the weight or more.
    space = np.dstack([albedo / 0.1, guide[..., 3:6] / 0.14]).astype(np.float32)
    sharpness = 4.5 / np.sqrt(samples)
    for step in (1, 2, 4, 8):
        tone = np.log(light.mean(2) + 0.05) * (min(step, 4) / sharpness)
        total, weights = light * 4, np.full(light.shape[:2], 4, np.float32)
        for i, j in ((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j):
            dy, dx = i * step, j * step
            near = shifted(light, dy, dx)
            apart = ((space - shifted(space, dy, dx)) ** 2).sum(2)
            apart += np.abs(depth - shifted(depth, dy, dx)) / (slope * 2 * (abs(dy) + abs(dx)))
            apart += (tone - shifted(tone, dy, dx)) ** 2
            weight = np.exp(-apart) * (1 if i and j else 2)
            total = total + near * weight[..., None]
            weights = weights + weight
        light = total / weights[..., None]
    return np.asarray(light * albedo, dtype=np.float64)


def shifted(values: Pixels, dy: int, dx: int) -> Pixels:
    """The picture moved, its edge pixels repeated."""
    rows = np.clip(np.arange(values.shape[0]) + dy, 0, values.shape[0] - 1)
    columns = np.clip(np.arange(values.shape[1]) + dx, 0, values.shape[1] - 1)
    return values[rows][:, columns]


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


def encoded(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=False)
    return buffer.getvalue()
