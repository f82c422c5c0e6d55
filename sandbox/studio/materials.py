"""Surfaces of products and sets: how they look to the renderer, with patterns made by numpy from seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sandbox.studio.outlines import Floats


@dataclass(frozen=True)
class Material:
    """`kind` is plastic, metal, glass, matt, or glow; `pattern` a name of PATTERNS or empty; colour sRGB hex."""

    kind: str
    color: str
    roughness: float = 0.2
    pattern: str = ""
    second: str = "#ffffff"
    repeat: tuple[float, float] = (1.0, 1.0)
    turn: float = 0.0
    words: str = ""
    seed: int = 1


def glaze(color: str, pattern: str = "", second: str = "#ffffff", **more: Any) -> Material:
    return Material("plastic", color, more.pop("roughness", 0.06), pattern, second, **more)


def plastic(color: str, roughness: float = 0.18, **more: Any) -> Material:
    return Material("plastic", color, roughness, **more)


def matt(color: str, **more: Any) -> Material:
    return Material("plastic", color, more.pop("roughness", 0.38), **more)


def rubber(color: str, **more: Any) -> Material:
    return Material("rubber", color, 0.55, **more)


def metal(color: str = "#c9cacc", roughness: float = 0.22, **more: Any) -> Material:
    return Material("metal", color, roughness, **more)


def steel(roughness: float = 0.24) -> Material:
    return Material("metal", "#c8c9cb", roughness, "brushed", repeat=(1, 6))


def wood(color: str = "#b98a5a", second: str = "#8a5c34", **more: Any) -> Material:
    return Material("plastic", color, more.pop("roughness", 0.32), "wood", second, **more)


def cloth(color: str, second: str = "#ffffff", pattern: str = "weave", **more: Any) -> Material:
    return Material("matt", color, 1.0, pattern, second, **more)


def glass(color: str = "#ffffff") -> Material:
    return Material("glass", color, 0.0)


def glow(color: str = "#ffd9a0", strength: float = 2.0) -> Material:
    return Material("glow", color, strength)


def linear(color: str) -> Floats:
    """An sRGB hex colour as linear RGB, 0 to 1."""
    values = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.asarray(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def noise(size: tuple[int, int], stretch: tuple[float, float], seed: int, power: float = 1.6) -> Floats:
    """Seamless noise (rows, columns) with mean 0 and deviation 1; `stretch` > 1 makes it longer that way."""
    rng = np.random.default_rng(seed)
    frequency_y = np.fft.fftfreq(size[0])[:, None] * size[0] * stretch[0]
    frequency_x = np.fft.fftfreq(size[1])[None, :] * size[1] * stretch[1]
    distance = np.hypot(frequency_y, frequency_x)
    distance[0, 0] = np.inf
    field = np.fft.ifft2(np.fft.fft2(rng.normal(size=size)) / (1 + distance) ** power).real
    return np.asarray((field - field.mean()) / field.std())


def mix(first: Floats, second: Floats, share: Floats) -> Floats:
    share = np.clip(share, 0, 1)[..., None]
    return np.asarray(first * (1 - share) + second * share)


def wood_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    """Year rings cut lengthwise (along rows), pores as fine dark strokes."""
    x = np.linspace(0, 1, 512, endpoint=False)[None, :]
    bend = noise((512, 512), (6, 1.0), material.seed, 2.2)
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * (7 * x + 0.55 * bend))
    pores = noise((512, 512), (16, 0.35), material.seed + 1, 0.9)
    broad = noise((512, 512), (3, 1.5), material.seed + 2, 2.0)
    return mix(a, b, 0.12 + 0.45 * rings**2.2 + 0.13 * broad + 0.16 * np.clip(pores, 0, 3))


def weave_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    y, x = np.mgrid[0:256, 0:256] * (2 * np.pi * 16 / 256)
    over = np.sin(x) * np.sin(y) > 0
    thread = np.where(over, np.abs(np.sin(x / 1)), np.abs(np.sin(y / 1)))
    fuzz = noise((256, 256), (1, 1), material.seed, 0.7)
    return np.asarray(a * (0.62 + 0.3 * thread + 0.06 * fuzz)[..., None] + 0.04 * b * over[..., None])


def speckle_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    fine = noise((512, 512), (1, 1), material.seed, 0.75)
    cloud = noise((512, 512), (1, 1), material.seed + 1, 2.0)
    return mix(a * (1 + 0.05 * cloud[..., None]), b, np.clip((fine - 2.1) * 3, 0, 0.85))


def brushed_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    strokes = noise((256, 256), (0.25, 10), material.seed, 0.8)
    return a * (1 + 0.035 * strokes)[..., None]


def dots_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    """Perforation, as on a loudspeaker's grille."""
    y, x = np.mgrid[0:256, 0:256] * (8 / 256)
    x = x + 0.5 * (np.floor(y) % 2)
    distance = np.hypot(x % 1 - 0.5, y % 1 - 0.5)
    return mix(a, b, (0.34 - distance) * 18)


def marble_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    field = noise((512, 512), (1, 1), material.seed, 1.7)
    veins = np.exp(-np.abs(field + 0.3 * noise((512, 512), (1, 1), material.seed + 1, 1.1)) * 9)
    return mix(a, b, 0.75 * veins + 0.08 * np.clip(field, 0, 2))


def label_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    """A label printed on the front and on the back of a bottle: words, a rule and a sign in a frame."""
    picture = Image.new("L", (1024, 1024), 0)
    draw = ImageDraw.Draw(picture)
    for centre in (256, 768):
        draw.rectangle((centre - 150, 300, centre + 150, 740), outline=255, width=7)
        draw.text((centre, 400), material.words, font=ImageFont.load_default(96), anchor="mm", fill=255)
        draw.line((centre - 110, 480, centre + 110, 480), fill=255, width=6)
        draw.text((centre, 540), "No. 8 · quality", font=ImageFont.load_default(36), anchor="mm", fill=255)
        draw.ellipse((centre - 36, 610, centre + 36, 690), outline=255, width=8)
    return mix(a, b, np.asarray(picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)) / 255.0)


def clock_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    """A dial; the mesh that carries it has flat coordinates of a square around the dial."""
    picture = Image.new("L", (512, 512), 0)
    draw = ImageDraw.Draw(picture)
    for mark in range(60):
        angle, long = np.pi * mark / 30, mark % 5 == 0
        inner, outer = (196, 228) if long else (216, 228)
        ends = [(256 + r * np.sin(angle), 256 - r * np.cos(angle)) for r in (inner, outer)]
        draw.line(ends, fill=255, width=9 if long else 3)
    for hour in range(1, 13):
        angle = np.pi * hour / 6
        spot = (256 + 162 * np.sin(angle), 256 - 162 * np.cos(angle))
        draw.text(spot, str(hour), font=ImageFont.load_default(44), anchor="mm", fill=255)
    return mix(a, b, np.asarray(picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)) / 255.0)


def panel_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    """Words printed small on a plain tall face, as a brand on a device."""
    picture = Image.new("L", (512, 1144), 0)
    draw = ImageDraw.Draw(picture)
    draw.text((256, 420), material.words, font=ImageFont.load_default(64), anchor="mm", fill=255)
    return mix(a, b, np.asarray(picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)) / 255.0)


def tiles_pattern(a: Floats, b: Floats, material: Material) -> Floats:
    y, x = np.mgrid[0:512, 0:512] * (4 / 512)
    joint = np.minimum(np.minimum(x % 1, 1 - x % 1), np.minimum(y % 1, 1 - y % 1)) < 0.025
    cloud = noise((512, 512), (1, 1), material.seed, 1.8)
    return mix(a * (1 + 0.06 * cloud[..., None]), b, joint.astype(float))


PATTERNS = {
    "wood": wood_pattern,
    "weave": weave_pattern,
    "speckle": speckle_pattern,
    "brushed": brushed_pattern,
    "dots": dots_pattern,
    "marble": marble_pattern,
    "label": label_pattern,
    "clock": clock_pattern,
    "panel": panel_pattern,
    "tiles": tiles_pattern,
}


@lru_cache(maxsize=64)
def pattern_pixels(material: Material) -> Floats:
    """Linear RGB (rows, columns, 3) of a patterned material; row 0 is the bottom."""
    pixels = PATTERNS[material.pattern](linear(material.color), linear(material.second), material)
    return np.asarray(np.clip(pixels, 0.004, 0.96))


def surface_of(mi: Any, material: Material) -> dict[str, Any]:
    """The renderer's description of a material; `mi` is the mitsuba module."""
    if material.kind == "glass":
        # Mostly not there, a little mirror: so light sampling sees through it, which real refraction would prevent.
        mirror = {"type": "roughconductor", "alpha": 0.04, "specular_reflectance": rgb(linear(material.color))}
        return {"type": "mask", "opacity": 0.09, "bsdf": {"type": "twosided", "bsdf": mirror}}
    color: dict[str, Any] = rgb(np.clip(linear(material.color), 0.004, 0.96))
    if material.pattern:
        turn = mi.ScalarTransform3f().rotate(material.turn) if material.turn else mi.ScalarTransform3f()
        color = {
            "type": "bitmap",
            "bitmap": mi.Bitmap(pattern_pixels(material).astype(np.float32)),
            "raw": True,
            "to_uv": turn @ mi.ScalarTransform3f().scale([material.repeat[0], material.repeat[1]]),
        }
    if material.kind == "matt":
        return {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": color}}
    if material.kind == "plastic":
        inner: dict[str, Any] = {
            "type": "roughplastic",
            "diffuse_reflectance": color,
            "alpha": max(material.roughness, 0.03),
            "nonlinear": True,
        }
    else:
        inner = {
            "type": "principled",
            "base_color": color,
            "roughness": material.roughness,
            "metallic": 1.0 if material.kind == "metal" else 0.0,
            "specular": 0.35,
        }
    return {"type": "twosided", "bsdf": inner}


def rgb(color: Floats) -> dict[str, Any]:
    return {"type": "rgb", "value": [float(value) for value in color]}
