"""The files that processes share: whatever happens to them, the rows are the truth and nobody sees an error."""

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Item, ItemPicture, VectorState
from catalog.vectors import exact, keep, nearest
from tests.catalog.vectors.rows import add_items, turned, vectors

N = 60


@pytest.fixture
def pictures(team):
    pictures = add_items(team, N)
    keep({picture.pk: vector for picture, vector in zip(pictures, vectors(N), strict=True)})
    return pictures


@pytest.fixture
def file(team, pictures, always_files, own_folder):
    """A file of all pictures, and a process that has not looked into it."""
    found_in(team)
    exact.SNAPSHOTS.forget()
    return own_folder / f"{team.pk}.vectors"


def found_in(team, query=None):
    query = vectors(1, seed=5)[0] if query is None else query
    return [(near.picture, near.cosine) for near in nearest([team.pk], query, limit=N)]


def test_another_process_reads_the_file_and_not_the_vectors(team, file):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(found_in(team)) == N
    assert not [query["sql"] for query in captured if '"vector"' in query["sql"]]


@pytest.mark.parametrize("old", ["gone", "empty", "short", "long", "turned", "other", "folder"])
def test_a_lost_or_damaged_file_is_made_anew(team, file, old):
    expected, whole = found_in(team), file.read_bytes()
    exact.SNAPSHOTS.forget()
    file.unlink()
    if old == "folder":
        file.mkdir()
    elif old != "gone":
        middle = len(whole) // 2
        damaged = {
            "empty": b"",
            "short": whole[:-1],
            "long": whole + b"\0",
            "turned": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "other": whole.replace(whole[8:24], b"before".ljust(16, b"\0"), 1),
        }
        file.write_bytes(damaged[old])
    assert found_in(team) == expected
    assert old == "folder" or file.read_bytes() == whole
    assert {path.suffix for path in file.parent.iterdir()} == {".vectors", ".lock"}


def test_where_no_file_can_be_written_the_search_goes_on(team, pictures, always_files, own_folder):
    own_folder.write_text("not a folder")
    assert len(found_in(team)) == N
    keep({pictures[0].pk: turned()})
    assert found_in(team, turned())[0] == (pictures[0].pk, 1.0)


def test_few_newer_vectors_are_read_beside_the_file(team, file, monkeypatch):
    monkeypatch.setattr(exact, "LONGEST_TAIL", 10)
    before = file.stat().st_ino
    new = add_items(team, 10)
    for number, picture in enumerate(new, start=1):
        keep({picture.pk: turned(0.01 * number)})
        assert found_in(team, turned())[number - 1][0] == picture.pk
    assert file.stat().st_ino == before
    (one_more,) = add_items(team, 1)
    keep({one_more.pk: turned()})
    assert found_in(team, turned())[0] == (one_more.pk, 1.0)
    assert file.stat().st_ino != before


def test_a_new_file_takes_over_what_is_the_same(team, file, pictures):
    """Replaced, deleted, new and untouched ones, in a file made of the one before."""
    replaced, deleted = pictures[0], pictures[1]
    (new,) = add_items(team, 1)
    before = dict(found_in(team))
    before.pop(deleted.pk)
    keep({replaced.pk: turned(), new.pk: turned(0.1)})
    deleted.delete()
    now = dict(found_in(team))
    assert {pk: now[pk] for pk in now if pk not in (replaced.pk, new.pk)} == {
        pk: cosine for pk, cosine in before.items() if pk != replaced.pk
    }
    assert [pk for pk, _cosine in found_in(team, turned())][:2] == [replaced.pk, new.pk]


def test_a_file_is_not_believed_that_lacks_a_row_of_a_backup(team, file, pictures):
    """One that was deleted when the file was made, and is there again."""
    expected = found_in(team)
    lost = ItemPicture.objects.get(pk=pictures[0].pk)
    pictures[0].delete()
    file.unlink()
    exact.SNAPSHOTS.forget()
    assert len(found_in(team)) == N - 1
    lost.save(force_insert=True)
    exact.SNAPSHOTS.forget()
    assert found_in(team) == expected


def test_a_file_is_not_believed_that_is_newer_than_a_backup(team, file, pictures):
    keep({pictures[0].pk: turned()})
    found_in(team)
    before = VectorState.objects.get().number - 1
    VectorState.objects.update(number=before)
    ItemPicture.objects.filter(pk=pictures[0].pk).update(vector_number=before, vector=vectors(1, seed=9)[0].tobytes())
    assert found_in(team, vectors(1, seed=9)[0])[0] == (pictures[0].pk, pytest.approx(1, abs=1e-5))


def test_a_vector_of_a_wrong_length_is_not_found(team, file, pictures):
    keep({pictures[0].pk: turned()})
    ItemPicture.objects.filter(pk=pictures[0].pk).update(vector=b"short")
    exact.SNAPSHOTS.forget()
    file.unlink()
    assert pictures[0].pk not in dict(found_in(team))
    assert len(found_in(team)) == N - 1


def test_where_most_is_archived_the_rest_is_found(team, file, pictures, monkeypatch):
    monkeypatch.setattr("catalog.vectors.rows.MOST_IDS", 10)
    left = pictures[7]
    Item.objects.filter(team=team).exclude(pk=left.item_id).update(archived_at=timezone.now())
    best = nearest([team.pk], -vectors(N)[7], limit=1)
    assert [near.picture for near in best] == [left.pk]


def test_what_was_rolled_back_is_not_found(team, file, pictures):
    with transaction.atomic():
        keep({pictures[0].pk: turned()})
        assert found_in(team, turned())[0] == (pictures[0].pk, 1.0)
        transaction.set_rollback(True)
    assert dict(found_in(team, turned()))[pictures[0].pk] < 0.9


def test_the_file_goes_with_its_team(team, charlies_team, file, own_folder):
    team.delete()
    (picture,) = add_items(charlies_team, 1)
    keep({picture.pk: turned()})
    assert len(found_in(charlies_team)) == 1
    assert {path.stem for path in own_folder.iterdir()} == {str(charlies_team.pk)}


def test_maps_are_let_go(team, charlies_team, file, monkeypatch):
    monkeypatch.setattr(exact, "MOST_BYTES", 1)
    monkeypatch.setattr(exact, "IDLE_SECONDS", 0.01)
    (theirs,) = add_items(charlies_team, 1)
    keep({theirs.pk: turned()})
    nearest([team.pk, charlies_team.pk], turned())
    assert len(exact.SNAPSHOTS) <= 1
    deadline = time.monotonic() + 30
    while len(exact.SNAPSHOTS) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(exact.SNAPSHOTS) == 0
    assert len(found_in(team)) == N
