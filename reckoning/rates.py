"""From one currency to another on a day: which rate, of which day, and how it was come by.

Directly, or by the inverse of the opposite pair, whichever is newer; else by way of CNY or USD.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import Any, Self

from django.utils import timezone

from reckoning.models import ExchangeRate

PIVOTS = ("CNY", "USD")


class RateKind(StrEnum):
    SAME = "same"  # one currency: nothing to exchange
    DIRECT = "direct"
    INVERSE = "inverse"  # 1 ÷ the rate of the opposite pair
    CROSS = "cross"  # two rates, by way of a third currency


@dataclass(frozen=True, slots=True)
class Step:
    """A rate of the table as it was used; `inverted`: it is kept for target → source."""

    source: str
    target: str
    rate: Decimal
    valid_on: date
    inverted: bool = False
    note: str = ""

    @property
    def factor(self) -> Decimal:
        return 1 / self.rate if self.inverted else self.rate


@dataclass(frozen=True, slots=True)
class UsedRate:
    """One unit of `source` is `rate` units of `target`. To be kept with what was reckoned by it (`as_json`).

    `valid_on`: the day of the rate, of the older one of two; None for one and the same currency.
    """

    source: str
    target: str
    rate: Decimal
    valid_on: date | None
    kind: RateKind
    steps: tuple[Step, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`rate` is a text, so that no digit is lost."""
        return {
            "from": self.source,
            "to": self.target,
            "rate": f"{self.rate:f}",
            "date": self.valid_on.isoformat() if self.valid_on else None,
            "kind": self.kind.value,
            "by": self.steps[0].target if self.kind is RateKind.CROSS else None,
        }


class RateTable:
    """The rates of a day: of each pair the newest on or before it. Made with one query (`on`)."""

    def __init__(self, rates: Iterable[ExchangeRate]) -> None:
        self._rates = {(row.source, row.target): row for row in rates}

    @classmethod
    def on(cls, day: date, currencies: Iterable[str] | None = None) -> Self:
        """For conversions among these currencies; by default among all."""
        wanted = None if currencies is None else {*currencies, *PIVOTS}
        return cls(ExchangeRate.objects.latest_on(day, wanted))

    def rate(self, source: str, target: str) -> UsedRate | None:
        """None where no rate leads from the one to the other."""
        if source == target:
            return UsedRate(source, target, Decimal(1), None, RateKind.SAME)
        if step := self._step(source, target):
            return _used((step,))
        ways = [
            (first, second)
            for pivot in PIVOTS
            if (first := self._step(source, pivot)) and (second := self._step(pivot, target))
        ]
        # The way whose older rate is the newest; of two equals the first pivot's.
        return _used(max(ways, key=lambda way: min(step.valid_on for step in way))) if ways else None

    def rates_to(self, target: str, sources: Iterable[str]) -> dict[str, UsedRate]:
        """By currency, for those that have one."""
        return {source: used for source in sorted(set(sources)) if (used := self.rate(source, target))}

    def _step(self, source: str, target: str) -> Step | None:
        there, back = self._rates.get((source, target)), self._rates.get((target, source))
        if there and (back is None or there.valid_on >= back.valid_on):
            return Step(source, target, there.rate, there.valid_on, note=there.note)
        return Step(source, target, back.rate, back.valid_on, inverted=True, note=back.note) if back else None


def rate_on(source: str, target: str, day: date | None = None) -> UsedRate | None:
    """The rate to be used on that day (today by default), with its own day. None where there is none."""
    return RateTable.on(day or timezone.localdate(), (source, target)).rate(source, target)


def _used(steps: tuple[Step, ...]) -> UsedRate:
    kind = RateKind.CROSS if len(steps) > 1 else RateKind.INVERSE if steps[0].inverted else RateKind.DIRECT
    rate = reduce(lambda product, step: product * step.factor, steps, Decimal(1))
    return UsedRate(steps[0].source, steps[-1].target, rate, min(step.valid_on for step in steps), kind, steps)
