"""What a product photo looks like, as vectors: colours, edges, outline and texture of its subject.

Everything is measured on the picture with numpy; names and ids of pictures play no part.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.subject import CROP_SIDE, Array, Subject, find_subjects

# Raise it whenever vectors change: caches of older vectors are then made anew.
VERSION = 3

LIGHT_BINS, CHROMA_BINS = 4, 8
EDGE_CELLS, ORIENTATIONS = 8, 9
OUTLINE_CELLS = 16
STRENGTH_BINS, STRONGEST = 12, 20.0

# How much each part counts in the squared distance. Found by trying on the demo catalogue, where a
# picture should be nearer to its product's other pictures than to strangers; they are not delicate.
COLOURS, EDGES, OUTLINE, TEXTURE = 1.0, 1.4, 0.3, 0.5


def describe(image: Image.Image) -> Array:
    """The vectors of a picture, shape (2 readings, 2 sides, length).

    The readings are those of ``find_subjects``; the sides are the picture and its mirror image, as a
    product seen from either side is to be found by either.
    """
    return np.stack([_both_sides(subject) for subject in find_subjects(image)])


def _both_sides(subject: Subject) -> Array:
    crop = subject.crop()
    colours, cells, mask, grain = colour_histogram(subject), edges(crop), outline(crop), texture(crop)
    sides = (
        (cells, mask),
        # In the mirror, cells and outline swap left and right, and a slope of 30° is one of 150°.
        (cells[:, ::-1, -np.arange(ORIENTATIONS) % ORIENTATIONS], mask[:, ::-1]),
    )
    return np.stack([_joined(colours, cells, mask, grain) for cells, mask in sides])


def _joined(colours: Array, cells: Array, mask: Array, grain: Array) -> Array:
    parts = ((COLOURS, colours), (EDGES, cells), (OUTLINE, mask), (TEXTURE, grain))
    return np.concatenate([np.sqrt(weight) * part.ravel() for weight, part in parts]).astype(np.float32)


def colour_histogram(subject: Subject) -> Array:
    """The square root of the subject's Lab histogram, so that distance is Hellinger's; norm 1."""
    chosen = subject.mask > 0.3
    colours, weights = subject.colours[chosen], subject.mask[chosen]
    axes = (
        _shared_bins(colours[:, 0] / 100, LIGHT_BINS),
        # Chroma in equal steps of arcsinh: greys and pastels are told apart as finely as loud colours.
        _shared_bins(np.arcsinh(colours[:, 1] / 12) / 5.2 + 0.5, CHROMA_BINS),
        _shared_bins(np.arcsinh(colours[:, 2] / 12) / 5.2 + 0.5, CHROMA_BINS),
    )
    counts = np.zeros(LIGHT_BINS * CHROMA_BINS * CHROMA_BINS)
    for corner in np.ndindex(2, 2, 2):
        (light, a, b), shares = zip(*(axis[end] for axis, end in zip(axes, corner, strict=True)), strict=True)
        place = (light * CHROMA_BINS + a) * CHROMA_BINS + b
        counts += np.bincount(place.astype(int), weights * shares[0] * shares[1] * shares[2], len(counts))
    return np.sqrt(counts / max(float(counts.sum()), 1e-6)).astype(np.float32)


def _shared_bins(values: NDArray[Any], count: int) -> tuple[tuple[NDArray[Any], NDArray[Any]], ...]:
    """The two bins that share each value of 0 to 1, with the share of each."""
    place = np.clip(values, 0, 0.9999) * (count - 1)
    lower = np.floor(place)
    return (lower, 1 - (place - lower)), (lower + 1, place - lower)


def edges(crop: Subject) -> Array:
    """Histograms of the subject's gradient orientations, shape (cells, cells, orientations), norm 1.

    A gradient is that of L, a or b, whichever is strongest, and is shared by the cells and
    orientations next to it.
    """
    dy, dx = _strongest_gradient(crop)
    angle = np.mod(np.arctan2(dy, dx) / np.pi, 1) * ORIENTATIONS
    slope = np.floor(angle)
    slopes = ((slope, 1 - (angle - slope)), (slope + 1, angle - slope))
    position = (np.arange(CROP_SIDE) + 0.5) / CROP_SIDE * EDGE_CELLS - 0.5
    first = np.floor(position)
    # One more cell on every side takes what belongs to none.
    places = ((first + 1, 1 - (position - first)), (first + 2, position - first))
    strength, rim = np.hypot(dx, dy), EDGE_CELLS + 2
    counts = np.zeros(rim * rim * ORIENTATIONS)
    for row, row_share in places:
        for column, column_share in places:
            cell = (row[:, None] * rim + column[None]) * ORIENTATIONS
            weight = strength * row_share[:, None] * column_share[None]
            for bins, share in slopes:
                place = (cell + bins % ORIENTATIONS).astype(int)
                counts += np.bincount(place.ravel(), (weight * share).ravel(), len(counts))
    cells = counts.reshape(rim, rim, ORIENTATIONS)[1:-1, 1:-1]
    # Every cell by its own strength, as far as it has any: a faint edge is an edge all the same.
    cells = cells / np.sqrt((cells**2).sum(axis=-1, keepdims=True) + (0.3 * cells.max()) ** 2 + 1e-6)
    return np.asarray(cells / max(float(np.sqrt((cells**2).sum())), 1e-6), np.float32)


def _strongest_gradient(crop: Subject) -> tuple[NDArray[Any], NDArray[Any]]:
    # Outside the subject all is one grey, so that no background has edges and the outline has.
    shown = (crop.colours - [50, 0, 0]) * [1, 1.5, 1.5] * crop.mask[..., None]
    dy, dx = np.gradient(shown, axis=(0, 1))
    strongest = (dy**2 + dx**2).argmax(axis=-1)[..., None]
    return np.take_along_axis(dy, strongest, -1)[..., 0], np.take_along_axis(dx, strongest, -1)[..., 0]


def outline(crop: Subject) -> Array:
    """The subject's mask, coarsely, shape (cells, cells)."""
    cell = CROP_SIDE // OUTLINE_CELLS
    means = crop.mask.reshape(OUTLINE_CELLS, cell, OUTLINE_CELLS, cell).mean(axis=(1, 3))
    return np.asarray(means / OUTLINE_CELLS, np.float32)


def texture(crop: Subject) -> Array:
    """How strong the gradients inside the subject are, and how pixels compare with their neighbours."""
    light, inside = crop.colours[..., 0], crop.mask > 0.6
    dy, dx = np.gradient(light)
    strength = np.clip(np.hypot(dx, dy)[inside] / STRONGEST * STRENGTH_BINS, 0, STRENGTH_BINS - 1)
    centre = light[1:-1, 1:-1] + 1.5
    pattern = np.zeros(centre.shape, int)
    for bit, (down, along) in enumerate(((0, 1), (1, 2), (2, 1), (1, 0))):
        neighbour = light[down : down + CROP_SIDE - 2, along : along + CROP_SIDE - 2]
        pattern |= (neighbour > centre).astype(int) << bit
    histograms = (
        np.bincount(strength.astype(int), minlength=STRENGTH_BINS),
        np.bincount(pattern[inside[1:-1, 1:-1]], minlength=16),
    )
    return np.concatenate([np.sqrt(counts / max(counts.sum(), 1)) for counts in histograms]).astype(np.float32)
