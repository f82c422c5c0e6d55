"""The colours of a picture's subject, as a soft histogram in CIELAB."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from searches.visual.subject import subject

EVERY = 3  # pixels each way, of which one is looked at: all of them say no more
BITS = 5  # of each channel: colours nearer than 8 of 255 are one
LIGHTNESS = (10.0, 28.0, 46.0, 64.0, 82.0, 96.0)
CHROMA = ((0.0, 1), (16.0, 6), (34.0, 10), (60.0, 12), (90.0, 10))  # how far from grey, and how many hues there
LIGHTNESS_COUNTS = 0.8  # against hue and chroma: light changes more from photo to photo
WIDTH = 7.0  # of a bin, in units of CIELAB

BINS = len(LIGHTNESS) * sum(hues for _, hues in CHROMA)


def subject_colours(square: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The histogram of what stands in the middle of a square of sRGB, before its background."""
    looked_at = square[::EVERY, ::EVERY]
    return histogram(looked_at, subject(looked_at))


def histogram(square: NDArray[np.uint8], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """(BINS,), of unit length: the root of each bin's share in a square (side, side, 3) of sRGB.

    ``weights`` (side, side) say how much each pixel counts; they are above 0 somewhere.
    """
    coarse = square.astype(np.int32) >> (8 - BITS)
    cells = (coarse[..., 0] << 2 * BITS) | (coarse[..., 1] << BITS) | coarse[..., 2]
    counts = np.bincount(cells.ravel(), weights=weights.ravel(), minlength=8**BITS)
    (present,) = counts.nonzero()
    shares = counts[present].astype(np.float32) @ _bins_of_cells()[present]
    return np.asarray(np.sqrt(shares / shares.sum()), np.float32)


@cache
def _bins_of_cells() -> NDArray[np.float32]:
    """(8 ** BITS, BINS), 30 MB: how much of each coarse colour belongs to each bin."""
    steps = (np.arange(2**BITS) + 0.5) / 2**BITS
    colours = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    scale = np.array([LIGHTNESS_COUNTS, 1, 1])
    cells, centres = (lab(colours) * scale).astype(np.float32), (_centres() * scale).astype(np.float32)
    table = np.empty((len(cells), BINS), np.float32)
    for start in range(0, len(cells), 2**8):  # what the processor's cache holds
        near = 2 * cells[start : start + 2**8] @ centres.T - (centres**2).sum(axis=1)
        near = np.exp((near - near.max(axis=1, keepdims=True)) / (2 * WIDTH**2))
        table[start : start + 2**8] = near / near.sum(axis=1, keepdims=True)
    return table


def _centres() -> NDArray[np.float64]:
    return np.array(
        [
            (lightness, chroma * np.cos(angle), chroma * np.sin(angle))
            for lightness in LIGHTNESS
            for chroma, hues in CHROMA
            for angle in np.arange(hues) / hues * 2 * np.pi
        ]
    )


def lab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB of 0 to 1, (n, 3), in CIELAB under D65 (IEC 61966-2-1, CIE 15)."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = linear @ to_xyz.T / to_xyz.sum(axis=1)
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
