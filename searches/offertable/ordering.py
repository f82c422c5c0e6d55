"""Orders by any number of columns: what is unknown last in either direction, of equals the higher ranked first."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from searches.offertable.table import OfferTable
from searches.offertable.types import Floats, Integers, Rows

LARGEST = np.iinfo(np.int64).max
Places: TypeAlias = npt.NDArray[np.int64]


def _coded(codes: Integers) -> Floats:
    return np.where(codes < 0, np.nan, codes)


# What each column sorts by: floats (n,), NaN where it is unknown.
KEYS: Mapping[str, Callable[[OfferTable], Any]] = MappingProxyType(
    {
        "title": lambda table: _coded(table.titles.places),
        "price": lambda table: table.price,
        "moq": lambda table: table.moq,
        "blend": lambda table: table.fused,
        "similarity": lambda table: table.similarity,
        "visual": lambda table: table.visual,
        "rank": lambda table: table.rank,
        "supplier": lambda table: _coded(table.name),
        "credit": lambda table: table.credit,
        "years": lambda table: table.years,
        "medal": lambda table: table.medal,
        "service": lambda table: table.service,
        "sold": lambda table: table.sold,
        "repurchased": lambda table: table.repurchased,
        "ships": lambda table: table.ships,
        "location": lambda table: _coded(table.place),
        "marketplace": lambda table: _coded(table.marketplace),
    }
)


def tie_by_price(table: OfferTable) -> Floats:
    """What parts equally similar offers: the price. Those without a similarity stay as their marketplace ranks them."""
    return np.where(np.isnan(table.similarity), table.rank, table.price)


def ordered(rows: Rows, keys: Sequence[tuple[Any, bool]]) -> Rows:
    """`rows`, sorted by the keys, the first of which counts most. They come in the table's order, or in any other
    that equals are to stay in.

    keys: (values, falling): values (n,) of the whole table, NaN where unknown.
    """
    if not keys or len(rows) < 2:
        return rows
    places = _places(keys[0][0][rows], falling=keys[0][1])
    for values, falling in keys[1:]:
        places = _followed_by(places, _places(values[rows], falling=falling))
    return rows[np.argsort(_followed_by(places, np.arange(len(rows))))]


def _places(values: Any, *, falling: bool) -> Places:
    """(n,) each value's place among the different ones, from 0 on; what is unknown behind all."""
    # Negative zero becomes zero.
    numbers = np.asarray(-values if falling else values, dtype=np.float64) + 0.0
    bits = numbers.view(np.int64)
    # The bits of doubles are in the doubles' order, but for negative ones, which are in the opposite one.
    bits = np.where(bits < 0, bits ^ LARGEST, bits)
    bits[np.isnan(numbers)] = LARGEST
    return _dense(bits)


def _followed_by(first: Places, then: Places) -> Places:
    """Codes that are in the order of the first, and of equals in that of the second."""
    several = int(then.max()) + 1
    if int(first.max()) >= LARGEST // several:
        first = _dense(first)
    return first * several + then


def _dense(codes: Places) -> Places:
    # Whole numbers are sorted several times as fast as doubles, which may be NaN; equals need not stay in their order.
    order = np.argsort(codes)
    in_order = codes[order]
    places = np.empty(len(codes), dtype=np.int64)
    places[order] = np.concatenate([[0], np.cumsum(in_order[1:] != in_order[:-1])])
    return places
