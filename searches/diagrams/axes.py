"""Axes of prices: round steps over the bulk of them."""

from dataclasses import dataclass
from itertools import count, cycle
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from searches.diagrams.sizes import WIDTH

Units: TypeAlias = npt.NDArray[np.int64]

# Prices are kept to four decimals: this many units make one of the currency.
UNITS = 10_000
MOST_BARS = 16
# A few dear offers must not press all others into the first bar: when the dearest is that many times the price
# which this share of the offers does not exceed, what lies beyond shares the last bar.
DEAR, COMMON = 2, 0.95
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    value: int


@dataclass(frozen=True, slots=True)
class Axis:
    """`bars` of `step` units from `start` on, WIDTH long. is_open: the last one stands for all that is beyond, too."""

    start: int
    step: int
    bars: int
    is_open: bool

    @property
    def end(self) -> int:
        return self.start + self.step * self.bars

    def bounds(self, bar: int) -> tuple[int, int | None]:
        """From, and up to but without; None for the open end."""
        lower = self.start + bar * self.step
        return lower, None if self.is_open and bar == self.bars - 1 else lower + self.step

    def bar_of(self, value: int) -> int:
        """The bar in which a value lies; what is beyond either end, the one there."""
        return min(max((value - self.start) // self.step, 0), self.bars - 1)

    def x(self, value: int) -> int:
        """Where a value lies; what is beyond either end, at that end."""
        inside = min(max(value, self.start), self.end)
        return round(WIDTH * (inside - self.start) / (self.end - self.start))

    def ticks(self) -> list[Tick]:
        every = next(number for number in count(1) if self.bars / number <= MOST_TICKS)
        values = range(self.start, self.end + 1, self.step * every)
        return [Tick(self.x(value), value) for value in values]


def in_units(prices: npt.NDArray[np.floating]) -> Units:
    """The known ones of the prices, in their order."""
    known = prices[~np.isnan(prices)]
    # Rounded: 2.3 * 10,000 as floats may end a hair below 23,000.
    units: Units = np.rint(known * UNITS).astype(np.int64)
    return units


def axis_for(values: Units) -> Axis:
    """values: at least one."""
    lowest, highest = int(values.min()), int(values.max())
    place = int(len(values) * COMMON)
    common = int(np.partition(values, place)[place])
    end = common if lowest < common and highest > common * DEAR else highest
    step = _step(end - lowest)
    start = lowest // step * step
    bars = (end - start) // step + 1
    return Axis(start, step, bars, is_open=highest >= start + bars * step)


def _step(span: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, … of which the span takes few."""
    step, digits = 1, cycle((2, 5, 10))
    # Where all cost the same, a bar stands for a part of one of the currency.
    while (span or UNITS) // step + 2 > MOST_BARS:
        digit = next(digits)
        step = step * digit // {2: 1, 5: 2, 10: 5}[digit]
    return step
