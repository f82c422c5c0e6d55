"""A cost profile made ready to reckon with: its costs in one currency, by the rates of a day that are kept with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from reckoning.figures import UNKNOWN, Array
from reckoning.landed import Costs, DutyBase, FreightKind, Landed, OtherKind, landed_cost
from reckoning.models import CostProfile
from reckoning.rates import RateTable, UsedRate


@dataclass(frozen=True, slots=True)
class Costing:
    """`rates`: into the target currency, by currency, for the offers' and the costs' own. `without_rate`: currencies
    that have none, so that what is in them stays unknown."""

    profile_id: int | None
    name: str
    target: str
    day: date
    costs: Costs
    rates: Mapping[str, UsedRate]
    without_rate: tuple[str, ...]

    def rate(self, currency: str) -> Decimal | None:
        used = self.rates.get(currency)
        return used.rate if used else None

    def rates_of(self, currencies: "Sequence[str] | NDArray[np.str_]") -> Array:
        """For each offer by its currency, NaN where there is none: what `landed.landed` takes."""
        names, places = np.unique(np.asarray(currencies, dtype=str), return_inverse=True)
        factors = [float(rate) if (rate := self.rate(str(name))) is not None else np.nan for name in names]
        return np.array(factors, dtype=np.float64)[places]

    def landed(
        self, *, quantity: int, price: Decimal | None, currency: str, weight: Decimal | None = None
    ) -> Landed[Decimal]:
        """Of one offer: its price a piece at this quantity; its weight in kg a piece, where it tells one."""
        return landed_cost(quantity=quantity, price=price, rate=self.rate(currency), weight=weight, costs=self.costs)

    def as_json(self) -> dict[str, Any]:
        """What a result keeps of how it was reckoned."""
        used = [rate.as_json() for currency, rate in self.rates.items() if currency != self.target]
        return {"profile": self.name, "currency": self.target, "day": self.day.isoformat(), "rates": used}


def costing_of(
    profile: CostProfile, currencies: Iterable[str], day: date | None = None, *, table: RateTable | None = None
) -> Costing:
    """For offers in these currencies, by the rates of the day (today by default).

    One query, and none with a `table` of that day's rates, as for many profiles at once.
    """
    day = day or timezone.localdate()
    target = profile.target_currency
    costs = _paid(profile)
    wanted = {*currencies, *(currency for amount, currency in costs.values() if amount)}
    table = table or RateTable.on(day, {target, *wanted})
    rates = table.rates_to(target, wanted)

    def converted(name: str) -> Decimal:
        amount, currency = costs[name]
        if not amount:
            return Decimal(0)
        used = rates.get(currency)
        return amount * used.rate if used else UNKNOWN

    return Costing(
        profile_id=profile.pk,
        name=profile.name,
        target=target,
        day=day,
        costs=Costs(
            freight_kind=FreightKind(profile.freight_kind) if costs["freight"][0] else FreightKind.NONE,
            freight=converted("freight"),
            weight=profile.kg_per_piece,
            inspection=converted("inspection"),
            other_kind=OtherKind(profile.other_kind),
            other=converted("other"),
            agent_percent=profile.agent_percent,
            duty_percent=profile.duty_percent,
            duty_base=DutyBase(profile.duty_base),
        ),
        rates=rates,
        without_rate=tuple(sorted(wanted - rates.keys())),
    )


def _paid(profile: CostProfile) -> dict[str, tuple[Decimal, str]]:
    """The amounts with their currencies; freight only where it is paid beside the price."""
    freight = Decimal(0) if profile.freight_kind == CostProfile.Freight.NONE else profile.freight_amount
    return {
        "freight": (freight, profile.freight_currency),
        "inspection": (profile.inspection_amount, profile.inspection_currency),
        "other": (profile.other_amount, profile.other_currency),
    }
