"""The exchange rate of the day on which an offer is kept: into the currency that its team reckons in."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils import timezone

from reckoning.models import CostProfile
from reckoning.rates import RateTable

# Where a team has no cost profile that says otherwise.
USUAL_TARGET = "USD"
SMALLEST = Decimal("0.0000000001")


def rates_of_today(team_id: int, currencies: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The columns `rate`, `rate_currency` and `rate_on` by currency, for those with a rate: two queries."""
    profiles = CostProfile.objects.filter(team=team_id, archived_at=None).order_by("pk")
    target = profiles.values_list("target_currency", flat=True).first() or USUAL_TARGET
    wanted = set(currencies)
    table = RateTable.on(timezone.localdate(), {target, *wanted})
    used = {source: table.rate(source, target) for source in wanted}
    return {
        source: {
            "rate": rate.rate.quantize(SMALLEST, ROUND_HALF_EVEN),
            "rate_currency": target,
            "rate_on": rate.valid_on,
        }
        for source, rate in used.items()
        if rate is not None and rate.valid_on is not None
    }
