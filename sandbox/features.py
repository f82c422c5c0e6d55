"""What a product photo looks like, as one vector: the colours, edges and outline of its subject.

Everything is measured on the picture with numpy; names and ids of pictures play no part.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.subject import CROP_SIDE, Array, Subject, find_subject

# Raise it whenever vectors change: caches of older vectors are then made anew.
VERSION = 2

LIGHT_BINS, CHROMA_BINS = 6, 8
EDGE_CELLS, ORIENTATIONS = 8, 9
COLOUR_CELLS = 4
OUTLINE_CELLS = 16

# How much each part counts: its vectors are multiplied by this before distances are taken.
COLOURS, EDGES, LAYOUT, OUTLINE = 1.0, 1.0, 1.0, 1.0


def describe(image: Image.Image) -> Array:
    """The vectors of a picture and of its mirror image, shape (2, length).

    One subject seen from either side is to be found by either.
    """
    subject = find_subject(image)
    crop = subject.crop()
    colours = colour_histogram(subject)
    return np.stack([_joined(colours, crop), _joined(colours, crop.mirrored())])


def _joined(colours: Array, crop: Subject) -> Array:
    parts = (COLOURS * colours, EDGES * edges(crop), LAYOUT * layout(crop), OUTLINE * outline(crop))
    return np.concatenate([part.ravel() for part in parts]).astype(np.float32)


def colour_histogram(subject: Subject) -> Array:
    """The square root of the subject's Lab histogram, so that distance is Hellinger's; norm 1."""
    chosen = subject.mask > 0.3
    colours, weights = subject.colours[chosen], subject.mask[chosen]
    axes = (
        _bins(colours[:, 0] / 100, LIGHT_BINS),
        # Chroma in equal steps of arcsinh: greys and pastels are told apart as finely as loud colours.
        _bins(np.arcsinh(colours[:, 1] / 12) / 5.2 + 0.5, CHROMA_BINS),
        _bins(np.arcsinh(colours[:, 2] / 12) / 5.2 + 0.5, CHROMA_BINS),
    )
    counts = np.zeros(LIGHT_BINS * CHROMA_BINS * CHROMA_BINS)
    for corner in np.ndindex(2, 2, 2):
        bins = [axis[side][0] for axis, side in zip(axes, corner, strict=True)]
        shares = [axis[side][1] for axis, side in zip(axes, corner, strict=True)]
        place = (bins[0] * CHROMA_BINS + bins[1]) * CHROMA_BINS + bins[2]
        counts += np.bincount(place.astype(int), weights * shares[0] * shares[1] * shares[2], len(counts))
    return np.sqrt(counts / max(float(counts.sum()), 1e-6)).astype(np.float32)


def _bins(values: NDArray[Any], count: int) -> tuple[tuple[NDArray[Any], NDArray[Any]], ...]:
    """The two bins that share each value of 0 to 1, with the share of each."""
    place = np.clip(values, 0, 0.9999) * (count - 1)
    lower = np.floor(place)
    return (lower, 1 - (place - lower)), (lower + 1, place - lower)


def edges(crop: Subject) -> Array:
    """Histograms of the subject's gradient orientations in a grid of cells, norm 1."""
    # Outside the subject all is one grey, so that no background has edges and the outline has.
    dy, dx = np.gradient(crop.colours[..., 0] * crop.mask + 50 * (1 - crop.mask))
    strength = np.sqrt(np.hypot(dx, dy))
    angle = np.mod(np.arctan2(dy, dx) / np.pi, 1) * ORIENTATIONS
    lower = np.floor(angle)
    share = angle - lower
    cell = np.arange(CROP_SIDE) * EDGE_CELLS // CROP_SIDE
    place = (cell[:, None] * EDGE_CELLS + cell[None]) * ORIENTATIONS
    length = EDGE_CELLS**2 * ORIENTATIONS
    counts = np.zeros(length)
    for step, weight in ((0, 1 - share), (1, share)):
        bins = place + (lower.astype(int) + step) % ORIENTATIONS
        counts += np.bincount(bins.ravel(), (strength * weight).ravel(), length)
    cells = counts.reshape(-1, ORIENTATIONS)
    # Every cell by its own strength, as far as it has any: a faint edge is an edge all the same.
    cells = cells / np.sqrt((cells**2).sum(axis=1, keepdims=True) + (0.1 * cells.max()) ** 2 + 1e-6)
    return np.asarray(cells / max(float(np.sqrt((cells**2).sum())), 1e-6), np.float32)


def layout(crop: Subject) -> Array:
    """The mean colour of the subject in a coarse grid of cells, as far as it fills them."""
    cell = CROP_SIDE // COLOUR_CELLS
    grid = (COLOUR_CELLS, cell, COLOUR_CELLS, cell)
    filled = crop.mask.reshape(grid).mean(axis=(1, 3))[..., None]
    painted = crop.colours * crop.mask[..., None] * np.array([0.5, 1, 1], np.float32)
    means = painted.reshape(*grid, 3).mean(axis=(1, 3)) / np.sqrt(np.maximum(filled, 0.05))
    return np.asarray(means / (60 * COLOUR_CELLS), np.float32)


def outline(crop: Subject) -> Array:
    """The subject's mask, coarsely."""
    cell = CROP_SIDE // OUTLINE_CELLS
    means = crop.mask.reshape(OUTLINE_CELLS, cell, OUTLINE_CELLS, cell).mean(axis=(1, 3))
    return np.asarray(means / OUTLINE_CELLS, np.float32)
