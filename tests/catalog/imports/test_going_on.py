"""Imports under way: killed workers, two workers, two imports, a cancelled one, files that vanish."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.imports import actions, doorbell, jobs, kept, turns
from catalog.models import CatalogImport, ImportPicture, Item, ItemPicture
from searches.fetching import FetchRefused
from searches.valkey import connection
from tests.batches.bells import rung
from tests.batches.making import picture, zip_of
from tests.catalog.imports.making import (
    State,
    begin,
    counts,
    csv_of,
    imported,
    mapped,
    page,
    send,
    tried,
    work,
    written,
)

pytestmark = pytest.mark.django_db
LINES = [(f"A{number:03}", f"Bag {number}") for number in range(10)]
SHEET = csv_of(("Own code", "Name"), *LINES)


class Killed(BaseException):
    """A worker that is gone in the middle of its work."""


@pytest.fixture
def small_chunks(monkeypatch) -> None:
    monkeypatch.setattr(turns, "CHUNK", 3)


def free(of: CatalogImport) -> None:
    """The time of a lease passes."""
    past = timezone.now() - timedelta(seconds=1)
    CatalogImport.objects.filter(pk=of.pk).exclude(lease_until=None).update(lease_until=past)
    ImportPicture.objects.filter(of=of).exclude(lease_until=None).update(lease_until=past)


def test_a_killed_worker_leaves_whole_chunks_and_the_next_goes_on(browser, small_chunks, monkeypatch) -> None:
    of = tried(browser, mapped(browser, SHEET))
    actions.start(of=of)
    with monkeypatch.context() as broken:
        calls = []

        def tell(*args) -> None:
            calls.append(args)
            if len(calls) == 3:
                raise Killed

        broken.setattr(turns, "_tell", tell)
        with pytest.raises(Killed):
            jobs.go_on(of.pk)
    of.refresh_from_db()
    assert (Item.objects.count(), of.rows_done, counts(of.written)) == (6, 6, (6, 0, 0, 0))
    jobs.go_on(of.pk)
    of.refresh_from_db()
    assert of.rows_done == 6, "the lease of the killed worker has not run out"
    free(of)
    work(of)
    of.refresh_from_db()
    assert (of.state, counts(of.written), Item.objects.count()) == (State.DONE, (10, 0, 0, 0), 10)


def test_a_worker_that_was_taken_for_dead_writes_nothing_twice(browser, small_chunks) -> None:
    of = tried(browser, mapped(browser, SHEET))
    actions.start(of=of)
    slow = CatalogImport.objects.select_related("team", "owner").get(pk=of.pk)
    work(of)
    with pytest.raises(turns.Overtaken):
        turns.go_through(slow, seconds=10)
    of.refresh_from_db()
    assert (counts(of.written), Item.objects.count()) == ((10, 0, 0, 0), 10)


def test_a_worker_killed_while_it_reads_leaves_the_sheet_to_the_next(browser, monkeypatch) -> None:
    of = begin(browser)
    send(browser, of, "items.csv", SHEET)
    with monkeypatch.context() as broken:
        broken.setattr("catalog.imports.staged.write", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            jobs.go_on(of.pk)
    free(of)
    of = work(of)
    assert (of.state, of.rows_all) == (State.MAPPING, 10)
    assert sorted(file.name.split("-")[0] for file in of.folder.iterdir()) == ["file", "rows"]


def test_pictures_are_kept_by_the_next_when_a_worker_is_killed(browser, monkeypatch) -> None:
    sheet = csv_of(("Own code", "Name"), *LINES[:3])
    photos = zip_of([(f"A{number:03}.jpg", picture(number + 1)) for number in range(3)])
    of = tried(browser, mapped(browser, sheet, ("photos.zip", photos)))
    actions.start(of=of)
    jobs.go_on(of.pk)
    with monkeypatch.context() as broken:
        keep, calls = kept.keep_picture, []

        def killed(**kwargs) -> ItemPicture:
            calls.append(kwargs)
            if len(calls) == 2:
                raise Killed
            return keep(**kwargs)

        broken.setattr(kept, "keep_picture", killed)
        with pytest.raises(Killed):
            jobs.keep_pictures(of.pk)
    assert (ItemPicture.objects.count(), ImportPicture.objects.count()) == (1, 2)
    free(of)
    of = work(of)
    assert (of.state, ItemPicture.objects.count()) == (State.DONE, 3)


def test_a_cancelled_import_stops_and_keeps_what_it_wrote(browser, small_chunks) -> None:
    of = tried(browser, mapped(browser, SHEET))
    actions.start(of=of)
    jobs.go_on(of.pk, seconds=0)
    browser.post(f"/catalog/import/{of.pk}/cancel/")
    CatalogImport.objects.filter(pk=of.pk).update(lease_until=None)
    jobs.go_on(of.pk)
    of.refresh_from_db()
    assert (of.state, Item.objects.count()) == (State.CANCELLED, 3)
    assert "What had been written by then stays in the catalogue." in page(browser, of)


def test_the_scheduler_rings_for_what_nobody_is_at(browser) -> None:
    of = tried(browser, mapped(browser, SHEET))
    actions.start(of=of)
    assert jobs.ring_due()
    assert (doorbell.GO_ON, of.pk) in rung()


def test_the_scheduler_rings_for_pictures_that_nobody_is_at(browser) -> None:
    of = tried(browser, mapped(browser, csv_of(("Own code", "Name"), *LINES[:1]), ("A000.jpg", picture(1))))
    actions.start(of=of)
    jobs.go_on(of.pk)
    ImportPicture.objects.update(lease_until=timezone.now() + timedelta(seconds=60))
    connection().flushall()
    assert jobs.ring_due()
    assert rung() == set()
    free(of)
    assert jobs.ring_due()
    assert rung() == {(doorbell.KEEP_PICTURES, of.pk)}


def test_an_import_without_pictures_left_ends_by_the_scheduler(browser) -> None:
    of = imported(browser, SHEET)
    CatalogImport.objects.filter(pk=of.pk).update(state=State.PICTURES, finished_at=None)
    jobs.ring_due()
    of.refresh_from_db()
    assert of.state == State.DONE


def test_two_imports_of_a_team_take_turns_chunk_by_chunk(browser, team, small_chunks) -> None:
    one = tried(
        browser, mapped(browser, csv_of(("Own code", "Name", "Supplier"), *((*line, "Hengda") for line in LINES)))
    )
    other = tried(
        browser, mapped(browser, csv_of(("Own code", "Name", "Notes"), *((*line, "ask Li") for line in LINES)))
    )
    actions.start(of=one)
    actions.start(of=other)
    for _turn in range(5):
        jobs.go_on(one.pk, seconds=0)
        jobs.go_on(other.pk, seconds=0)
    one, other = work(one), work(other)
    assert counts(one.written)[0] + counts(other.written)[0] == 10
    assert set(Item.objects.values_list("supplier_name", "notes")) == {("Hengda", "ask Li")}
    assert Item.objects.count() == 10


def test_a_file_that_vanished_is_said(browser) -> None:
    of = mapped(browser, SHEET)
    (of.folder / of.rows_file).unlink()
    of = tried(browser, of)
    assert of.state == State.REFUSED
    assert "not on the server any more" in page(browser, of)


def test_an_item_that_was_deleted_takes_its_pictures_along(browser) -> None:
    sheet = csv_of(("Own code", "Name"), *LINES[:2])
    of = tried(browser, mapped(browser, sheet, ("A000.jpg", picture(1)), ("A001.jpg", picture(2))))
    actions.start(of=of)
    jobs.go_on(of.pk)
    Item.objects.get(code="A000").delete()
    of = work(of)
    assert (of.state, ItemPicture.objects.count()) == (State.DONE, 1)


def test_pictures_at_addresses_are_fetched_by_the_guarded_fetcher(browser, monkeypatch) -> None:
    asked = []

    def fetched(url: str) -> bytes:
        asked.append(url)
        if "gone" in url:
            raise FetchRefused("refused")
        return picture(1)

    monkeypatch.setattr(kept, "fetch_picture", fetched)
    sheet = csv_of(
        ("Own code", "Name", "Picture"),
        ("A", "Bag", "https://photos.example/a.jpg"),
        ("B", "Cup", "//photos.example/gone.jpg"),
    )
    of = imported(browser, sheet)
    assert asked == ["https://photos.example/a.jpg", "https://photos.example/gone.jpg"]
    assert ItemPicture.objects.get().item.code == "A"
    assert [(one.row, one.code) for one in of.troubles.all()] == [(3, "bad-picture")]


def test_a_storage_that_fails_is_tried_again(browser, monkeypatch) -> None:
    of = tried(browser, mapped(browser, csv_of(("Own code", "Name"), *LINES[:1]), ("A000.jpg", picture(1))))
    actions.start(of=of)
    jobs.go_on(of.pk)
    with monkeypatch.context() as broken:

        def full(**_kwargs) -> ItemPicture:
            raise OSError(28, "No space left on device")

        broken.setattr(kept, "keep_picture", full)
        jobs.keep_pictures(of.pk)
    assert ImportPicture.objects.count() == 1
    free(of)
    assert work(of).state == State.DONE
    assert ItemPicture.objects.count() == 1


def test_an_import_of_old_goes_with_its_files(browser, settings) -> None:
    of = imported(browser, csv_of(("Own code", "Name"), ("", "nobody")))
    folder = of.folder
    assert folder.exists()
    now = timezone.now() + timedelta(days=settings.RETENTION_RESULTS_DAYS + 1)
    with_items = Item.objects.count()
    assert actions.expire(now)
    assert not actions.expire(now)
    assert not CatalogImport.objects.exists()
    assert Item.objects.count() == with_items


def test_written_again_after_a_trial_of_other_columns(browser) -> None:
    of = tried(browser, mapped(browser, csv_of(("Own code", "Name", "Notes"), ("A", "Bag", "red"))))
    browser.post(f"/catalog/import/{of.pk}/again/")
    of.refresh_from_db()
    assert of.state == State.MAPPING
    of = written(browser, tried(browser, of, ["code", "name", ""]))
    assert Item.objects.get().notes == ""


def test_a_chunk_asks_the_database_as_often_as_one_row(browser, django_assert_max_num_queries) -> None:
    of = tried(browser, mapped(browser, csv_of(("Own code", "Name"), *((f"A{number}", "Bag") for number in range(40)))))
    actions.start(of=of)
    with django_assert_max_num_queries(30):
        jobs.go_on(of.pk)
    assert Item.objects.count() == 40
