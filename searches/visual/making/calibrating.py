"""What a cosine means to a buyer: where nine of ten pairs are right, read off pairs that are known.

Of every picture the ten nearest others are looked at, as a search would show them. A pair counts as right when both
show the same product in the same colour. What is measured among a hundred photos is not what happens among many, where
there are more strangers and not more views of a product: so a stranger counts as often as if the gallery held GALLERY
pictures of its kind. P(right) is fitted as a logistic curve over the logarithm of the distance, 1 - cosine: it is 1 for
equal pictures and falls the faster the farther they are apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

SHOWN = 10
GALLERY = 700
NOTHING = 1e-4  # the least distance, for it has a logarithm
ROUNDS = 50  # of Newton's method; it settles in ten


@dataclass(frozen=True, slots=True)
class Pairs:
    """Cosines of pairs as shown, whether each is right, and how often it counts."""

    cosines: Rows
    right: NDArray[np.bool_]
    weights: Rows


def shown_pairs(cosines: Rows, products: Sequence[str], families: Sequence[str], of: Sequence[int]) -> Pairs:
    """From the cosines (n, n) of a gallery, the pairs that the pictures at ``of`` are shown."""
    names, kinds = np.array(products), np.array(families)
    found: list[tuple[float, bool, float]] = []
    for query in of:
        order = [int(other) for other in np.argsort(-cosines[query]) if other != query][:SHOWN]
        for other in order:
            stranger = kinds[other] != kinds[query]
            weight = max(1.0, GALLERY / len(names)) if stranger else 1.0
            found.append((float(cosines[query, other]), bool(names[other] == names[query]), weight))
    columns = list(zip(*found, strict=True))
    return Pairs(np.array(columns[0]), np.array(columns[1]), np.array(columns[2]))


def cosine_at(probability: float, pairs: Pairs) -> float:
    """Where P(right) is ``probability``, by maximum likelihood."""
    design = np.stack([np.ones_like(pairs.cosines), np.log(np.maximum(1 - pairs.cosines, NOTHING))], axis=1)
    beta = np.zeros(2)
    for _ in range(ROUNDS):
        expected = 1 / (1 + np.exp(-(design @ beta).clip(-30, 30)))
        gradient = design.T @ (pairs.weights * (pairs.right - expected))
        curvature = (design * (pairs.weights * expected * (1 - expected))[:, None]).T @ design
        beta += np.linalg.solve(curvature + 1e-6 * np.eye(2), gradient)
    return 1 - float(np.exp((np.log(probability / (1 - probability)) - beta[0]) / beta[1]))
