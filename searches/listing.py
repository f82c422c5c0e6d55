"""The rows of one page by their ids: what is folded into each, and what is open below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.core.paginator import Page, Paginator

from searches.asked import ids_at
from searches.layout import Layout
from searches.offertable import (
    Folded,
    OfferTable,
    Rows,
    best_buys_first,
    equal_offers,
    fold,
    joined,
    led_by,
    same_photos,
    unknown_apart,
)

OFFERS_PER_PAGE = 50
# What is shown below a row that is open; a supplier's link lists the rest.
MOST_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page. further: how many more rows of the supplier are folded into it. equal: how many offers that
    are the same, or show the same photo. sellers: how many show that, if photos are folded. member: it is shown below
    the row it is folded into."""

    id: int
    further: int = 0
    equal: int = 0
    sellers: int = 0
    opened: bool = False
    member: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page. page: of the rows that are no members, whose count is not that of the offers when any are folded."""

    page: Page[int]
    lines: list[Line]


def listing_of(table: OfferTable, rows: Rows, layout: Layout, page: str | None) -> Listing:
    """rows: all that the filters let through, in order."""
    all_rows, equal = rows, dict[int, int]()
    labels = _labels(table, layout)
    if labels is not None:
        folded = fold(rows, labels)
        if layout.photos:
            all_rows = best_buys_first(table, rows)
            folded = led_by(folded, labels, all_rows)
        rows, equal = folded.rows, _further(folded)
    # By whom or what a row stands for others, and which rows these others are.
    groups = unknown_apart(table.supplier) if layout.grouped else labels
    among = rows if layout.grouped else all_rows
    further = dict[int, int]()
    if layout.grouped and groups is not None:
        folded = fold(rows, groups)
        rows, further = folded.rows, _further(folded)
    paged = Paginator(ids_at(table, rows), OFFERS_PER_PAGE).get_page(page)
    sellers = _sellers(table, all_rows, labels, equal) if layout.photos else lambda _row: 0
    lines = []
    for row in rows[max(0, paged.start_index() - 1) : paged.end_index()]:
        opened = int(table.ids[row]) in layout.opened and groups is not None
        lines.append(_line(table, row, further, equal, sellers=sellers(row), opened=opened))
        if opened and groups is not None:
            members = among[(groups[among] == groups[row]) & (among != row)][:MOST_MEMBERS]
            lines += [_line(table, member, {}, equal if layout.grouped else {}, member=True) for member in members]
    return Listing(paged, lines)


def _labels(table: OfferTable, layout: Layout) -> npt.NDArray[np.int64] | None:
    """By what offers are folded; None when they are not."""
    if layout.folded and layout.photos:
        return joined(equal_offers(table), same_photos(table))
    if layout.photos:
        return same_photos(table)
    return equal_offers(table) if layout.folded else None


def _sellers(
    table: OfferTable, rows: Rows, labels: npt.NDArray[np.int64] | None, equal: Mapping[int, int]
) -> Callable[[np.intp], int]:
    """By how many suppliers is offered what a row stands for, as far as they are known."""
    if labels is None:
        return lambda _row: 0
    of_rows = labels[rows]

    def number(row: np.intp) -> int:
        if int(row) not in equal:
            return 1
        suppliers = table.supplier[rows[of_rows == labels[row]]]
        return len(np.unique(suppliers[suppliers >= 0]))

    return number


def _line(
    table: OfferTable,
    row: np.intp,
    further: Mapping[int, int],
    equal: Mapping[int, int],
    *,
    sellers: int = 0,
    opened: bool = False,
    member: bool = False,
) -> Line:
    return Line(int(table.ids[row]), further.get(int(row), 0), equal.get(int(row), 0), sellers, opened, member)


def _further(folded: Folded) -> dict[int, int]:
    """By row, how many more there are, for those that stand for any."""
    several: npt.NDArray[np.bool_] = folded.sizes > 1
    pairs = zip(folded.rows[several].tolist(), folded.sizes[several].tolist(), strict=True)
    return {row: size - 1 for row, size in pairs}
