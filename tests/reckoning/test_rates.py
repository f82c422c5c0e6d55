"""Which rate is used on a day, and what is told of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reckoning.models import ExchangeRate
from reckoning.rates import RateKind, RateTable, rate_on
from tests.reckoning.making import FRIDAY, ExchangeRateFactory

pytestmark = pytest.mark.django_db
MONDAY = FRIDAY + timedelta(days=3)


def test_the_newest_on_or_before_the_day():
    for days, rate in ((-7, "0.13"), (0, "0.14"), (3, "0.15")):
        ExchangeRateFactory(valid_on=FRIDAY + timedelta(days=days), rate=Decimal(rate))
    assert rate_on("CNY", "USD", FRIDAY).rate == Decimal("0.14")
    sunday = rate_on("CNY", "USD", FRIDAY + timedelta(days=2))
    assert (sunday.rate, sunday.valid_on, sunday.kind) == (Decimal("0.14"), FRIDAY, RateKind.DIRECT)
    assert rate_on("CNY", "USD", MONDAY).rate == Decimal("0.15")
    assert rate_on("CNY", "USD", FRIDAY - timedelta(days=8)) is None


def test_today_unless_a_day_is_given():
    today = timezone.localdate()
    ExchangeRateFactory(valid_on=today, rate=Decimal("0.2"))
    ExchangeRateFactory(valid_on=today + timedelta(days=1), rate=Decimal("0.3"))
    assert rate_on("CNY", "USD").rate == Decimal("0.2")


def test_one_currency_needs_no_rate():
    same = rate_on("USD", "USD", FRIDAY)
    assert (same.rate, same.valid_on, same.kind) == (1, None, RateKind.SAME)


def test_the_inverse_of_the_opposite_pair():
    ExchangeRateFactory(source="USD", target="CNY", rate=Decimal("7.1234"))
    used = rate_on("CNY", "USD", FRIDAY)
    assert used.kind is RateKind.INVERSE
    assert used.rate == 1 / Decimal("7.1234")
    assert used.steps[0].inverted


@pytest.mark.parametrize(("days", "kind"), [(-1, RateKind.DIRECT), (0, RateKind.DIRECT), (1, RateKind.INVERSE)])
def test_of_a_pair_and_its_opposite_the_newer_counts(days, kind):
    ExchangeRateFactory()
    ExchangeRateFactory(source="USD", target="CNY", rate=Decimal(7), valid_on=FRIDAY + timedelta(days=days))
    assert rate_on("CNY", "USD", MONDAY).kind is kind


def test_by_way_of_a_third_currency():
    ExchangeRateFactory(source="USD", target="CNY", rate=Decimal("7"), valid_on=FRIDAY - timedelta(days=5))
    ExchangeRateFactory(source="EUR", target="CNY", rate=Decimal("8"))
    used = rate_on("USD", "EUR", MONDAY)
    assert (used.kind, used.rate) == (RateKind.CROSS, Decimal("0.875"))
    # The older one of the two: no newer than that is what is told.
    assert used.valid_on == FRIDAY - timedelta(days=5)
    assert [(step.source, step.target) for step in used.steps] == [("USD", "CNY"), ("CNY", "EUR")]


def test_of_two_ways_the_newer_one():
    ExchangeRateFactory(source="GBP", target="CNY", rate=Decimal("9"), valid_on=FRIDAY - timedelta(days=9))
    ExchangeRateFactory(source="EUR", target="CNY", rate=Decimal("8"))
    ExchangeRateFactory(source="GBP", target="USD", rate=Decimal("1.3"))
    ExchangeRateFactory(source="EUR", target="USD", rate=Decimal("1.1"))
    assert rate_on("GBP", "EUR", MONDAY).steps[0].target == "USD"


def test_no_way_at_all():
    ExchangeRateFactory(source="GBP", target="CHF", rate=Decimal("1.1"))
    assert rate_on("GBP", "EUR", MONDAY) is None


def test_many_currencies_cost_one_query(django_assert_num_queries):
    for code in ("EUR", "GBP", "JPY"):
        ExchangeRateFactory(source=code, target="CNY", rate=Decimal("8"))
    ExchangeRateFactory()
    with django_assert_num_queries(1):
        table = RateTable.on(MONDAY, ["EUR", "GBP", "JPY", "CNY", "USD", "CHF"])
        found = table.rates_to("USD", ["EUR", "GBP", "JPY", "CNY", "USD", "CHF"])
    assert set(found) == {"EUR", "GBP", "JPY", "CNY", "USD"}
    assert found["EUR"].rate == Decimal("1.12")


def test_what_is_kept_with_a_result():
    ExchangeRateFactory(source="EUR", target="CNY", rate=Decimal("8"))
    ExchangeRateFactory(rate=Decimal("0.14000001"), valid_on=MONDAY)
    assert rate_on("CNY", "USD", MONDAY).as_json() == {
        "from": "CNY",
        "to": "USD",
        "rate": "0.14000001",
        "date": "2026-11-23",
        "kind": "direct",
        "by": None,
    }
    crossed = rate_on("EUR", "USD", MONDAY).as_json()
    assert (crossed["by"], crossed["date"], crossed["kind"]) == ("CNY", "2026-11-20", "cross")


@pytest.mark.parametrize("wrong", [{"rate": Decimal(0)}, {"rate": Decimal(-1)}, {"target": "CNY"}])
def test_the_database_refuses_what_is_no_rate(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRateFactory(**wrong)
    ExchangeRateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRateFactory(rate=Decimal(2))
    assert ExchangeRate.objects.get().valid_on == date(2026, 11, 20)
