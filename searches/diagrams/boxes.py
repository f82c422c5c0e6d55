"""Box plots: the middle half of the values as a box, its median, whiskers to what lies within 1.5 boxes (Tukey)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from searches.diagrams.axes import Axis, Tick, Units
from searches.diagrams.sizes import LINE, WIDTH

WHISKER = 1.5
# Of one box with its name above it.
ROW, BOX = 48, 20


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `count` values. low, high: where the whiskers end. below, above: how many lie beyond them."""

    count: int
    lowest: int
    low: int
    quartile: int
    median: int
    third_quartile: int
    high: int
    highest: int
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class Box:
    """label_y, y, middle, bottom: from the top of the drawing. beyond_left, beyond_right: counts to write there."""

    label_y: int
    y: int
    middle: int
    bottom: int
    height: int
    low: int
    left: int
    median: int
    right: int
    high: int
    width: int
    beyond_left: int
    beyond_right: int


@dataclass(frozen=True, slots=True)
class Boxes:
    width: int
    height: int
    baseline: int
    tick_y: int
    boxes: list[Box]
    ticks: list[Tick]


def spread_of(values: Units) -> Spread:
    """values: at least one. Quartiles lie between two values where need be (linear, as numpy has it)."""
    quartile, median, third = (round(float(number)) for number in np.percentile(values, (25, 50, 75)))
    reach = WHISKER * (third - quartile)
    within = values[(values >= quartile - reach) & (values <= third + reach)]
    # Of few values a quartile may lie beyond all that is within reach.
    low, high = min(int(within.min()), quartile), max(int(within.max()), third)
    return Spread(
        count=len(values),
        lowest=int(values.min()),
        low=low,
        quartile=quartile,
        median=median,
        third_quartile=third,
        high=high,
        highest=int(values.max()),
        below=int(np.count_nonzero(values < low)),
        above=int(np.count_nonzero(values > high)),
    )


def draw_boxes(axis: Axis, spreads: Sequence[Spread]) -> Boxes:
    """The boxes below each other. axis: what lies beyond it is drawn at its end."""
    boxes = []
    for number, spread in enumerate(spreads):
        y = number * ROW + LINE + 6
        left, right = axis.x(spread.quartile), axis.x(spread.third_quartile)
        boxes.append(
            Box(
                label_y=number * ROW + LINE - 2,
                y=y,
                middle=y + BOX // 2,
                bottom=y + BOX,
                height=BOX,
                low=axis.x(spread.low),
                left=left,
                median=axis.x(spread.median),
                right=right,
                high=axis.x(spread.high),
                width=max(2, right - left),
                beyond_left=spread.below,
                beyond_right=spread.above,
            )
        )
    baseline = len(spreads) * ROW + 4
    return Boxes(WIDTH, baseline + LINE + 4, baseline, baseline + LINE, boxes, axis.ticks())
