"""How the prices of each marketplace are spread: box plots, and the numbers that they are drawn by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.diagrams import Box, Boxes, Spread, axis_for, draw_boxes, in_units, spread_of
from searches.offertable import OfferTable, Rows
from searches.pictured.histogram import Mark, marks_of
from searches.pictured.measure import Measure
from searches.rows import marketplace_label


@dataclass(frozen=True, slots=True)
class BoxLine:
    """A marketplace. figures: whisker, quartile, median, quartile, whisker, as money. below, above: how many lie
    beyond the whiskers, in words, "" for none."""

    name: str
    url: str
    box: Box
    count: int
    figures: list[str]
    beyond: int
    below: str
    above: str
    told: str


@dataclass(frozen=True, slots=True)
class PriceBoxes:
    drawing: Boxes
    marks: list[Mark]
    lines: list[BoxLine]


def boxes_of(table: OfferTable, rows: Rows, measure: Measure, link: Callable[[str], str]) -> PriceBoxes | None:
    """The marketplaces by their medians. link: the address of the comparison at one.

    None where no offer tells a price.
    """
    spreads: dict[str, Spread] = {}
    for code, key in enumerate(table.marketplaces):
        values = in_units(measure.values[rows[table.marketplace[rows] == code]])
        if len(values):
            spreads[key] = spread_of(values)
    if not spreads:
        return None
    keys = sorted(spreads, key=lambda key: spreads[key].median)
    # What is beyond the whiskers is counted, not drawn: one odd price would press all boxes together.
    ends = [end for spread in spreads.values() for end in (spread.low, spread.high)]
    drawing = draw_boxes(axis_for(np.array(ends, dtype=np.int64)), [spreads[key] for key in keys])
    return PriceBoxes(
        drawing=drawing,
        marks=[*marks_of(drawing.ticks, measure)],
        lines=[_line(key, spreads[key], box, measure, link) for key, box in zip(keys, drawing.boxes, strict=True)],
    )


def _line(key: str, spread: Spread, box: Box, measure: Measure, link: Callable[[str], str]) -> BoxLine:
    five = (spread.low, spread.quartile, spread.median, spread.third_quartile, spread.high)
    figures = [measure.told(units) for units in five]
    name = marketplace_label(key)
    names = {"name": name, "low": figures[1], "median": figures[2], "high": figures[3]}
    return BoxLine(
        name=name,
        url=link(key),
        box=box,
        count=spread.count,
        figures=figures,
        beyond=spread.below + spread.above,
        below=_beyond(ngettext("%(number)s cheaper", "%(number)s cheaper", spread.below), spread.below),
        above=_beyond(ngettext("%(number)s dearer", "%(number)s dearer", spread.above), spread.above),
        told=_("%(name)s: half of the offers between %(low)s and %(high)s, median %(median)s") % names,
    )


def _beyond(words: str, number: int) -> str:
    return words % {"number": f"{number:,}"} if number else ""
