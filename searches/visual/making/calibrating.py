"""What a cosine means to a buyer: where nine of ten pairs are right, read off pairs that are known.

One searches with every picture (among the others) and with it as somebody else would have taken it (among all), and
looks at the ten nearest. A pair is right when both show the same product in the same colour. What is measured among a
hundred photos is not what happens among many, where there are more strangers and not more views of a product: so a
stranger counts as often as if the gallery held GALLERY pictures of its kind.

P(right) is fitted as a logistic curve over the logarithm of the distance, 1 - cosine: it is 1 for
equal pictures and falls the faster the farther they are apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searches.visual.making.labelled import Labelled

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


def shown_pairs(cosines: Rows, asked: Sequence[Labelled], gallery: Sequence[Labelled], *, itself: bool) -> Pairs:
    """The pairs of SHOWN that each picture asked with is shown, of cosines (asked, gallery).

    ``itself``: whether it is shown the very picture of the gallery that it is or was made from.
    """
    found: list[tuple[float, bool, float]] = []
    for query, row in zip(asked, cosines, strict=True):
        order = [place for place in np.argsort(-row) if itself or gallery[place] is not query]
        for place in order[:SHOWN]:
            other = gallery[place]
            weight = 1.0 if other.family == query.family else max(1.0, GALLERY / len(gallery))
            found.append((float(row[place]), other.product == query.product, weight))
    columns = list(zip(*found, strict=True))
    return Pairs(np.array(columns[0]), np.array(columns[1]), np.array(columns[2]))


def all_of(parts: Sequence[Pairs]) -> Pairs:
    """Pairs of several searches as one."""
    return Pairs(
        np.concatenate([part.cosines for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


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
