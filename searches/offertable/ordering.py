"""Orders by any number of columns: what is unknown last in either direction, of equals the higher ranked first."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from searches.offertable.table import OfferTable
from searches.offertable.types import Floats, Integers, Rows


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
    # The last key of lexsort counts most. NaN is sorted last, and stays NaN when its sign is turned.
    chosen = [(values[rows], falling) for values, falling in reversed(keys)]
    return rows[np.lexsort([np.negative(values) if falling else values for values, falling in chosen])]
