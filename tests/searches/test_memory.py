"""What a team remembers of offers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from searches.memory import remembered
from searches.models import SupplierMatch
from tests.factories import MARKETPLACE, NOON, OTHER_MARKETPLACE, SearchJobFactory, SupplierMatchFactory

BAG = (MARKETPLACE, "610000000001")


@pytest.fixture
def seen(team):
    """`seen(days, price)`: the bag as a search of the team saw it so many days ago."""

    def made(days: int, price: str | None, **columns) -> SupplierMatch:
        at = NOON - timedelta(days=days)
        job = columns.pop("job", None) or SearchJobFactory(team=team, title=f"{days} days ago", created_at=at)
        shown = {"marketplace": BAG[0], "offer_id": BAG[1], "fetched_at": at, **columns}
        return SupplierMatchFactory(job=job, price=price and Decimal(price), **shown)

    return made


def test_how_often_when_last_and_at_which_prices(team, seen):
    for days, price in ((250, "12.80"), (10, "13.90"), (90, "11.50"), (30, "14.20")):
        seen(days, price)
    memory = remembered(team.pk, [BAG])[BAG]
    assert (memory.searches, memory.lowest, memory.highest, memory.currency) == (
        4,
        Decimal("11.50"),
        Decimal("14.20"),
        "CNY",
    )
    assert [(one.title, one.at, one.price) for one in memory.latest] == [
        ("10 days ago", NOON - timedelta(days=10), Decimal("13.90")),
        ("30 days ago", NOON - timedelta(days=30), Decimal("14.20")),
    ]
    assert memory.last_price == memory.latest[0]


def test_the_search_on_the_screen_does_not_count(team, seen):
    current = seen(0, "13.90")
    assert remembered(team.pk, [BAG], besides=current.job_id) == {}
    earlier = seen(3, "12.80")
    memory = remembered(team.pk, [BAG], besides=current.job_id)[BAG]
    assert [one.job for one in memory.latest] == [earlier.job_id]
    assert memory.searches == 1


def test_never_of_another_team(team, charlies_team, seen):
    seen(5, "99.00", job=SearchJobFactory(team=charlies_team))
    assert remembered(team.pk, [BAG]) == {}
    seen(9, "12.80")
    memory = remembered(team.pk, [BAG])[BAG]
    assert (memory.searches, memory.lowest, memory.highest) == (1, Decimal("12.80"), Decimal("12.80"))
    assert [one.title for one in memory.latest] == ["9 days ago"]


def test_the_same_number_at_another_marketplace_is_another_offer(team, seen):
    seen(5, "12.80")
    seen(4, "50.00", marketplace=OTHER_MARKETPLACE)
    other = (OTHER_MARKETPLACE, "610000000002")
    seen(3, "70.00", marketplace=OTHER_MARKETPLACE, offer_id=other[1])
    known = remembered(team.pk, [BAG, other])
    # Not asked for, though its number is and its marketplace is.
    assert set(known) == {BAG, other}
    assert known[BAG].lowest == Decimal("12.80")


def test_prices_that_were_missing_and_other_currencies(team, seen):
    seen(9, "12.80")
    seen(8, "2.10", currency="USD")
    seen(7, "13.00")
    seen(1, None)
    memory = remembered(team.pk, [BAG])[BAG]
    assert memory.searches == 4
    assert [one.price for one in memory.latest] == [None, Decimal("13.00")]
    assert memory.last_price == memory.latest[1]
    # Only what can be compared with the last price.
    assert (memory.lowest, memory.highest, memory.currency) == (Decimal("12.80"), Decimal("13.00"), "CNY")


def test_an_offer_that_never_had_a_price(team, seen):
    seen(2, None)
    memory = remembered(team.pk, [BAG])[BAG]
    assert (memory.searches, memory.lowest, memory.last_price) == (1, None, None)


def test_of_equal_times_the_later_search_is_newer(team, seen):
    for price in ("10.00", "11.00", "12.00"):
        seen(5, price)
    assert [one.price for one in remembered(team.pk, [BAG])[BAG].latest] == [Decimal("12.00"), Decimal("11.00")]


@pytest.mark.django_db
def test_nothing_asked_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert remembered(1, []) == {}


@pytest.mark.parametrize("offers", [1, 300])
def test_two_queries_however_many_offers(team, offers, django_assert_num_queries):
    jobs = [SearchJobFactory(team=team) for _ in range(2)]
    ids = [str(700_000_000_000 + number) for number in range(offers)]
    SupplierMatch.objects.bulk_create(
        SupplierMatch(job=job, marketplace=MARKETPLACE, offer_id=offer, title="包", rank=1, fetched_at=NOON)
        for job in jobs
        for offer in ids
    )
    with django_assert_num_queries(2):
        known = remembered(team.pk, [(MARKETPLACE, offer) for offer in ids])
    assert {memory.searches for memory in known.values()} == {2}
    assert len(known) == offers


def test_both_queries_read_the_index_alone(team, seen):
    """Of a table of a million matches, nothing is read but what an index has of the fifty of a page."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of a few rows as a whole, whatever indexes there are")
    seen(5, "12.80")
    with CaptureQueriesContext(connection) as asked:
        remembered(team.pk, [BAG])
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(step[3] for step in cursor.fetchall())
            assert "USING COVERING INDEX match_by_offer (offer_id=? AND marketplace=?)" in plan
    assert len(asked.captured_queries) == 2
