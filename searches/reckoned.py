"""What is reckoned for all offers of a search at once: prices at a quantity, landed costs, scores.

The formulas are `reckoning`'s. Its exact ones make the figures that are shown, of a page's rows; those for arrays
sort and count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from accounts.models import Team
from reckoning.costing import Costing, costing_of
from reckoning.figures import Array
from reckoning.landed import Landed, landed, terms_of_price
from reckoning.models import CostProfile, ScoreWeights
from reckoning.scoring import Criterion, Facts, Score, scores
from reckoning.tiers import Cheapest, crossovers, unit_prices
from searches.offertable import OfferTable, Rows


@dataclass(frozen=True, slots=True)
class Terms:
    """What to reckon with. quantity: pieces. unmet: what was asked for and cannot be, in words."""

    quantity: int | None = None
    costing: Costing | None = None
    weights: ScoreWeights | None = None
    profiles: list[CostProfile] = field(default_factory=list)
    all_weights: list[ScoreWeights] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)

    @property
    def columns(self) -> set[str]:
        """The keys of the columns that are there with it."""
        there = {"unit": self.quantity, "landed": self.quantity and self.costing, "score": self.weights}
        return {key for key, given in there.items() if given}


def terms_of(team: Team, asked: Mapping[str, Any], currencies: Iterable[str]) -> Terms:
    """The team's profiles and weights with what the address asks for of them: two queries, and one for the rates.

    asked: see `MatchFilter.reckoned_with`. currencies: the offers'.
    """
    profiles = list(CostProfile.objects.filter(team=team))
    all_weights = list(ScoreWeights.objects.filter(team=team))
    profile = next((one for one in profiles if one.pk == asked.get("costs")), None)
    weights = next((one for one in all_weights if one.pk == asked.get("weights")), None)
    quantity = asked.get("quantity")
    unmet = []
    if "costs" in asked and profile is None:
        unmet.append(_("The cost profile of this address is not your team’s, or was deleted. Choose another one."))
    if "weights" in asked and weights is None:
        unmet.append(_("The score weights of this address are not your team’s, or were deleted. Choose others."))
    if profile and quantity is None:
        unmet.append(_("Landed costs need an order quantity: freight and fees for the order are shared by its pieces."))
    return Terms(
        quantity=quantity,
        costing=costing_of(profile, currencies, asked.get("rates")) if profile and quantity else None,
        weights=weights,
        # What is archived is offered to nobody, and still works where an address names it.
        profiles=[one for one in profiles if one.archived_at is None or one is profile],
        all_weights=all_weights,
        unmet=unmet,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A score, 0 to 100, with the share of the weight that is known, and each criterion, 0 to 1. None is unknown."""

    total: float | None
    known: float
    parts: Mapping[Criterion, float | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all rows of a table, float64 (n,), NaN where unknown; None where there is nothing to reckon with."""

    unit: Array | None = None
    landed: Landed[Array] | None = None
    score: Score[Array] | None = None

    def keys(self) -> dict[str, Array]:
        """What to sort by, by the columns' keys."""
        own = {
            "unit": self.unit,
            "landed": self.landed.piece.total if self.landed else None,
            "score": self.score.total if self.score else None,
        }
        return {key: values for key, values in own.items() if values is not None}

    def judged(self, table: OfferTable, ids: Sequence[int]) -> dict[int, Judged]:
        """The scores of some of the table's offers, by id."""
        score = self.score
        if score is None:
            return {}
        return {
            int(table.ids[row]): Judged(
                total=_known(score.total[row]),
                known=float(score.known[row]),
                parts={criterion: _known(part[row]) for criterion, part in score.parts.items()},
            )
            for row in table.rows_of(ids)
        }


def figures_of(table: OfferTable, terms: Terms) -> Figures:
    price = _doubles(table.price)
    unit = cost = None
    if terms.quantity:
        unit = unit_prices(terms.quantity, price, _doubles(table.tier_from), _doubles(table.tier_price))
        if terms.costing:
            cost = landed(terms.quantity, unit, _rates(table, terms.costing), _unknown(table), terms.costing.costs)
    return Figures(unit, cost, _scores(table, terms, price if unit is None else unit, cost))


def _scores(table: OfferTable, terms: Terms, price: Array, cost: Landed[Array] | None) -> Score[Array] | None:
    """Each offer compared with all others of its search, so that a filter changes no score."""
    if terms.weights is None:
        return None
    if cost:
        price = cost.piece.total
    elif len(table.currencies) > 1:
        # Prices in several currencies are not compared; each other criterion counts for more then.
        price = _unknown(table)
    facts = Facts(
        price=price,
        similarity=_doubles(table.similarity),
        credit=_doubles(table.credit),
        years=_doubles(table.years),
        repurchase=_doubles(table.repurchased),
        delivery=_doubles(table.ships),
    )
    return scores(facts, terms.weights.weights)


def changes_of_cheapest(table: OfferTable, rows: Rows, terms: Terms) -> list[tuple[int, int, float]]:
    """From how many pieces on which of the rows is the cheapest: (pieces, row of the table, price), ascending.

    With a cost profile by their landed costs, and the prices are NaN. Nothing for prices in several currencies that
    no profile makes one.
    """
    if not len(rows) or (terms.costing is None and len(np.unique(table.currency[rows])) > 1):
        return []
    factor = addend = None
    if terms.costing:
        rates = _rates(table, terms.costing)[rows]
        factor, addend = terms_of_price(rates, np.full(len(rows), np.nan), terms.costing.costs)
    found: tuple[Cheapest, ...] = crossovers(
        _doubles(table.price[rows]),
        _doubles(table.tier_from[rows]),
        _doubles(table.tier_price[rows]),
        moq=_doubles(table.moq[rows]),
        factor=factor,
        addend=addend,
    )
    return [(one.quantity, int(rows[one.offer]), np.nan if terms.costing else one.unit) for one in found]


def _rates(table: OfferTable, costing: Costing) -> Array:
    """Of each row into the target currency, NaN where there is none."""
    rates = [float(rate) if (rate := costing.rate(currency)) else np.nan for currency in table.currencies]
    # The last: where the code of the unknown points.
    by_row: Array = np.array([*rates, np.nan])[table.currency]
    return by_row


def _unknown(table: OfferTable) -> Array:
    return np.full(len(table), np.nan)


def _doubles(values: npt.NDArray[np.floating]) -> Array:
    return values.astype(np.float64, copy=False)


def _known(number: np.float64) -> float | None:
    return None if np.isnan(number) else float(number)
