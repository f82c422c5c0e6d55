"""Thirty days of calls as bars, drawn on the server. What failed is hatched, so that it is seen without colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.admin.usage import Day

# The drawing's size, in its own units: room for the scale's figure on the left, for the dates below.
LEFT, TOP, SLOT, GAP, HEIGHT, BELOW = 44, 8, 14, 4, 88, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: what was answered stands below, what failed on top of it."""

    label: str
    x: int
    answered_y: int
    answered_height: int
    failed_y: int
    failed_height: int


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    summary: str
    most: str  # what the drawing's top stands for
    first: str
    last: str
    left: int = LEFT
    top: int = TOP
    bar_width: int = SLOT - GAP
    plot: int = HEIGHT
    base: int = TOP + HEIGHT
    height: int = TOP + HEIGHT + BELOW

    @property
    def right(self) -> int:
        return self.left + SLOT * len(self.bars)


def draw(days: Sequence[Day]) -> Chart | None:
    """The days as bars, oldest first. None when there is nothing to draw."""
    most = max(max(day.calls, day.failed) for day in days)
    if not most:
        return None
    top = _round_up(most)
    return Chart(
        bars=tuple(_bar(number, day, top) for number, day in enumerate(days)),
        summary=_summary(days, most),
        most=f"{top:,}",
        first=f"{days[0].day:%m-%d}",
        last=f"{days[-1].day:%m-%d}",
    )


def _bar(number: int, day: Day, most: int) -> Bar:
    # More failures than calls: some were refused before a call was made.
    answered = _height(max(day.calls - day.failed, 0), most)
    failed = min(_height(day.failed, most), HEIGHT - answered)
    return Bar(
        label=label(day),
        x=LEFT + number * SLOT + GAP // 2,
        answered_y=TOP + HEIGHT - answered,
        answered_height=answered,
        failed_y=TOP + HEIGHT - answered - failed,
        failed_height=failed,
    )


def label(day: Day) -> str:
    """The day in words: `2026-11-22: 40 calls, 3 failed, 12 from the cache`."""
    calls = ngettext("%(number)d call", "%(number)d calls", day.calls) % {"number": day.calls}
    failed = _("%(number)d failed") % {"number": day.failed}
    cached = _("%(number)d from the cache") % {"number": day.cached}
    return f"{day.day:%Y-%m-%d}: {calls}, {failed}, {cached}"


def _summary(days: Sequence[Day], most: int) -> str:
    calls, failed = sum(day.calls for day in days), sum(day.failed for day in days)
    text = _("Calls of the last %(days)d days: %(calls)d, of which %(failed)d failed; at most %(most)d on one day.")
    return text % {"days": len(days), "calls": calls, "failed": failed, "most": most}


def _height(number: int, most: int) -> int:
    """At least two units for anything at all."""
    return max(2, round(HEIGHT * number / most)) if number else 0


def _round_up(number: int) -> int:
    """The next figure of one digit with zeros behind."""
    step = 1
    while True:
        for digit in range(1, 10):
            if digit * step >= number:
                return digit * step
        step *= 10
