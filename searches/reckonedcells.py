"""What is reckoned of offers as cells of a CSV file, behind all others: only what its view was reckoned with.

Names are the same in every language, as those of all columns (searches/exports.py).
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from exports.cells import Cell
from reckoning.figures import quantised
from reckoning.landed import Landed, Missing
from reckoning.tiers import total
from searches.offersheet import Figured
from searches.reckoned import Terms

# As it is shown: a piece to four digits, since an order multiplies it (docs/costs.md).
PIECE, ORDER = 4, 2


def _unit(line: Figured) -> list[Cell]:
    quantity = line.terms.quantity
    if quantity is None or line.unit is None:
        return [quantity, None, None]
    return [quantity, line.unit, quantised(total(quantity, line.unit), ORDER)]


def _landed(line: Figured) -> list[Cell]:
    costing, found = line.terms.costing, line.landed
    if costing is None or found is None:
        return [None] * len(COLUMNS["landed"][0])
    used = costing.rates.get(line.offer.currency)
    rate = [used.rate if used else None, used.valid_on.isoformat() if used and used.valid_on else None]
    missing = Missing(int(found.missing))
    # Unknown is empty, and never zero.
    figures: list[Cell] = [None, None] if missing else _figures(found)
    return [costing.target, *figures, *rate, "; ".join(str(one.name).lower() for one in missing)]


def _figures(found: Landed[Decimal]) -> list[Cell]:
    return [quantised(found.piece.total, PIECE), quantised(found.order.total, ORDER)]


def _score(line: Figured) -> list[Cell]:
    return [None if line.score is None else round(line.score, 1)]


# By the keys of what may be reckoned (`Terms.columns`): the columns' names, and their cells.
COLUMNS: Mapping[str, tuple[tuple[str, ...], Callable[[Figured], list[Cell]]]] = MappingProxyType(
    {
        "unit": (("quantity", "unit_price", "goods_total"), _unit),
        "landed": (
            ("landed_currency", "landed_piece", "landed_order", "exchange_rate", "rate_date", "landed_missing"),
            _landed,
        ),
        "score": (("score",), _score),
    }
)


def reckoned_columns(terms: Terms) -> list[str]:
    return [name for key, (names, _cells) in COLUMNS.items() if key in terms.columns for name in names]


def reckoned_cells(line: Figured) -> list[Cell]:
    """The cells of `reckoned_columns` for the line's own terms."""
    columns = line.terms.columns
    return [cell for key, (_names, cells) in COLUMNS.items() if key in columns for cell in cells(line)]
