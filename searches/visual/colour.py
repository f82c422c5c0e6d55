"""The colours of a picture's subject as a soft histogram in CIELAB."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

BITS = 5  # of each channel: colours nearer than 8 of 255 are one
LIGHTNESS = (15.0, 40.0, 65.0, 90.0)
CHROMA = ((0.0, 1), (25.0, 6), (60.0, 9))  # how far from grey, and how many hues are told apart there
WIDTH = 18.0  # of a bin, in units of CIELAB

BINS = len(LIGHTNESS) * sum(hues for _, hues in CHROMA)


def histogram(square: NDArray[np.uint8], subject: NDArray[np.float32]) -> NDArray[np.float32]:
    """(BINS,), of unit length: the root of each bin's share, weighed by ``subject`` (side, side), 0 to 1."""
    coarse = square.astype(np.int32) >> (8 - BITS)
    cells = (coarse[..., 0] << 2 * BITS) | (coarse[..., 1] << BITS) | coarse[..., 2]
    counts = np.bincount(cells.ravel(), weights=subject.ravel(), minlength=8**BITS)
    (present,) = counts.nonzero()
    shares = counts[present].astype(np.float32) @ _bins_of_cells()[present]
    total = float(shares.sum())
    return np.asarray(np.sqrt(shares / total), np.float32)


@cache
def _bins_of_cells() -> NDArray[np.float32]:
    """(8 ** BITS, BINS): how much of each coarse colour belongs to each bin."""
    steps = (np.arange(2**BITS) + 0.5) / 2**BITS
    colours = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    apart = ((lab(colours)[:, None, :] - _centres()) ** 2).sum(axis=2)
    near = np.exp(-(apart - apart.min(axis=1, keepdims=True)) / (2 * WIDTH**2))
    return np.asarray(near / near.sum(axis=1, keepdims=True), np.float32)


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
