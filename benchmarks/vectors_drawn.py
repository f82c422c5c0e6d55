"""Vectors as a catalogue's pictures would have them, drawn by number.

Uniform ones are alike to none of real ones: they are all equally far from each other. These have what 540 real and
rendered product photos showed under `searches.visual`: all share a direction (length 0.65), the rest lies mostly in few
dimensions (20 of 256 have three fifths, as many as 30 equal ones would), products are near to others of their kind, and
two views of one product have a cosine of 0.87, two strangers of 0.42.
"""

import numpy as np
from numpy.typing import NDArray

from searches.visual import DIMENSIONS

Vectors = NDArray[np.float32]

VIEWS, KINDS = 4, 2000
SHARED, OF_PRODUCT, OF_VIEW = 0.42, 0.45, 0.13  # of the squared length
OF_KIND = 0.5  # of what is the product's own


class Drawn:
    """`n` pictures, four views of each product; the same for the same seed."""

    def __init__(self, n: int, *, seed: int = 1) -> None:
        self._seed = seed
        variance = (np.arange(DIMENSIONS) + 3.0) ** -1.2
        self._spread = np.sqrt(variance / variance.sum()).astype(np.float32)
        random = np.random.default_rng(seed)
        kinds = random.standard_normal((KINDS, DIMENSIONS), np.float32)
        self._products = random.standard_normal((max(1, n // VIEWS), DIMENSIONS), np.float32)
        self._products *= np.float32(np.sqrt(1 - OF_KIND))
        self._products += np.float32(np.sqrt(OF_KIND)) * kinds[random.integers(KINDS, size=len(self._products))]
        self._products *= np.float32(np.sqrt(OF_PRODUCT)) * self._spread
        # The direction of least spread is as good as any.
        self._products[:, -1] += np.float32(np.sqrt(SHARED))

    def pictures(self, start: int, stop: int) -> Vectors:
        """Those with these numbers, (stop - start, DIMENSIONS), of unit length."""
        return self._views(np.arange(start, stop) // VIEWS % len(self._products), self._seed + 1 + start)

    def queries(self, n: int) -> Vectors:
        """Photos of products that are there, in views that are not."""
        products = np.random.default_rng(self._seed).integers(len(self._products), size=n)
        return self._views(products, 10**9 + self._seed)

    def _views(self, products: NDArray[np.int64], seed: int) -> Vectors:
        random = np.random.default_rng(seed)
        # Light and background differ in all dimensions, though not equally.
        spread = np.float32(np.sqrt(OF_VIEW)) * (0.7 * self._spread + np.float32(0.3 / np.sqrt(DIMENSIONS)))
        views = self._products[products] + spread * random.standard_normal((len(products), DIMENSIONS), np.float32)
        return np.asarray(views / np.linalg.norm(views, axis=1, keepdims=True), np.float32)
