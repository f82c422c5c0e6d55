"""Large teams on PostgreSQL: the index finds what comparing all finds, and is there whenever it can be."""

import logging

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Item
from catalog.vectors import hnsw, keep, nearest, preparing
from tests.catalog.vectors.rows import add_items, turned, vectors

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="pgvector is PostgreSQL's")


def keep_all(pictures, table):
    keep({picture.pk: vector for picture, vector in zip(pictures, table, strict=True)})


def execute(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_of_a_hundred_nearest_it_finds_ninety_nine(team, by_index, monkeypatch):
    n = 3000
    keep_all(add_items(team, n), vectors(n))
    queries = vectors(50, seed=2)
    found = [{near.picture for near in nearest([team.pk], query)} for query in queries]
    monkeypatch.setattr(hnsw, "EXACT_UP_TO", n)
    hnsw._large.clear()
    truth = [{near.picture for near in nearest([team.pk], query)} for query in queries]
    assert np.mean([len(a & b) / len(b) for a, b in zip(found, truth, strict=True)]) >= 0.99


def test_the_index_is_what_is_asked(team, by_index):
    keep_all(add_items(team, 300), vectors(300))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)")
        cursor.execute(f"EXPLAIN {hnsw.QUESTION.format(halves=hnsw.HALVES)}", [team.pk, hnsw.literal(turned()), 100])
        assert hnsw.INDEX in "\n".join(line for (line,) in cursor.fetchall())


def test_a_small_team_beside_a_large_one_gets_all_it_has(team, charlies_team, by_index):
    keep_all(add_items(charlies_team, 2000), vectors(2000, spread=0.1, groups=1))
    ours = add_items(team, 10)
    # Farther away than all of the other team's.
    keep_all(ours, -vectors(2000, spread=0.1, groups=1)[:10])
    found = nearest([team.pk], vectors(2000, spread=0.1, groups=1)[0])
    assert {near.picture for near in found} == {picture.pk for picture in ours}


def test_where_most_is_archived_the_rest_is_found(team, by_index):
    pictures = add_items(team, 500)
    keep_all(pictures, vectors(500))
    Item.objects.exclude(pk=pictures[7].item_id).update(archived_at=timezone.now())
    assert [near.picture for near in nearest([team.pk], -vectors(500)[7], limit=5)] == [pictures[7].pk]


def test_what_was_kept_before_pgvector_came_is_filled_in(team, monkeypatch):
    execute(f"ALTER TABLE {hnsw.PICTURES} DROP COLUMN near")
    monkeypatch.setattr(hnsw, "EXACT_UP_TO", -1)
    monkeypatch.setattr(preparing, "FILLED_AT_ONCE", 7)
    pictures = add_items(team, 20)
    keep_all(pictures, vectors(20))
    assert not hnsw.is_ready()
    exactly = nearest([team.pk], turned())
    assert len(exactly) == 20
    # What the end of a transaction would do, which a test does not come to.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert preparing.prepare()
    hnsw._large.clear()
    assert hnsw.is_for(team.pk)
    assert [near.picture for near in nearest([team.pk], turned())] == [near.picture for near in exactly]


def test_the_index_of_another_version_goes(team, monkeypatch):
    execute(f"ALTER INDEX {hnsw.INDEX} RENAME TO {hnsw.PICTURES}_near_before")
    assert not hnsw.is_ready()
    assert preparing.prepare()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%%_near_%%'")
        assert cursor.fetchall() == [(hnsw.INDEX,)]


def test_where_pgvector_is_refused_all_teams_are_searched_exactly(team, monkeypatch, caplog):
    monkeypatch.setattr(hnsw, "EXACT_UP_TO", -1)
    execute("DROP EXTENSION vector CASCADE", "CREATE ROLE clerk", "SET LOCAL ROLE clerk")
    with caplog.at_level(logging.WARNING):
        assert not preparing.prepare()
    assert "without an index" in caplog.text
    execute("RESET ROLE")
    (picture,) = add_items(team, 1)
    keep({picture.pk: turned()})
    assert [near.picture for near in nearest([team.pk], turned())] == [picture.pk]


def test_an_old_pgvector_is_not_used(team, monkeypatch, caplog):
    execute(f"ALTER TABLE {hnsw.PICTURES} DROP COLUMN near")
    monkeypatch.setattr(preparing, "OLDEST", (99, 0))
    with caplog.at_level(logging.WARNING):
        assert not preparing.prepare()
    assert "too old" in caplog.text


def test_preparing_again_changes_nothing(team):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)::oid", [hnsw.INDEX])
        before = cursor.fetchone()
        assert preparing.prepare()
        cursor.execute("SELECT to_regclass(%s)::oid", [hnsw.INDEX])
        assert cursor.fetchone() == before
