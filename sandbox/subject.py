"""Where a product photo's subject is, and its colours.

The subject is told from the background by how unlike the picture's border it is: the border is
taken as a smooth surface (a quadratic in x and y, so that falling light does no harm) plus noise
(wood, fabric), whose covariance is measured. Sums are written with einsum: numpy's matrix product
would start threads for these small sizes, which stand in each other's way when several searches run.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float32]

SIDE = 128  # pixels of the longer side that everything is measured on
CROP_SIDE = 64  # pixels of the square around the subject
BORDER = 0.07  # share of the side that counts as border
LEAST_SUBJECT, MOST_SUBJECT = 0.02, 0.97  # shares of the picture between which a mask is believed

XYZ_FROM_RGB = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])
# The least variance of a background in L, a and b: JPEG and light make as much of any plain one.
NOISE_FLOOR = np.diag([9.0, 2.0, 2.0])
# The squared distance from the background (in its own deviations) that makes a pixel 63 % subject.
CLEARLY_SUBJECT = 24.0


@dataclass(frozen=True)
class Subject:
    """Lab colours, shape (h, w, 3), and how surely each pixel is the subject's, 0 to 1, shape (h, w)."""

    colours: Array
    mask: Array

    def crop(self) -> "Subject":
        """The square around the subject, resampled to CROP_SIDE."""
        top, bottom = _extent(self.mask.sum(axis=1))
        left, right = _extent(self.mask.sum(axis=0))
        side = max(bottom - top, right - left, 8.0) * 1.06
        steps = ((np.arange(CROP_SIDE) + 0.5) / CROP_SIDE - 0.5) * side
        rows, columns = (top + bottom) / 2 + steps - 0.5, (left + right) / 2 + steps - 0.5
        height, width = self.mask.shape
        inside = ((rows > -1) & (rows < height))[:, None] & ((columns > -1) & (columns < width))[None]
        mask = _sampled(self.mask[..., None], rows, columns)[..., 0]
        return Subject(_sampled(self.colours, rows, columns), np.where(inside, mask, np.float32(0)))

    def mirrored(self) -> "Subject":
        return Subject(self.colours[:, ::-1], self.mask[:, ::-1])


def find_subject(image: Image.Image) -> Subject:
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    colours = lab(np.asarray(small))
    return Subject(colours, subject_mask(colours))


def lab(rgb: NDArray[Any]) -> Array:
    """CIE Lab (D65) of 8-bit sRGB, shape (..., 3)."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = np.einsum("...c,dc->...d", linear[rgb].astype(np.float32), (XYZ_FROM_RGB / WHITE[:, None]))
    xyz = np.asarray(xyz, np.float32)
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def subject_mask(colours: Array) -> Array:
    """How surely each pixel belongs to the subject, 0 to 1, shape (h, w)."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)
    band = max(2, round(BORDER * max(height, width)))
    border = np.ones((height, width), bool)
    border[band:-band, band:-band] = False
    edge_terms, edge_colours = terms[border], colours[border]
    kept = np.ones(len(edge_terms), bool)
    for _ in range(2):
        background = _Background.fitted(edge_terms[kept], edge_colours[kept])
        # A subject that reaches the border is no background: fit again without what stands out.
        distance = background.distance(edge_terms, edge_colours)
        kept = distance <= max(9.0, float(np.percentile(distance, 70)))
    background = _Background.fitted(edge_terms[kept], edge_colours[kept])
    mask = 1 - np.exp(-background.distance(terms, colours) / CLEARLY_SUBJECT)
    if not LEAST_SUBJECT < float(mask.mean()) < MOST_SUBJECT:
        # Nothing stands out, or all does: then the middle is the best guess.
        mask = np.exp(-1.5 * (x * x + y * y))
    return np.asarray(mask, np.float32)


@dataclass(frozen=True)
class _Background:
    """Coefficients of the surface, shape (6, 3), and the inverse covariance of the noise about it."""

    surface: NDArray[Any]
    precision: NDArray[Any]

    @classmethod
    def fitted(cls, terms: NDArray[Any], colours: Array) -> "_Background":
        normal = np.einsum("ni,nj->ij", terms, terms) + np.eye(terms.shape[-1]) * 1e-3
        surface = np.linalg.solve(normal, np.einsum("ni,nc->ic", terms, colours))
        spread = colours - np.einsum("ni,ic->nc", terms, surface)
        noise = np.einsum("ni,nj->ij", spread, spread) / max(len(spread), 1) + NOISE_FLOOR
        return cls(surface, np.linalg.inv(noise))

    def distance(self, terms: NDArray[Any], colours: Array) -> NDArray[Any]:
        """Squared Mahalanobis distance of pixels, shape (..., 6) and (..., 3), to (...)."""
        residual = colours - np.einsum("...i,ic->...c", terms, self.surface)
        scaled = np.einsum("...i,ij->...j", residual, self.precision)
        return np.asarray((scaled * residual).sum(axis=-1))


def _extent(weights: Array) -> tuple[float, float]:
    """Where all but the last 1.5 % on either side of a row of weights lies."""
    share = np.cumsum(weights) / max(float(weights.sum()), 1e-6)
    return float(np.searchsorted(share, 0.015)), float(np.searchsorted(share, 0.985) + 1)


def _sampled(values: Array, rows: NDArray[Any], columns: NDArray[Any]) -> Array:
    """Bilinear samples of (h, w, c) on a grid; beyond the picture its edge goes on."""
    height, width = values.shape[:2]
    y, x = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = y.astype(int), x.astype(int)
    right = np.minimum(left + 1, width - 1)
    down, along = (y - top)[:, None, None], (x - left)[None, :, None]
    upper, lower = values[top], values[np.minimum(top + 1, height - 1)]
    over = upper[:, left] * (1 - along) + upper[:, right] * along
    under = lower[:, left] * (1 - along) + lower[:, right] * along
    return np.asarray(over * (1 - down) + under * down, np.float32)
