"""The comparison's order, by any number of its columns: `?sort=price,-credit`, and the heads that link there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from searches.addresses import changed
from searches.offertable import KEYS, OfferTable, Rows, ordered, tie_by_price

# More keys than anybody can think of at once; each costs time.
MOST_SORTS = 4
# What is sorted by where the address asks for a figure that is not reckoned: without a quantity, profile or weights.
STAND_INS = {"unit": "price", "landed": "price", "score": "similarity"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the comparison. `falling_first`: the first click wants the largest on top.

    tie: what parts equals, the smallest first, before the marketplace's rank does: a column's key, or "".
    """

    key: str
    label: str | Promise
    numeric: bool = False
    falling_first: bool = False
    tie: str = ""


@dataclass(frozen=True, slots=True)
class Sort:
    column: Column
    falling: bool

    @property
    def text(self) -> str:
        return f"-{self.column.key}" if self.falling else self.column.key


@dataclass(frozen=True, slots=True)
class Order:
    """At least one sort, the first of which counts most. `unknown`: what an address named that is no column."""

    sorts: tuple[Sort, ...]
    unknown: str = ""

    @property
    def text(self) -> str:
        return ",".join(sort.text for sort in self.sorts)

    @property
    def first(self) -> Sort:
        return self.sorts[0]

    def put(self, table: OfferTable, rows: Rows, own: Mapping[str, Any] | None = None) -> Rows:
        """`rows`, which come in the table's order, in this one. own: keys that are not the table's, (n,) each."""
        named = [(sort.column.key, sort.falling) for sort in self.sorts]
        chosen = {key for key, _falling in named}
        named += [(sort.column.tie, False) for sort in self.sorts if sort.column.tie not in {"", *chosen}]
        if any(key == "similarity" for key, _falling in named):
            # Offers of marketplaces that only rank: these by their rank, before prices could part them.
            keys = [(_key(table, key, own, unscored=key == "price"), falling) for key, falling in named]
        else:
            keys = [(_key(table, key, own), falling) for key, falling in named]
        return ordered(rows, keys)


def _key(table: OfferTable, key: str, own: Mapping[str, Any] | None, *, unscored: bool = False) -> Any:
    if own and key in own:
        return own[key]
    key = STAND_INS.get(key, key)
    return tie_by_price(table) if unscored else KEYS[key](table)


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head: its link sorts by it, or turns the order round.

    adding: the order with this column added behind, or turned round where it is. place: its own among several.
    """

    key: str
    label: str | Promise
    url: str
    adding: str
    numeric: bool
    aria_sort: str
    arrow: str
    place: int | None


def order_of(text: str, default: str, columns: Mapping[str, Column]) -> Order:
    """The order named by `text`; `default` when it is empty or names none of `columns`. A column counts once."""
    sorts: dict[str, Sort] = {}
    unknown = []
    for part in filter(None, text.split(",")):
        key = part.removeprefix("-")
        if key not in columns:
            unknown.append(part)
        elif len(sorts) < MOST_SORTS:
            sorts.setdefault(key, Sort(columns[key], part.startswith("-")))
    if not sorts:
        sorts = {"": Sort(columns[default.removeprefix("-")], default.startswith("-"))}
    return Order(tuple(sorts.values()), ",".join(unknown))


def headers(order: Order, columns: Mapping[str, Column], params: QueryDict) -> list[Header]:
    return [_header(column, order, params) for column in columns.values()]


def _header(column: Column, order: Order, params: QueryDict) -> Header:
    keys = [sort.column.key for sort in order.sorts]
    place = keys.index(column.key) if column.key in keys else None
    falling = None if place is None else order.sorts[place].falling
    falls_next = column.falling_first if falling is None else not falling
    turned = f"-{column.key}" if falls_next else column.key
    # A click on the head of a second column makes it the first, as it is.
    alone = turned if place in (None, 0) else order.sorts[place].text
    return Header(
        key=column.key,
        label=column.label,
        url=changed(params, sort=alone),
        adding=",".join(_added(order.sorts, place, turned)),
        numeric=column.numeric,
        aria_sort=_state(falling) if place == 0 else "",
        arrow={"ascending": "↑", "descending": "↓"}.get(_state(falling), ""),
        place=None if place is None or len(keys) == 1 else place + 1,
    )


def _added(sorts: Sequence[Sort], place: int | None, turned: str) -> list[str]:
    texts = [sort.text for sort in sorts]
    if place is None:
        return [*texts[: MOST_SORTS - 1], turned]
    return [*texts[:place], turned, *texts[place + 1 :]]


def _state(falling: bool | None) -> str:
    if falling is None:
        return ""
    return "descending" if falling else "ascending"
