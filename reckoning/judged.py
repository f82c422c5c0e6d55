"""Three suppliers judged, beside score weights: a cheap newcomer, a dear old hand, and one of whom little is known."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reckoning.figures import quantised
from reckoning.scoring import Criterion, Score, Weights, score_of
from reckoning.words import CRITERIA, money


class _Facts(TypedDict, total=False):
    price: Decimal
    similarity: Decimal
    credit: int
    years: int
    repurchase: Decimal
    delivery: int


_SUPPLIERS: tuple[tuple["str | Promise", _Facts], ...] = (
    (
        gettext_lazy("Cheap newcomer"),
        {
            "price": Decimal(8),
            "similarity": Decimal("0.80"),
            "credit": 2,
            "years": 1,
            "repurchase": Decimal("0.1"),
            "delivery": 72,
        },
    ),
    (
        gettext_lazy("Dear old hand"),
        {
            "price": Decimal(12),
            "similarity": Decimal("0.92"),
            "credit": 5,
            "years": 9,
            "repurchase": Decimal("0.45"),
            "delivery": 24,
        },
    ),
    (gettext_lazy("Tells little"), {"price": Decimal(9), "similarity": Decimal("0.88")}),
)
_CHEAPEST = min(facts["price"] for _name, facts in _SUPPLIERS)


@dataclass(frozen=True, slots=True)
class Share:
    """How much a criterion counts: its weight, and its part of all weights in percent."""

    label: str
    weight: int
    percent: int


@dataclass(frozen=True, slots=True)
class Judged:
    """`score`: 0 to 100, or a dash, with `percent` for its bar. `parts`: the criteria in their order, in percent, with
    a dash where the supplier does not tell. `known`: in words where not all of the weight is."""

    name: str
    price: str
    score: str
    percent: int
    parts: tuple[tuple[str, str], ...]
    known: str


def shares_of(weights: Weights) -> list[Share]:
    whole = sum(weights.of(criterion) for criterion in Criterion)
    return [
        Share(str(CRITERIA[criterion]), weights.of(criterion), round(100 * weights.of(criterion) / whole))
        for criterion in Criterion
    ]


def judged_examples(weights: Weights) -> list[Judged]:
    return [
        _judged(str(name), facts["price"], score_of(**facts, cheapest=_CHEAPEST, weights=weights))
        for name, facts in _SUPPLIERS
    ]


def _judged(name: str, price: Decimal, found: Score[Decimal]) -> Judged:
    known = _("%(percent)s%% of the weight is known") % {"percent": quantised(100 * found.known, 0)}
    return Judged(
        name=name,
        price=money(price, "CNY"),
        score="–" if found.total.is_nan() else f"{quantised(found.total, 0)}",
        percent=0 if found.total.is_nan() else int(quantised(found.total, 0)),
        parts=tuple(
            (str(CRITERIA[criterion]), "–" if part.is_nan() else f"{quantised(100 * part, 0)}")
            for criterion, part in found.parts.items()
        ),
        known="" if found.known == 1 else known,
    )
