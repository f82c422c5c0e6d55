"""Cost profiles with the rates of a day."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from reckoning.costing import costing_of
from reckoning.landed import FreightKind, Missing, landed
from reckoning.models import CostProfile
from tests.reckoning.making import FRIDAY, CostProfileFactory, ExchangeRateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_air() -> CostProfile:
    return CostProfileFactory(name="By air")


def test_every_amount_by_its_own_rate(by_air):
    ExchangeRateFactory()
    costing = costing_of(by_air, ["CNY"], FRIDAY)
    assert (costing.costs.freight, costing.costs.inspection, costing.costs.other) == (6, 280, 70)
    found = costing.landed(quantity=500, price=Decimal(10), currency="CNY")
    assert found.order.total == Decimal("2239.30")
    assert found.weight_assumed is True
    assert costing.landed(quantity=500, price=Decimal(10), currency="CNY", weight=Decimal(1)).weight_assumed is False


def test_one_query_for_all_rates(by_air, django_assert_num_queries):
    ExchangeRateFactory()
    with django_assert_num_queries(1):
        costing_of(by_air, ["CNY", "EUR", "GBP", "USD"], FRIDAY)


def test_without_a_rate_nothing_is_zero(by_air):
    costing = costing_of(by_air, ["CNY", "EUR"], FRIDAY)
    assert costing.without_rate == ("CNY", "EUR")
    found = costing.landed(quantity=500, price=Decimal(10), currency="EUR")
    assert found.missing == Missing.RATE | Missing.COST_RATE
    assert found.order.total.is_nan()
    in_dollars = costing.landed(quantity=500, price=Decimal(10), currency="USD")
    assert in_dollars.missing == Missing.COST_RATE  # of the inspection, which is paid in yuan
    assert in_dollars.order.goods == 5000


def test_a_currency_of_what_costs_nothing_needs_no_rate():
    profile = CostProfileFactory(
        freight_kind=CostProfile.Freight.NONE, freight_currency="CHF", inspection_amount=0, other_amount=0
    )
    costing = costing_of(profile, ["USD"], FRIDAY)
    assert costing.without_rate == ()
    assert costing.costs.freight_kind is FreightKind.NONE
    assert costing.landed(quantity=1, price=Decimal(10), currency="USD").missing == Missing(0)


def test_all_offers_at_once(by_air):
    ExchangeRateFactory()
    costing = costing_of(by_air, ["CNY", "EUR"], FRIDAY)
    rates = costing.rates_of(["CNY", "EUR", "USD", "CNY"])
    assert rates.tolist()[::2] == [0.14, 1.0]
    many = landed(500, np.full(4, 10.0), rates, np.full(4, np.nan), costing.costs)
    assert many.order.total[0] == pytest.approx(2239.30)
    assert many.missing.tolist() == [0, Missing.RATE, 0, 0]
    assert costing.rates_of([]).tolist() == []


def test_the_rates_are_kept_with_the_result(by_air):
    ExchangeRateFactory(valid_on=FRIDAY - timedelta(days=2))
    kept = costing_of(by_air, ["CNY"], FRIDAY).as_json()
    assert (kept["profile"], kept["currency"], kept["day"]) == ("By air", "USD", "2026-11-20")
    assert [(rate["from"], rate["rate"], rate["date"]) for rate in kept["rates"]] == [
        ("CNY", "0.14000000", "2026-11-18")
    ]
