"""Which pictures are taken: every view's set, light, camera and blemishes, drawn from the product's seed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from sandbox.studio.products import Product

SEED = 20260
BACKGROUNDS = ("white", "grey", "wood", "fabric", "paper")
LIGHTS = ("softbox", "window", "lamp", "hard", "tent")
MESSES = ("desk", "kitchen", "bed")


@dataclass(frozen=True)
class Shot:
    """One picture: angles in degrees, `fill` the share of the frame the product takes, `shift` of the frame."""

    product: str
    view: int
    seed: int
    background: str
    light: str
    azimuth: float
    elevation: float
    field: float
    fill: float
    shift: tuple[float, float]
    roll: float
    size: tuple[int, int]
    pieces: int = 1
    aperture: float = 0.0
    exposure: float = 1.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    quality: int = 82
    watermark: bool = False

    @property
    def query(self) -> bool:
        return self.view == 0

    @property
    def file(self) -> str:
        return f"queries/{self.product}.jpg" if self.query else f"pictures/{self.product}-{self.view}.jpg"


def seed_of(product: str, view: int) -> int:
    return zlib.crc32(f"{SEED}/{product}/{view}".encode()) & 0x7FFFFFFF


def views_of(product: Product) -> int:
    """How many suppliers show it: 5 or 6."""
    return 5 + seed_of(product.id, 99) % 2


def shots_of(product: Product) -> list[Shot]:
    """The offers' pictures (views 1, 2, …) and then the buyer's photo (view 0)."""
    rng = np.random.default_rng(seed_of(product.id, 0))
    count = views_of(product)
    backgrounds = ["white", *rng.permutation(BACKGROUNDS), *rng.permutation(BACKGROUNDS)][:count]
    lights = [*rng.permutation(LIGHTS), *rng.permutation(LIGHTS)][:count]
    marked = set(rng.choice(np.arange(2, count + 1), size=1 + int(rng.random() < 0.35), replace=False))
    paired = int(rng.integers(1, count + 1)) if rng.random() < 0.55 else 0
    shots = [
        offer_shot(product, view, str(backgrounds[view - 1]), str(lights[view - 1]), view in marked, view == paired)
        for view in range(1, count + 1)
    ]
    return [*shots, query_shot(product)]


def offer_shot(product: Product, view: int, background: str, light: str, marked: bool, paired: bool) -> Shot:
    rng = np.random.default_rng(seed_of(product.id, view))
    shape = [(420, 420), (420, 420), (440, 440), (400, 480), (480, 400), (480, 420)][int(rng.integers(6))]
    cast = np.exp(rng.normal(0, 0.025, 3)) if rng.random() < 0.6 else np.ones(3)
    return Shot(
        product=product.id,
        view=view,
        seed=seed_of(product.id, view),
        background=background,
        light=light,
        azimuth=float(np.clip(rng.normal(0, 32), -65, 65)),
        elevation=float(max(product.lowest_camera, 0) + rng.uniform(2, 24)),
        field=float(rng.choice([18, 24, 32, 44])),
        fill=float(rng.uniform(0.66, 0.92) if rng.random() < 0.85 else rng.uniform(1.0, 1.15)),
        shift=(float(rng.uniform(-0.05, 0.05)), float(rng.uniform(-0.04, 0.06))),
        roll=float(rng.normal(0, 0.8)),
        size=shape,
        pieces=2 if paired else 1,
        aperture=float(rng.choice([0.0, 0.25, 0.5])),
        exposure=float(rng.uniform(0.9, 1.12)),
        cast=(float(cast[0]), float(cast[1]), float(cast[2])),
        quality=int(rng.choice([76, 80, 82, 84])),
        watermark=marked,
    )


def query_shot(product: Product) -> Shot:
    """As a buyer's phone would see it: things around, tilted, in the light of a room."""
    rng = np.random.default_rng(seed_of(product.id, 0) + 1)
    warm = rng.uniform(0.0, 0.06)
    return Shot(
        product=product.id,
        view=0,
        seed=seed_of(product.id, 0),
        background=str(rng.choice(MESSES)),
        light=str(rng.choice(["lamp", "window", "window", "hard"])),
        azimuth=float(np.clip(rng.normal(0, 35), -65, 65)),
        elevation=float(product.lowest_camera + rng.uniform(8, 30)),
        field=float(rng.uniform(38, 52)),
        fill=float(rng.uniform(0.55, 0.75)),
        shift=(float(rng.uniform(-0.09, 0.09)), float(rng.uniform(-0.08, 0.08))),
        roll=float(rng.uniform(3, 9) * rng.choice([-1, 1])),
        size=(420, 480) if rng.random() < 0.6 else (480, 420),
        aperture=float(rng.uniform(0.3, 0.8)),
        exposure=float(rng.uniform(0.85, 1.1)),
        cast=(1 + warm, 1.0, 1 - warm * 1.4),
        quality=int(rng.choice([74, 80, 84])),
    )
