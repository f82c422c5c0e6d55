"""What a product photo looks like, as one vector: colours and edges of its subject.

The subject is told from the background by how unlike the picture's border it is: the border is
taken as a smooth surface (a quadratic in x and y, so that falling light does no harm) plus noise
(wood, fabric) of which the covariance is measured. Everything is numpy on a small picture; names and
ids of pictures play no part.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float32]

# Raise it whenever vectors change: caches of older vectors are then made anew.
VERSION = 1

SIDE = 128  # pixels of the longer side that everything is measured on
BORDER = 0.07  # share of the side that counts as border
SUBJECT_SIDE = 64  # pixels of the square that edges are measured on
CELLS = 8
ORIENTATIONS = 9
COLOUR_CELLS = 4
SILHOUETTE = 12
LIGHT_BINS, CHROMA_BINS = 6, 8
LEAST_SUBJECT, MOST_SUBJECT = 0.02, 0.97  # shares of the picture between which a mask is believed


@dataclass(frozen=True)
class Weights:
    """How much each part counts in the squared distance; the parts are brought to comparable sizes."""

    colours: float = 1.0
    edges: float = 1.0
    layout: float = 1.0
    silhouette: float = 1.0


WEIGHTS = Weights()


def lab(rgb: NDArray[Any]) -> Array:
    """CIE Lab (D65) of 8-bit sRGB, shape (..., 3)."""
    value = rgb.astype(np.float32) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32)
    xyz = linear @ matrix.T / np.array([0.95047, 1.0, 1.08883], np.float32)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def subject_mask(colours: Array) -> Array:
    """How surely each pixel belongs to the subject, 0 to 1, shape (h, w)."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)
    band = max(2, round(BORDER * max(height, width)))
    border = np.ones((height, width), bool)
    border[band:-band, band:-band] = False
    kept = border.copy()
    for _ in range(3):
        surface, *_ = np.linalg.lstsq(terms[kept], colours[kept], rcond=None)
        residual = colours - terms @ surface
        noise = np.cov(residual[kept].T) + np.diag([9.0, 2.0, 2.0])
        distance = np.einsum("hwi,ij,hwj->hw", residual, np.linalg.inv(noise), residual)
        # A subject that reaches the border is no background: fit again without what stands out.
        kept = border & (distance < max(9.0, float(np.quantile(distance[border], 0.7))))
    mask = (1 - np.exp(-distance / 24)).astype(np.float32)
    if not LEAST_SUBJECT < float(mask.mean()) < MOST_SUBJECT:
        # Nothing stands out, or all does: then the middle is the best guess.
        return np.exp(-1.5 * (x * x + y * y)).astype(np.float32)
    return mask


def describe(image: Image.Image) -> Array:
    """The vectors of a picture and of its mirror image, shape (2, length); one subject, seen from
    either side, is to be found by either."""
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    colours = lab(np.asarray(small))
    mask = subject_mask(colours)
    crop_colours, crop_mask = _crop(colours, mask)
    histogram = _histogram(colours, mask)
    both = [
        _vector(histogram, crop_colours, crop_mask),
        _vector(histogram, crop_colours[:, ::-1], crop_mask[:, ::-1]),
    ]
    return np.stack(both)


def _vector(histogram: Array, colours: Array, mask: Array) -> Array:
    parts = (
        WEIGHTS.colours * histogram,
        WEIGHTS.edges * _edges(colours[..., 0], mask),
        WEIGHTS.layout * _layout(colours, mask),
        WEIGHTS.silhouette * _silhouette(mask),
    )
    return np.concatenate([part.ravel() for part in parts]).astype(np.float32)


def _crop(colours: Array, mask: Array) -> tuple[Array, Array]:
    """The subject's square surroundings, resampled to SUBJECT_SIDE."""
    rows, columns = mask.sum(axis=1), mask.sum(axis=0)
    top, bottom = _extent(rows)
    left, right = _extent(columns)
    side = max(bottom - top, right - left, 8) * 1.06
    centre_y, centre_x = (top + bottom) / 2, (left + right) / 2
    steps = (np.arange(SUBJECT_SIDE) + 0.5) / SUBJECT_SIDE - 0.5
    return (
        _sampled(colours, centre_y + side * steps, centre_x + side * steps),
        _sampled(mask, centre_y + side * steps, centre_x + side * steps, outside=0.0),
    )


def _extent(weights: Array) -> tuple[float, float]:
    """Where all but the last 1.5 % on either side of a row of weights lies."""
    share = np.cumsum(weights) / max(float(weights.sum()), 1e-6)
    return float(np.searchsorted(share, 0.015)), float(np.searchsorted(share, 0.985) + 1)


def _sampled(values: Array, rows: Array, columns: Array, outside: float | None = None) -> Array:
    """Bilinear samples; beyond the picture its edge goes on, or ``outside``."""
    height, width = values.shape[:2]
    y, x = np.clip(rows, 0, height - 1.001), np.clip(columns, 0, width - 1.001)
    top, left = y.astype(int), x.astype(int)
    tail = (1,) * (values.ndim - 2)
    down, along = (y - top).reshape(-1, 1, *tail), (x - left).reshape(1, -1, *tail)
    upper = values[top][:, left] * (1 - along) + values[top][:, left + 1] * along
    lower = values[top + 1][:, left] * (1 - along) + values[top + 1][:, left + 1] * along
    sampled = upper * (1 - down) + lower * down
    if outside is not None:
        within = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None]
        sampled = np.where(within, sampled, outside)
    return sampled.astype(np.float32)


def _soft_bins(values: Array, low: float, high: float, count: int) -> Array:
    """Memberships of values in bins that share their borders linearly, shape (n, count)."""
    place = np.clip((values - low) / (high - low) * (count - 1), 0, count - 1)
    return np.maximum(0, 1 - np.abs(place[:, None] - np.arange(count)[None])).astype(np.float32)


def _histogram(colours: Array, mask: Array) -> Array:
    """The square root of the subject's Lab histogram, so that distance is Hellinger's."""
    weights = mask.ravel()
    chosen = weights > 0.3
    flat, weights = colours.reshape(-1, 3)[chosen], weights[chosen]
    light = _soft_bins(flat[:, 0], 0, 100, LIGHT_BINS)
    a = _soft_bins(np.arcsinh(flat[:, 1] / 12), -2.6, 2.6, CHROMA_BINS)
    b = _soft_bins(np.arcsinh(flat[:, 2] / 12), -2.6, 2.6, CHROMA_BINS)
    chroma = (a[:, :, None] * b[:, None, :]).reshape(len(flat), -1)
    counts = (light * weights[:, None]).T @ chroma
    return np.sqrt(counts / max(float(counts.sum()), 1e-6)).astype(np.float32)


def _edges(light: Array, mask: Array) -> Array:
    """Histograms of gradient orientations of the subject in a grid of cells, each part normalised."""
    shown = light * mask + (1 - mask) * 50
    dy, dx = np.gradient(shown)
    strength = np.sqrt(np.hypot(dx, dy))
    angle = np.mod(np.arctan2(dy, dx), np.pi) / np.pi * ORIENTATIONS
    lower = np.floor(angle).astype(int)
    share = (angle - lower).astype(np.float32)
    cell = SUBJECT_SIDE // CELLS
    histogram = np.zeros((CELLS, CELLS, ORIENTATIONS), np.float32)
    for orientation in range(ORIENTATIONS):
        weight = np.where(lower % ORIENTATIONS == orientation, 1 - share, 0)
        weight = weight + np.where((lower + 1) % ORIENTATIONS == orientation, share, 0)
        binned = (weight * strength).reshape(CELLS, cell, CELLS, cell).sum(axis=(1, 3))
        histogram[..., orientation] = binned
    norm = np.sqrt((histogram**2).sum(axis=-1, keepdims=True) + (0.1 * histogram.max()) ** 2 + 1e-6)
    histogram = histogram / norm
    return histogram / max(float(np.linalg.norm(histogram)), 1e-6)


def _layout(colours: Array, mask: Array) -> Array:
    """The mean colour of the subject in a coarse grid of cells."""
    cell = SUBJECT_SIDE // COLOUR_CELLS
    shape = (COLOUR_CELLS, cell, COLOUR_CELLS, cell)
    weights = mask.reshape(*shape).sum(axis=(1, 3))
    summed = (colours * mask[..., None]).reshape(*shape, 3).sum(axis=(1, 3))
    total = max(float(mask.sum()), 1e-6)
    mean = (colours * mask[..., None]).sum(axis=(0, 1)) / total
    cells = (summed + 8 * mean) / (weights[..., None] + 8)
    presence = weights[..., None] / cell**2
    return (cells * np.array([0.5, 1, 1], np.float32) * np.sqrt(presence) / (60 * COLOUR_CELLS)).astype(np.float32)


def _silhouette(mask: Array) -> Array:
    side = SUBJECT_SIDE - SUBJECT_SIDE % SILHOUETTE
    edge = (SUBJECT_SIDE - side) // 2
    inner = mask[edge : edge + side, edge : edge + side]
    cell = side // SILHOUETTE
    return inner.reshape(SILHOUETTE, cell, SILHOUETTE, cell).mean(axis=(1, 3)) / SILHOUETTE
