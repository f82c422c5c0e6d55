"""Files of results: asked for, written by a worker that may be killed, put in place, downloaded by the team alone."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from batches import exporting, jobs, results
from batches.models import Batch, BatchExport
from batches.retention import expire_batches
from searches import offerpictures
from searches.exports import OFFER_COLUMNS
from searches.storages import walk
from tests.batches.bells import rung
from tests.batches.making import found_row, put_in
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Kind, State = BatchExport.Kind, BatchExport.State


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch) -> None:
    monkeypatch.setattr(offerpictures, "MARKETPLACES", {})


@pytest.fixture
def done(batch) -> Batch:
    """A batch of three products, done."""
    for number in (1, 2, 3):
        found_row(batch, number, offers=2, code=f"A{number}", name="=1+1")
    Batch.objects.update(status=Batch.Status.DONE)
    batch.refresh_from_db()
    return batch


def address(batch: Batch, kind: str = Kind.CSV) -> str:
    return f"/batches/{batch.pk}/exports/{kind}/"


def asked(batch: Batch, kind: str = Kind.CSV) -> BatchExport:
    return exporting.ask_for(batch=batch, kind=kind, language="en")


def written(batch: Batch, kind: str = Kind.CSV) -> BatchExport:
    export = asked(batch, kind)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.state == State.DONE
    return export


def stored() -> list[str]:
    return [file.name for file in walk(exporting.FOLDER)]


def content(export: BatchExport) -> bytes:
    with default_storage.open(export.file_name) as file:
        return bytes(file.read())


def pass_lease(export: BatchExport) -> None:
    BatchExport.objects.filter(pk=export.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("kind", Kind.values)
def test_asked_for_on_the_page_it_is_written_and_downloaded(
    kind, done, alice, signed_in, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(alice)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(done, kind))
    assert answer.url == f"/batches/{done.pk}/#exports"
    export = done.exports.get()
    assert rung() == {("batches.jobs.write_export", export.pk)}
    assert "waits for a worker" in text_of(client.get(f"/batches/{done.pk}/"))
    assert client.get(address(done, kind)).status_code == 404
    jobs.write_export(export.pk)
    page = client.get(f"/batches/{done.pk}/").content.decode()
    assert f'href="{address(done, kind)}"' in page
    download = client.get(address(done, kind))
    ending = {"workbook": "xlsx", "csv": "csv"}[kind]
    assert download.headers["Content-Disposition"] == f'attachment; filename="Spring.{ending}"'
    assert download.getvalue() == content(done.exports.get())


def test_csv_is_all_offers_with_row_and_code(done) -> None:
    text = content(written(done)).decode("utf-8-sig")
    head, *lines, notice = csv.reader(io.StringIO(text))
    assert head == ["row", "code", *OFFER_COLUMNS]
    assert [line[:2] for line in lines] == [[str(number), f"A{number}"] for number in (1, 1, 2, 2, 3, 3)]
    assert "数据来源：1688" in notice[0]


def test_csv_and_workbook_have_the_same_offers_and_stay_beside_each_other(done) -> None:
    written(done)
    workbook = written(done, Kind.WORKBOOK)
    assert zipfile.ZipFile(io.BytesIO(content(workbook))).testzip() is None
    assert len(stored()) == 2


def test_in_the_language_of_whoever_asked(done) -> None:
    export = exporting.ask_for(batch=done, kind=Kind.WORKBOOK, language="zh-hans")
    jobs.write_export(export.pk)
    export.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(content(export))) as book:
        assert "已完成" in book.read("xl/worksheets/sheet1.xml").decode()


def test_written_anew_it_takes_the_place_of_the_old_one(done) -> None:
    old = written(done)
    found_row(done, 4, offers=1)
    export = asked(done)
    # Until then the old one is there.
    assert (export.file_name, stored()) == (old.file_name, [old.file_name])
    new = written(done)
    assert (new.pk, stored()) == (old.pk, [new.file_name])
    assert content(new).decode().count("\n") == content_lines(3) + 1


def content_lines(products: int) -> int:
    """A head, two offers a product, and the notice."""
    return 1 + 2 * products + 1


def test_progress_is_told_while_it_is_written(done, alice, signed_in, monkeypatch) -> None:
    monkeypatch.setattr(results, "ROWS_AT_ONCE", 1)
    told = []
    tell = exporting._tell

    def look(export, number) -> None:
        tell(export, number)
        told.append(text_of(signed_in(alice).get(f"/batches/{done.pk}/", headers={"HX-Request": "true"})))

    monkeypatch.setattr(exporting, "_tell", look)
    written(done)
    assert [f"{number} of 3 products" in page for number, page in enumerate(told, 1)] == [True] * 3


def test_asked_for_twice_it_is_written_once(done, monkeypatch) -> None:
    first, second = asked(done), asked(done)
    assert first.pk == second.pk
    turns = []
    write_file = exporting.write_file
    monkeypatch.setattr(exporting, "write_file", lambda *a, **b: turns.append(1) or write_file(*a, **b))
    jobs.write_export(first.pk)
    jobs.write_export(first.pk)
    assert turns == [1]


def test_nobody_writes_what_somebody_is_writing(done) -> None:
    export = asked(done)
    BatchExport.objects.update(state=State.WRITING, lease_until=timezone.now() + timedelta(seconds=60))
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.file_name) == (State.WRITING, "")


class Killed(BaseException):
    """Stands for the end of a process."""


def kill(*_arguments, **_options) -> None:
    raise Killed


@pytest.mark.parametrize("moment", ["write_file", "_put_in_place"])
def test_a_killed_worker_is_missed_and_the_next_one_writes_it(moment, done, monkeypatch) -> None:
    export = asked(done)
    with monkeypatch.context() as patch:
        patch.setattr(exporting, moment, kill)
        with pytest.raises(Killed):
            jobs.write_export(export.pk)
    assert stored() == []
    jobs.ring_due()
    assert rung() == set()
    pass_lease(export)
    jobs.ring_due()
    assert rung() == {("batches.jobs.write_export", export.pk)}
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts, stored()) == (State.DONE, 2, [export.file_name])


def test_after_several_lost_workers_it_is_given_up_and_can_be_asked_for_again(
    done, alice, signed_in, monkeypatch
) -> None:
    export = asked(done)
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "write_file", kill)
        for _turn in range(exporting.MOST_ATTEMPTS):
            with pytest.raises(Killed):
                jobs.write_export(export.pk)
            pass_lease(export)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.state == State.FAILED
    assert "Several workers were lost" in text_of(signed_in(alice).get(f"/batches/{done.pk}/"))
    assert written(done).error_message == ""


def test_a_worker_that_comes_back_late_changes_nothing(done, monkeypatch) -> None:
    export = asked(done)
    write_file = exporting.write_file

    def overtaken(*arguments, **options) -> None:
        write_file(*arguments, **options)
        monkeypatch.setattr(exporting, "write_file", write_file)
        pass_lease(export)
        jobs.write_export(export.pk)

    monkeypatch.setattr(exporting, "write_file", overtaken)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts, stored()) == (State.DONE, 2, [export.file_name])
    assert content(export)


def test_a_full_disk_is_told_and_leaves_nothing(done, alice, signed_in, monkeypatch, uploads_folder) -> None:
    old = written(done)
    export = asked(done)

    def full(*_arguments, **_options) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "write_csv", full)
        jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.file_name) == (State.FAILED, old.file_name)
    assert "storage failed" in text_of(signed_in(alice).get(f"/batches/{done.pk}/"))
    assert list((uploads_folder / "exports").iterdir()) == []
    assert stored() == [old.file_name]


def test_nothing_is_written_of_a_batch_that_was_not_started(batch, alice, signed_in) -> None:
    put_in(batch, "a.jpg", b"no picture")
    page = signed_in(alice).post(address(batch), follow=True)
    assert "start the searches first" in text_of(page)
    assert not BatchExport.objects.exists()


def test_the_page_goes_on_asking_while_a_file_is_written(done, alice, signed_in) -> None:
    client = signed_in(alice)
    assert "hx-trigger" not in client.get(f"/batches/{done.pk}/").content.decode()
    asked(done)
    assert 'hx-trigger="every 2s"' in client.get(f"/batches/{done.pk}/").content.decode()


def test_a_viewer_may_have_results_written_and_download_them(done, vera, signed_in) -> None:
    assert signed_in(vera).post(address(done)).status_code == 302
    jobs.write_export(done.exports.get().pk)
    assert signed_in(vera).get(address(done)).getvalue()


@pytest.mark.parametrize("name", ["charlie", "loner"])
def test_nobody_else_does(name, done, request, signed_in) -> None:
    written(done)
    stranger = signed_in(request.getfixturevalue(name))
    assert stranger.get(address(done)).status_code == 404
    assert stranger.post(address(done)).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "CSV", "..."])
def test_there_are_two_kinds(kind, done, alice, signed_in) -> None:
    assert signed_in(alice).get(address(done, kind)).status_code == 404
    assert signed_in(alice).post(address(done, kind)).status_code == 404


def test_a_file_that_the_storage_lost_is_not_found(done, alice, signed_in) -> None:
    default_storage.delete(written(done).file_name)
    assert signed_in(alice).get(address(done)).status_code == 404


@pytest.mark.parametrize(("title", "name"), [("a/b: c?", "a-b- c-"), ("春季 新品", "%E6%98%A5"), ("...", "results")])
def test_the_file_is_called_after_the_batch(title, name, done, alice, signed_in) -> None:
    written(done)
    Batch.objects.update(title=title)
    answer = signed_in(alice).get(address(done))
    assert name in answer.headers["Content-Disposition"]
    assert answer.getvalue()


# What is kept, and for how long


def test_old_files_go_and_can_be_written_again(done, settings) -> None:
    settings.RETENTION_DERIVED_DAYS = 30
    written(done)
    now = timezone.now()
    expire_batches(now + timedelta(days=29))
    assert len(stored()) == 1
    BatchExport.objects.update(written_at=now - timedelta(days=31))
    assert expire_batches(now)
    assert not done.exports.exists()


def test_files_that_nothing_names_go(done, monkeypatch) -> None:
    export = written(done)
    default_storage.save("exports/7/9-of-a-killed-worker.csv", ContentFile(b"row,code"))
    expire_batches(timezone.now())
    assert len(stored()) == 2  # it may be about to be named
    monkeypatch.setattr(exporting, "TIME_TO_BE_NAMED", timedelta(seconds=-1))
    expire_batches(timezone.now())
    assert stored() == [export.file_name]
    done.delete()
    expire_batches(timezone.now())
    assert stored() == []
