"""Rates, cost profiles and weights for tests: valid by default, everything settable."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from reckoning.models import CostProfile, ExchangeRate, ScoreWeights
from tests.factories import TeamFactory

FRIDAY = date(2026, 11, 20)


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate

    source = "CNY"
    target = "USD"
    rate = Decimal("0.14")
    valid_on = FRIDAY
    note = "Bank of China"


class CostProfileFactory(DjangoModelFactory):
    """By air at $6.00 a kilogram, with all that there is."""

    class Meta:
        model = CostProfile

    team = factory.SubFactory(TeamFactory)
    name = factory.Sequence("By air {}".format)
    target_currency = "USD"
    freight_kind = CostProfile.Freight.KILOGRAM
    freight_amount = Decimal("6.00")
    freight_currency = "USD"
    kg_per_piece = Decimal("0.35")
    duty_percent = Decimal("6.5")
    agent_percent = Decimal("3")
    inspection_amount = Decimal("2000")
    inspection_currency = "CNY"
    other_amount = Decimal("70")
    other_currency = "USD"


class ScoreWeightsFactory(DjangoModelFactory):
    class Meta:
        model = ScoreWeights

    team = factory.SubFactory(TeamFactory)
    name = factory.Sequence("Weights {}".format)
