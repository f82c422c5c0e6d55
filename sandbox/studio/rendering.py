"""One picture from shot to file, in a process of its own."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from sandbox.studio.finish import developed, encoded
from sandbox.studio.products import Product
from sandbox.studio.scenes import exposure, scene_of
from sandbox.studio.shots import Shot
from sandbox.studio.watermarks import watermarked

GUIDE_SAMPLES = 4


def take(shot: Shot, product: Product, samples: int, scale: float) -> bytes:
    """One finished JPEG."""
    import mitsuba  # only here: the manifest is made without a renderer

    if mitsuba.variant() != "scalar_rgb":
        mitsuba.set_variant("scalar_rgb")
    scene = scene_of(mitsuba, shot, product.build(), samples, scale)
    light = np.asarray(mitsuba.render(scene, spp=samples, seed=shot.seed), dtype=np.float64)
    # A pass of its own: asking for both at once costs almost twice the sum of the two.
    surfaces = mitsuba.load_dict({"type": "aov", "aovs": "albedo:albedo,normal:sh_normal,depth:depth"})
    guide = mitsuba.render(scene, spp=min(samples, GUIDE_SAMPLES), seed=shot.seed + 1, integrator=surfaces)
    picture = developed(light, np.asarray(guide, dtype=np.float64), shot, exposure(shot), samples)
    if shot.watermark:
        picture = watermarked(picture, shot)
    return encoded(picture, shot.quality if scale == 1.0 else 25)


def take_to_file(task: tuple[Shot, Product, int, float, Path]) -> tuple[str, float]:
    shot, product, samples, scale, folder = task
    began = time.monotonic()
    target = folder / shot.file
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(take(shot, product, samples, scale))
    partial.replace(target)
    return shot.file, time.monotonic() - began


def one_thread() -> None:
    """A process a picture is faster than threads in one, and keeps sums in one order."""
    import drjit

    drjit.set_thread_count(1)
