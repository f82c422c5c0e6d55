"""Where a product photo's subject is.

The subject is what has the colours of the picture's middle and not those of its border. Both are
histograms in Lab; pixels are weighed by the one against the other, with their neighbours' say, and
the histograms are taken anew from what came out, a few times over. Backgrounds may so have several
colours (table and wall, a banner below) as long as they reach the border.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float32]

SIDE = 96  # pixels of the longer side that everything is measured on
ROUNDS = 4
LIGHT_BINS, CHROMA_BINS = 10, 14
CONTRAST = 2.0  # how far the log-odds of the colours are trusted
LEAST_SUBJECT, MOST_SUBJECT = 0.015, 0.95  # shares of the picture between which a mask is believed

XYZ_FROM_RGB = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])


def subject_extent(image: Image.Image) -> tuple[float, float, float, float]:
    """The box around what hangs together in the middle: left, top, right and bottom as shares of each side, 0 to 1."""
    scale = SIDE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = (image if image.mode == "RGB" else image.convert("RGB")).resize(
        size, Image.Resampling.BILINEAR, reducing_gap=2.0
    )
    mask = _connected(subject_mask(lab(np.asarray(small)), likely=0.2, reach=0.35))
    height, width = mask.shape
    top, bottom = _extent(mask.sum(axis=1))
    left, right = _extent(mask.sum(axis=0))
    return left / width, top / height, min(right / width, 1.0), min(bottom / height, 1.0)


def lab(rgb: NDArray[Any]) -> Array:
    """CIE Lab (D65) of 8-bit sRGB, shape (..., 3)."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    # Not a matrix product: numpy would start threads for it, which only stand in each other's way.
    xyz = np.einsum("...c,dc->...d", linear[rgb], XYZ_FROM_RGB / WHITE[:, None])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def subject_mask(colours: Array, likely: float, reach: float) -> Array:
    """How surely each pixel belongs to the subject, 0 to 1, shape (h, w).

    ``likely`` is the probability of the middle pixel before its colour is looked at, ``reach`` the
    deviation of its falling towards the border, in half sides of the picture.
    """
    height, width = colours.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    distance = x * x + y * y
    edge = np.minimum(1 - np.abs(x), 1 - np.abs(y))
    prior = likely * np.exp(-distance / (2 * reach**2)) * np.clip(edge / 0.12, 0.15, 1)
    prior_odds = np.log(prior / (1 - prior))
    border = edge < 0.14
    bins = _colour_bins(colours)
    mask = np.exp(-distance / (2 * 0.35**2))
    background = border.astype(float)
    for _ in range(ROUNDS):
        odds = np.log(_colour_shares(bins, mask) / _colour_shares(bins, background))[bins]
        odds = np.clip(CONTRAST * _box_mean(odds, 2), -5, 5) + prior_odds
        mask = 1 / (1 + np.exp(-odds))
        background = 1 - mask + 0.5 * border
    if not LEAST_SUBJECT < float(mask.mean()) < MOST_SUBJECT:
        # Nothing stands out, or all does: then the middle is the best guess.
        mask = np.exp(-1.5 * distance)
    return np.asarray(mask, np.float32)


def _colour_bins(colours: Array) -> NDArray[np.intp]:
    """The histogram bin of each pixel; chroma in equal steps of arcsinh, finest about grey."""
    light = np.clip(colours[..., 0] / 100 * LIGHT_BINS, 0, LIGHT_BINS - 1).astype(np.intp)
    chroma = (np.arcsinh(colours[..., 1:] / 8) / 6.4 + 0.5) * CHROMA_BINS
    chroma = np.clip(chroma, 0, CHROMA_BINS - 1).astype(np.intp)
    return np.asarray((light * CHROMA_BINS + chroma[..., 0]) * CHROMA_BINS + chroma[..., 1], np.intp)


def _colour_shares(bins: NDArray[np.intp], weights: NDArray[Any]) -> NDArray[Any]:
    """The share of each colour among weighted pixels, shared with its neighbours; never nothing."""
    shape = (LIGHT_BINS, CHROMA_BINS, CHROMA_BINS)
    counts = np.bincount(bins.ravel(), weights.ravel(), LIGHT_BINS * CHROMA_BINS**2).reshape(shape)
    for axis in range(3):
        padded = np.concatenate([counts.take([0], axis), counts, counts.take([-1], axis)], axis)
        last = padded.shape[axis]
        below, above = (padded.take(range(start, last - 2 + start), axis) for start in (0, 2))
        counts = 0.5 * counts + 0.25 * (below + above)
    return counts.ravel() / max(float(counts.sum()), 1e-6) + 1e-4


def _box_mean(values: NDArray[Any], radius: int) -> NDArray[Any]:
    """The mean of the square around each pixel; beyond the picture its edge goes on."""
    side = 2 * radius + 1
    padded = np.pad(values, ((radius + 1, radius), (radius + 1, radius)), mode="edge")
    sums = padded.cumsum(axis=0).cumsum(axis=1)
    whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(whole / side**2)


def _connected(mask: Array) -> Array:
    """What of a mask hangs together with its parts near the middle, looked at in every second pixel."""
    height, width = mask.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    solid = mask[::2, ::2] > 0.5
    grown = solid & ((x * x + y * y)[::2, ::2] < 0.3**2)
    if not grown.any():
        return mask
    for _ in range(SIDE):
        wider = grown.copy()
        wider[1:] |= grown[:-1]
        wider[:-1] |= grown[1:]
        wider[:, 1:] |= grown[:, :-1]
        wider[:, :-1] |= grown[:, 1:]
        wider &= solid
        if (wider == grown).all():
            break
        grown = wider
    kept = grown.repeat(2, axis=0).repeat(2, axis=1)[:height, :width].astype(float)
    return np.where(_box_mean(kept, 2) > 1e-6, mask, np.float32(0))


def _extent(weights: Array) -> tuple[float, float]:
    """Where all but the last 1.5 % on either side of a row of weights lies."""
    share = np.cumsum(weights) / max(float(weights.sum()), 1e-6)
    return float(np.searchsorted(share, 0.015)), float(np.searchsorted(share, 0.985) + 1)
