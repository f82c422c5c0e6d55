"""How alike two vectors are, in the words of a buyer: 0.8 means that nine of ten such pairs are one product."""

import numpy as np
from numpy.typing import NDArray

MIDDLE, SLOPE = 0.70, 14.0  # the cosine that means a half, and how fast it grows there


def similarity(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Of two vectors of ``embed``: 0 to 1, the same in both orders."""
    return float(similarities(a, b[None, :])[0])


def similarities(query: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of one vector (d,) and many (n, d): (n,)."""
    cosines = np.asarray(table @ query, np.float64)
    scores = 1 / (1 + np.exp(-SLOPE * (cosines - MIDDLE)))
    return np.asarray(scores / (1 / (1 + np.exp(-SLOPE * (1 - MIDDLE)))), np.float32).clip(0, 1)
