"""How the prices of a search are spread, as bars that narrow the prices when chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.formats import plain, price_range
from searches.offertable import Floats

BARS = 12
# The drawing's size, in its own units.
WIDTH, HEIGHT, GAP = 216, 44, 4
# A few dear offers must not press all others into the first bar: when the dearest is that many times the price
# which this share of the offers does not exceed, what lies beyond shares the last bar.
DEAR, COMMON = 2, 0.95
# Prices are kept to four decimals: this many of their units make one of the currency.
UNITS = 10_000
STEPS = tuple(Decimal(digit).scaleb(exponent) for exponent in range(-2, 9) for digit in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Scale:
    """Bars of `step` from `start` on, in the currency; the last one is open at its end."""

    start: Decimal
    step: Decimal
    bars: int

    def bounds(self, bar: int) -> tuple[Decimal, Decimal | None]:
        lower = self.start + bar * self.step
        return lower, None if bar == self.bars - 1 else lower + self.step


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing; `inside` when it lies within the chosen prices."""

    label: str
    url: str
    x: int
    y: int
    width: int
    height: int
    inside: bool


def common_price(prices: Floats) -> Decimal:
    """The price that all but a few of the prices do not exceed. prices: (n,), at least one, all known."""
    place = int(len(prices) * COMMON)
    return Decimal(f"{np.partition(prices, place)[place]:.4f}")


def scale_for(lowest: Decimal, highest: Decimal, common: Decimal) -> Scale:
    """Round steps from the lowest price over the bulk of them. `lowest` is below `highest`."""
    end = common if lowest < common and highest > common * DEAR else highest
    step = next((step for step in STEPS if step * (BARS - 1) >= end - lowest), STEPS[-1])
    start = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    bars = int(((end - start) / step).to_integral_value(ROUND_CEILING))
    return Scale(start, step, min(BARS, max(2, bars)))


def count_prices(prices: Floats, scale: Scale) -> list[int]:
    """How many of the known prices each bar stands for."""
    # In whole units: 2.3 * 10,000 as floats may end a hair below 23,000.
    units = np.rint(prices[~np.isnan(prices)] * UNITS).astype(np.int64)
    bars = (units - int(scale.start * UNITS)) // int(scale.step * UNITS)
    return [int(number) for number in np.bincount(bars.clip(0, scale.bars - 1), minlength=scale.bars)]


def draw(
    scale: Scale,
    counts: list[int],
    *,
    link: Callable[[str, str], str],
    lowest: Decimal | None,
    highest: Decimal | None,
    currency: str,
) -> list[Bar]:
    """The bars. `link` makes the address that narrows to two prices; `lowest` and `highest` are the chosen ones."""
    slot = WIDTH // scale.bars
    bars = []
    for number, count in enumerate(counts):
        lower, upper = scale.bounds(number)
        height = max(2, round(HEIGHT * count / max(1, *counts))) if count else 0
        bars.append(
            Bar(
                label=ngettext("%(prices)s: %(count)d offer", "%(prices)s: %(count)d offers", count)
                % {"prices": price_range(lower, upper, currency), "count": count},
                url=link(plain(lower), "" if upper is None else plain(upper)),
                x=number * slot,
                y=HEIGHT - height,
                width=slot - GAP,
                height=height,
                inside=_overlaps(lower, upper, lowest, highest),
            )
        )
    return bars


def _overlaps(lower: Decimal, upper: Decimal | None, lowest: Decimal | None, highest: Decimal | None) -> bool:
    """Whether the bar lies in the chosen prices; without any chosen, none is set off from the others."""
    if lowest is None and highest is None:
        return False
    starts_below = highest is None or lower < highest
    ends_above = lowest is None or upper is None or upper > lowest
    return starts_below and ends_above


def summary(scale: Scale, counts: list[int], currency: str) -> str:
    """The drawing in one sentence."""
    lower, upper = scale.bounds(counts.index(max(counts)))
    return _("Price distribution; most offers: %(prices)s") % {"prices": price_range(lower, upper, currency)}
