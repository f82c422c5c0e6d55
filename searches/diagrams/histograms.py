"""How many offers cost how much, with chosen ones pinned to the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from searches.diagrams.axes import Axis, Tick, Units
from searches.diagrams.sizes import LINE, WIDTH

HEIGHT, GAP = 130, 3
# Of a pin's head; heads that come closer than that stand above each other.
HEAD = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """number: its place from 0. marked: one of the pins lies in it."""

    number: int
    x: int
    y: int
    width: int
    height: int
    count: int
    marked: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """A line from its head down to the axis. number: from 1, in the order of the values. label_y: of the number."""

    number: int
    x: int
    y: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Histogram:
    width: int
    height: int
    baseline: int
    tick_y: int
    bars: list[Bar]
    pins: list[Pin]
    ticks: list[Tick]


def count_in_bars(values: Units, axis: Axis) -> list[int]:
    """How many of the values each bar stands for; what is below the axis counts in the first one."""
    bars = ((values - axis.start) // axis.step).clip(0, axis.bars - 1)
    return [int(number) for number in np.bincount(bars, minlength=axis.bars)]


def draw_histogram(axis: Axis, counts: Sequence[int], pinned: Sequence[int | None]) -> Histogram:
    """pinned: the chosen offers' values; None for one that has none, which gets no pin and keeps its number."""
    places = [(axis.x(value), number) for number, value in enumerate(pinned, 1) if value is not None]
    levels = _levels(places)
    top = (max(levels.values(), default=-1) + 1) * HEAD
    baseline = top + HEIGHT
    marked = {axis.bar_of(value) for value in pinned if value is not None}
    edges = [axis.x(axis.start + number * axis.step) for number in range(axis.bars + 1)]
    most = max(1, *counts)
    bars = []
    for number, count in enumerate(counts):
        height = max(2, round(HEIGHT * count / most)) if count else 0
        left, right = edges[number], edges[number + 1]
        bars.append(Bar(number, left + 1, baseline - height, right - left - GAP, height, count, number in marked))
    pins = []
    for x, number in places:
        middle = levels[number] * HEAD + HEAD // 2
        # A head at the very edge would be cut off.
        pins.append(Pin(number, min(max(x, HEAD // 2), WIDTH - HEAD // 2), middle, middle + 4))
    return Histogram(WIDTH, baseline + LINE + 4, baseline, baseline + LINE, bars, pins, axis.ticks())


def _levels(places: Sequence[tuple[int, int]]) -> dict[int, int]:
    """By number, how far down from the top a head stands, so that none covers another."""
    last: list[int] = []
    levels = {}
    for x, number in sorted(places):
        level = next((one for one, taken in enumerate(last) if x - taken > HEAD), len(last))
        last[level : level + 1] = [x]
        levels[number] = level
    return levels
