"""How alike two pictures are, in the words of a buyer: at 0.8, nine of ten such pairs are the same product.

A cosine of SAME is 0.8, equal vectors are 1, and in between and below the similarity falls with the distance:
1 / (1 + distance / HALF), where distance is 1 - cosine. SAME is the stricter of what ``searches.visual.making`` reads
off the real photos and off the rendered catalogue; docs/decisions/0013-an-eye-of-our-own.md says how, and what else
lies where: other views of a product about 0.5, it in another colour about 0.4, strangers about 0.2.
"""

import numpy as np
from numpy.typing import NDArray

SAME = 0.94
HALF = 4 * (1 - SAME)  # the distance at which the similarity is a half


def similarity(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Of two vectors of ``embed``: 0 to 1, the same in both orders."""
    return float(similarities(a, b[None, :])[0])


def similarities(query: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of one vector (d,) and many (n, d): (n,), each 0 to 1. The order is that of the cosines, ``table @ query``."""
    distances = np.clip(1 - table @ query, 0, 2)  # rounding puts some equal vectors a little beyond 1
    return np.asarray(1 / (1 + distances / HALF), np.float32)
