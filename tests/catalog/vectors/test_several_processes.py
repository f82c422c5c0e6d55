"""Web processes and workers share a team's file: all search, keep and delete at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from catalog.vectors import keep, nearest
from tests.catalog.vectors.rows import add_items, turned
from tests.processes.stack import Stack
from tests.searches.test_concurrency import at_once

PROCESSES = 3


@pytest.mark.processes
@pytest.mark.timeout(240)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="they have a database of their own: once is enough")
def test_each_finds_what_is_committed_while_files_are_made(tmp_path: Path):
    with Stack(tmp_path) as stack, ThreadPoolExecutor(PROCESSES) as pool:
        stack.manage("shell", "-c", "from accounts.models import Team; Team.objects.create(name='Outdoor')")
        run = [
            pool.submit(stack.manage, "-m", "tests.catalog.vectors.one_of_several", str(n)) for n in range(PROCESSES)
        ]
        for one in run:
            one.result()
        kept = {path.suffix for path in (tmp_path / "vectors").iterdir()}
    assert kept == {".vectors", ".lock"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write after the other")
def test_what_is_kept_later_never_becomes_visible_first(team, always_files):
    """A search between two keepers must not note that it has seen the number of the second, and so miss the first."""
    first, second = add_items(team, 2)
    seen = []

    def keep_first():
        keep({first.pk: turned()})

    def keep_second():
        keep({second.pk: turned(0.1)})
        seen.append([near.picture for near in nearest([team.pk], turned())])

    at_once(keep_first, keep_second)
    assert seen == [[first.pk, second.pk]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write after the other")
def test_a_search_does_not_wait_for_a_keeper(team, always_files):
    first, second = add_items(team, 2)
    keep({first.pk: turned()})
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        keep({second.pk: turned()})

        def search():
            try:
                return [near.picture for near in nearest([team.pk], turned())]
            finally:
                connection.close()

        assert pool.submit(search).result(30) == [first.pk]
    assert [near.picture for near in nearest([team.pk], turned())] == [first.pk, second.pk]
