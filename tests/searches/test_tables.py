"""Tables in memory: read once for as long as a search's calls say the same, within a bound, once at a time."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from searches.models import SearchJob
from searches.tables import TABLES, Tables, in_order, table_from, table_of
from tests.factories import NOON, SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.offertable.rows import table
from tests.searches.pages import titles_of

MEGABYTE = 1024 * 1024


@pytest.fixture
def kept(tables_read_each_time, monkeypatch) -> Tables:
    """The tables of this process, which keep what they read, as they do in the product."""
    monkeypatch.setattr(TABLES, "most_bytes", 8 * MEGABYTE)
    yield TABLES
    TABLES.forget()


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=2)
    SupplierMatchFactory.create_batch(2, job=job)
    return job


def some_table(rows: int = 10):
    return table(*({},) * rows)


def test_a_search_is_read_once(kept, job, django_assert_num_queries) -> None:
    calls = list(job.calls.all())
    with django_assert_num_queries(1):
        first = table_of(job, calls)
    with django_assert_num_queries(0):
        assert table_of(job, calls) is first
    assert len(first) == 2


def test_a_call_that_is_done_brings_its_offers(kept, job, alice, signed_in) -> None:
    client = signed_in(alice)
    before = titles_of(client.get(job.get_absolute_url()))
    SupplierMatchFactory(job=job, title="new")
    SearchCallFactory(job=job, page=2, finished_at=NOON + timedelta(seconds=1))
    after = titles_of(client.get(job.get_absolute_url()))
    assert len(before) == 2
    assert sorted(after) == sorted([*before, "new"])


def test_a_call_that_is_done_again_brings_its_offers(kept, job) -> None:
    assert len(table_of(job, job.calls.all())) == 2
    SupplierMatchFactory(job=job)
    job.calls.update(finished_at=NOON + timedelta(hours=1))
    assert len(table_of(job, job.calls.all())) == 3


def test_searches_do_not_get_each_others_offers(kept, job, team) -> None:
    other = SearchJobFactory(team=team)
    assert len(table_of(job, job.calls.all())) == 2
    assert len(table_of(other, [])) == 0


def test_what_was_not_looked_at_for_longest_goes_first() -> None:
    one = some_table(100)
    tables = Tables(most_bytes=int(2.5 * one.nbytes))
    for key in (1, 2):
        tables.get(key, "v", lambda: some_table(100))
    first = tables.get(1, "v", lambda: some_table(0))
    tables.get(3, "v", lambda: some_table(100))
    assert tables.get(1, "v", lambda: some_table(0)) is first
    assert len(tables.get(2, "v", lambda: some_table(7))) == 7, "it had gone"
    assert tables.nbytes <= tables.most_bytes


def test_a_table_beyond_the_bound_is_answered_and_not_kept() -> None:
    tables = Tables(most_bytes=10)
    assert len(tables.get(1, "v", lambda: some_table(5))) == 5
    assert len(tables.get(1, "v", lambda: some_table(6))) == 6
    assert tables.nbytes == 0


def test_many_who_ask_at_once_make_one_read() -> None:
    tables, reads, together = Tables(), [], Barrier(8)
    found = []

    def read():
        reads.append(1)
        return some_table()

    def ask() -> None:
        together.wait()
        found.append(tables.get(1, "v", read))

    threads = [Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads) == 1
    assert len({id(one) for one in found}) == 1


def test_a_read_that_fails_holds_nobody_up() -> None:
    tables = Tables()

    def fail():
        raise OSError

    with pytest.raises(OSError):
        tables.get(1, "v", fail)
    assert len(tables.get(1, "v", some_table)) == 10


def test_the_table_says_what_the_rows_say(kept, job) -> None:
    SupplierMatchFactory(
        job=job,
        rank=10**6,
        price="0.0125",
        tiers=[[1, "0.0125"], [500, "0.01"]],
        identities=["super-factory"],
        dropshipping=True,
        advertised=True,
        supplier_years=7,
        ships_within_hours=24,
    )
    read = table_of(job, job.calls.all())
    made = table_from(job.matches.order_by("rank", "pk"))
    assert read.price[-1] == 0.0125
    assert read.tier_from[-1].tolist() == [1, 500]
    assert read.traits[-1] == 1 | 32 | 64 | 128
    assert read.advertised.tolist() == [False, False, True]
    for name in ("ids", "price", "traits", "tier_price", "years", "supplier", "offer_ids", "ships", "rank"):
        assert str(getattr(read, name)) == str(getattr(made, name)), name


def test_matches_come_in_the_order_of_their_ids(job) -> None:
    ids = [match.pk for match in SupplierMatchFactory.create_batch(5, job=job)]
    asked = [ids[3], ids[0], 10**9, ids[4]]
    assert [match.pk for match in in_order(asked, at_once=2)] == [ids[3], ids[0], ids[4]]
