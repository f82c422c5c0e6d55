"""How well pictures find their product: what the bench prints and the tests hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searches.visual.making.calibrating import SHOWN
from searches.visual.making.labelled import Labelled

SAME = 0.8  # a similarity from which a buyer is told that it is the same product


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares are 0 to 1; ``queries`` are the pictures asked with of which the gallery has another of the product.

    ``precision`` and ``recall`` are of the pairs shown from a similarity of SAME: among those, how many show one
    product (``precision_any_colour``: in whatever colour); and how many of all right pairs of the gallery are so shown.
    """

    queries: int
    recall_at_1: float
    recall_at_10: float
    mean_average_precision: float
    pairs: int
    precision: float
    precision_any_colour: float
    recall: float


def measure(
    scores: NDArray[np.float32], asked: Sequence[Labelled], gallery: Sequence[Labelled], *, itself: bool
) -> Measures:
    """From similarities (asked, gallery). ``itself``: whether the picture asked with, or made from, may be found."""
    firsts: list[int] = []
    precisions: list[float] = []
    shown, right, any_colour, all_right = 0, 0, 0, 0
    for query, row in zip(asked, scores, strict=True):
        order = [gallery[place] for place in np.argsort(-row, kind="stable")]
        high = sum(row[place] >= SAME for place, other in enumerate(gallery) if itself or other is not query)
        found = [other for other in order if itself or other is not query]
        hits = [rank for rank, other in enumerate(found, start=1) if other.product == query.product]
        if not hits:
            continue
        firsts.append(hits[0])
        precisions.append(float(np.mean([number / rank for number, rank in enumerate(hits, start=1)])))
        told = found[: min(SHOWN, high)]
        shown, all_right = shown + len(told), all_right + len(hits)
        right += sum(other.product == query.product for other in told)
        any_colour += sum(other.family == query.family for other in told)
    ranks = np.array(firsts)
    return Measures(
        queries=len(firsts),
        recall_at_1=float((ranks <= 1).mean()),
        recall_at_10=float((ranks <= SHOWN).mean()),
        mean_average_precision=float(np.mean(precisions)),
        pairs=shown,
        precision=right / max(shown, 1),
        precision_any_colour=any_colour / max(shown, 1),
        recall=right / all_right,
    )
