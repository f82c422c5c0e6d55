"""How many of the filtered offers cost how much, the chosen ones pinned, in a drawing and in a table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.diagrams import (
    UNITS,
    WIDTH,
    Axis,
    Bar,
    Histogram,
    Tick,
    axis_for,
    count_in_bars,
    draw_histogram,
    in_units,
)
from searches.formats import percent, plain, price_range
from searches.models import SupplierMatch
from searches.offertable import OfferTable, Rows
from searches.pictured.measure import Measure

EDGE = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick of an axis, with its amount of money."""

    x: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class RangeLine:
    """A bar in words. pins: the numbers of the chosen offers in it. url: the comparison of these prices, or ""."""

    bar: Bar
    label: str
    share: str
    pins: str
    url: str
    told: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A chosen offer. place: how many of the filtered offers are cheaper, in words."""

    number: int
    id: int
    title: str
    url: str
    price: str
    place: str
    is_filtered_away: bool


@dataclass(frozen=True, slots=True)
class PriceHistogram:
    drawing: Histogram
    marks: list[Mark]
    lines: list[RangeLine]
    pinned: list[Pinned]
    summary: str


def histogram_of(
    table: OfferTable,
    rows: Rows,
    measure: Measure,
    chosen: Sequence[SupplierMatch],
    link: Callable[[str, str], str],
) -> PriceHistogram | None:
    """rows: ascending. chosen: the search's own, to be pinned. link: the address of the comparison between two prices,
    "" for an open end. None where no offer tells a price.
    """
    values = in_units(measure.values[rows])
    if not len(values):
        return None
    axis = axis_for(values)
    row_of = {int(table.ids[row]): int(row) for row in table.rows_of([one.pk for one in chosen])}
    pinned = [_units(measure, row_of.get(one.pk)) for one in chosen]
    drawing = draw_histogram(axis, count_in_bars(values, axis), pinned)
    pins = _pins_by_bar(axis, pinned)
    lines = [_line(bar, axis, measure, len(values), pins, link) for bar in drawing.bars]
    most = max(lines, key=lambda line: line.bar.count)
    return PriceHistogram(
        drawing=drawing,
        marks=[*marks_of(drawing.ticks, measure)],
        lines=lines,
        pinned=_told(chosen, pinned, row_of, rows, values, measure),
        summary=_("%(what)s; most offers: %(prices)s") % {"what": measure.label, "prices": most.label},
    )


def marks_of(ticks: Sequence[Tick], measure: Measure) -> Iterator[Mark]:
    """Words at either edge stand within the drawing, all others below the middle of their tick."""
    for tick in ticks:
        anchor = "start" if tick.x < EDGE else "end" if tick.x > WIDTH - EDGE else "middle"
        yield Mark(tick.x, measure.told(tick.value).removesuffix(".00"), anchor)


def _line(
    bar: Bar, axis: Axis, measure: Measure, offers: int, pins: Mapping[int, str], link: Callable[[str, str], str]
) -> RangeLine:
    lower, upper = (None if end is None else Decimal(end) / UNITS for end in axis.bounds(bar.number))
    label = price_range(lower, upper, measure.currency)
    told = ngettext("%(prices)s: %(count)d offer", "%(prices)s: %(count)d offers", bar.count)
    return RangeLine(
        bar=bar,
        label=label,
        share=percent(bar.count / offers),
        pins=pins.get(bar.number, ""),
        url=link(plain(lower or Decimal(0)), "" if upper is None else plain(upper)) if measure.is_price else "",
        told=told % {"prices": label, "count": bar.count},
    )


def _pins_by_bar(axis: Axis, pinned: Sequence[int | None]) -> dict[int, str]:
    numbers: dict[int, list[str]] = {}
    for number, value in enumerate(pinned, 1):
        if value is not None:
            numbers.setdefault(axis.bar_of(value), []).append(str(number))
    return {bar: ", ".join(found) for bar, found in numbers.items()}


def _units(measure: Measure, row: int | None) -> int | None:
    if row is None or np.isnan(measure.values[row]):
        return None
    return int(in_units(measure.values[[row]])[0])


def _told(
    chosen: Sequence[SupplierMatch],
    pinned: Sequence[int | None],
    row_of: Mapping[int, int],
    rows: Rows,
    values: npt.NDArray[np.int64],
    measure: Measure,
) -> list[Pinned]:
    """rows: ascending. values: of the filtered offers, in any order."""
    passing = {row for row in row_of.values() if row in rows[np.searchsorted(rows, row) :][:1]}
    ordered = np.sort(values) if chosen else values
    told = []
    for number, (match, value) in enumerate(zip(chosen, pinned, strict=True), 1):
        place, price = "", _("no price")
        if value is not None:
            cheaper = int(np.searchsorted(ordered, value))
            words = ngettext("%(number)s offer is cheaper", "%(number)s offers are cheaper", cheaper)
            place = words % {"number": f"{cheaper:,}"} if cheaper else _("none is cheaper")
            price = measure.told(value)
        told.append(
            Pinned(
                number=number,
                id=match.pk,
                title=match.title or _("offer %(id)s, without a title") % {"id": match.offer_id},
                url=match.url,
                price=price,
                place=place,
                is_filtered_away=row_of.get(match.pk) not in passing,
            )
        )
    return told
