"""A supplier's score, 0 to 100: weighted criteria, each between 0 (worst) and 1 (best).

A criterion that an offer does not tell is left out and its weight spread over those that it tells, so that silence
neither helps nor harms; `known` says how much of the weight was there to judge by. Below half of it there is no score:
an offer of which the price alone is known would else come before those that have shown more.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Generic

import numpy as np

from reckoning.figures import Array, Figure, at_least, at_most, decimal_of, is_known, like, where

MAX_WEIGHT = 10
# What counts as full: best credit, an old hand at the marketplace, half of the buyers coming back, shipping in a day.
FULL_CREDIT, FULL_YEARS, FULL_REPURCHASE, FULL_DELIVERY_HOURS = Decimal(5), Decimal(10), Decimal("0.5"), Decimal(24)


class Criterion(StrEnum):
    PRICE = "price"  # the cheapest price of those compared ÷ the price
    SIMILARITY = "similarity"  # as the marketplace gives it
    CREDIT = "credit"  # of 5
    YEARS = "years"  # of 10, at the marketplace
    REPURCHASE = "repurchase"  # of one half of the buyers
    DELIVERY = "delivery"  # 24 ÷ hours until it is shipped


@dataclass(frozen=True, slots=True)
class Weights:
    """Whole numbers from 0 to 10; 0 leaves a criterion out. Raises ValueError for others, and when all are 0."""

    price: int = 5
    similarity: int = 4
    credit: int = 3
    years: int = 2
    repurchase: int = 3
    delivery: int = 1

    def __post_init__(self) -> None:
        weights = [getattr(self, field.name) for field in fields(self)]
        if not all(0 <= weight <= MAX_WEIGHT for weight in weights) or not any(weights):
            raise ValueError(f"weights are from 0 to {MAX_WEIGHT}, and not all 0")

    def of(self, criterion: Criterion) -> int:
        weight: int = getattr(self, criterion.value)
        return weight


@dataclass(frozen=True, slots=True)
class Facts(Generic[Figure]):
    """What is known of an offer, or of many: NaN where it is not.

    price: in one currency for all that are compared. similarity and repurchase: 0 to 1. credit: 0 to 5.
    delivery: hours until it is shipped.
    """

    price: Figure
    similarity: Figure
    credit: Figure
    years: Figure
    repurchase: Figure
    delivery: Figure


@dataclass(frozen=True, slots=True)
class Score(Generic[Figure]):
    """`total`: 0 to 100, NaN where less than half of the weight is known. `known`: the share that is, 0 to 1.
    `parts`: each criterion from 0 to 1, NaN where unknown."""

    total: Figure
    known: Figure
    parts: dict[Criterion, Figure]


def score_of(
    *,
    price: Decimal | None = None,
    similarity: Decimal | None = None,
    credit: Decimal | int | None = None,
    years: Decimal | int | None = None,
    repurchase: Decimal | None = None,
    delivery: Decimal | int | None = None,
    cheapest: Decimal | None,
    weights: Weights,
) -> Score[Decimal]:
    """Of one offer, exactly. `cheapest`: the lowest price of those that it is compared with."""
    facts = Facts(*(decimal_of(fact) for fact in (price, similarity, credit, years, repurchase, delivery)))
    return score(facts, decimal_of(cheapest), weights)


def cheapest_of(prices: Array) -> float:
    """The lowest price that is one, NaN when there is none."""
    lowest = float(np.min(prices, initial=np.inf, where=prices > 0))
    return lowest if np.isfinite(lowest) else float("nan")


def scores(facts: Facts[Array], weights: Weights) -> Score[Array]:
    """Of many offers, compared with one another."""
    return score(facts, np.full(facts.price.shape, cheapest_of(facts.price)), weights)


def score(facts: Facts[Figure], cheapest: Figure, weights: Weights) -> Score[Figure]:
    parts = _parts(facts, cheapest)
    nothing = like(facts.price, Decimal(0))
    points, known = nothing, nothing
    for criterion, part in parts.items():
        weight = like(part, Decimal(weights.of(criterion)))
        points = points + where(is_known(part), weight * part, nothing)
        known = known + where(is_known(part), weight, nothing)
    whole = like(known, Decimal(sum(weights.of(criterion) for criterion in parts)))
    total = like(known, Decimal(100)) * _ratio(points, known)
    enough = known + known >= whole
    return Score(where(enough, total, like(known, decimal_of(None))), known / whole, parts)


def _parts(facts: Facts[Figure], cheapest: Figure) -> dict[Criterion, Figure]:
    one = like(facts.price, Decimal(1))
    soonest = like(one, FULL_DELIVERY_HOURS)
    raw = {
        Criterion.PRICE: _ratio(cheapest, facts.price),
        Criterion.SIMILARITY: facts.similarity,
        Criterion.CREDIT: facts.credit / like(one, FULL_CREDIT),
        Criterion.YEARS: facts.years / like(one, FULL_YEARS),
        Criterion.REPURCHASE: facts.repurchase / like(one, FULL_REPURCHASE),
        Criterion.DELIVERY: _ratio(soonest, at_least(facts.delivery, soonest)),
    }
    return {criterion: at_most(at_least(part, one - one), one) for criterion, part in raw.items()}


def _ratio(part: Figure, whole: Figure) -> Figure:
    """Unknown where there is nothing to divide by: a price of 0 is none."""
    unknown = decimal_of(None)
    one = like(whole, Decimal(1))
    there = is_known(whole) & (where(is_known(whole), whole, one - one) > one - one)
    return where(there, part / where(there, whole, one), like(whole, unknown))
