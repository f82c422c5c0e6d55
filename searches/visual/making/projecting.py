"""What to look at: the directions in which products differ, in units of how one product differs from itself.

Linear discriminants (Fisher 1936; Rao 1948) with the spread within a product shrunk towards a sphere, since there are
fewer pictures than features.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

SHRINKAGE = 1.0  # as much sphere as spread


@dataclass(frozen=True, slots=True)
class Projection:
    """(features - centre) @ axes; ``centre`` (d,), ``axes`` (d, k)."""

    centre: Rows
    axes: Rows

    def __call__(self, features: Rows) -> Rows:
        """(n, k), each row of unit length."""
        projected = (features - self.centre) @ self.axes
        return np.asarray(projected / np.linalg.norm(projected, axis=1, keepdims=True))


def learn(features: Rows, products: Sequence[str], size: int) -> Projection:
    """From (n, d) features of unit length and the product of each, ``size`` directions."""
    labels = np.array(products)
    centre, within = features.mean(axis=0), features.copy()
    for product in set(products):
        within[labels == product] -= within[labels == product].mean(axis=0)
    spread = within.T @ within / (len(features) - len(set(products)))
    spread += SHRINKAGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    whiten = np.linalg.inv(np.linalg.cholesky(spread)).T
    _, directions = np.linalg.eigh(np.cov(((features - centre) @ whiten).T))
    axes = whiten @ directions[:, ::-1][:, :size]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(size)])  # or the sign would be the machine's
    return Projection(centre, axes / np.linalg.norm(axes, axis=0).max())
