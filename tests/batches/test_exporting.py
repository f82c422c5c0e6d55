"""A batch's files of results: asked for on its page, the asker's own."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from batches import exporting, results
from batches.models import Batch
from exports import jobs, writing
from exports.models import Export
from searches import offerpictures
from searches.exports import OFFER_COLUMNS
from tests.batches.bells import rung
from tests.batches.making import found_row, put_in
from tests.exports.making import content
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Kind, State = Export.Kind, Export.State


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


def asked(batch: Batch, kind: str = Kind.CSV, language: str = "en") -> Export:
    return exporting.ask_for(batch=batch, user=batch.owner, kind=kind, language=language)


def written(batch: Batch, kind: str = Kind.CSV, language: str = "en") -> Export:
    export = asked(batch, kind, language)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.state == State.DONE
    return export


@pytest.mark.parametrize("kind", Kind.values)
def test_asked_for_on_the_page_it_is_written_and_downloaded(
    kind, done, alice, signed_in, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(alice)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(done, kind))
    assert answer.url == f"/batches/{done.pk}/#exports"
    export = Export.objects.get()
    assert rung() == {("exports.jobs.write_export", export.pk)}
    assert "waits for a worker" in text_of(client.get(f"/batches/{done.pk}/"))
    jobs.write_export(export.pk)
    page = client.get(f"/batches/{done.pk}/").content.decode()
    assert f'href="/exports/{export.pk}/file/"' in page
    assert "Write anew" in page
    download = client.get(f"/exports/{export.pk}/file/")
    assert download.headers["Content-Disposition"] == f'attachment; filename="Spring.{kind}"'
    assert download.getvalue() == content(Export.objects.get())


def test_csv_is_all_offers_with_row_and_code(done) -> None:
    text = content(written(done)).decode("utf-8-sig")
    head, *lines, notice = csv.reader(io.StringIO(text))
    assert head == ["row", "code", *OFFER_COLUMNS]
    assert [line[:2] for line in lines] == [[str(number), f"A{number}"] for number in (1, 1, 2, 2, 3, 3)]
    assert "数据来源：1688" in notice[0]


def test_csv_and_workbook_stay_beside_each_other(done, alice, signed_in) -> None:
    csv_file, workbook = written(done), written(done, Kind.XLSX)
    assert zipfile.ZipFile(io.BytesIO(content(workbook))).testzip() is None
    page = signed_in(alice).get(f"/batches/{done.pk}/").content.decode()
    assert f"/exports/{csv_file.pk}/file/" in page
    assert f"/exports/{workbook.pk}/file/" in page


def test_in_the_language_of_whoever_asked(done) -> None:
    export = written(done, Kind.XLSX, "zh-hans")
    with zipfile.ZipFile(io.BytesIO(content(export))) as book:
        assert "已完成" in book.read("xl/worksheets/sheet1.xml").decode()


def test_written_anew_the_page_names_the_newest_and_the_old_one_until_then(done, alice, signed_in) -> None:
    client = signed_in(alice)
    old = written(done)
    found_row(done, 4, offers=1)
    new = asked(done)
    assert f"/exports/{old.pk}/file/" in client.get(f"/batches/{done.pk}/").content.decode()
    jobs.write_export(new.pk)
    page = client.get(f"/batches/{done.pk}/").content.decode()
    assert f"/exports/{new.pk}/file/" in page
    assert f"/exports/{old.pk}/file/" not in page
    new.refresh_from_db()
    assert content(new).decode().count("\n") == content(old).decode().count("\n") + 1


def test_progress_is_told_while_it_is_written(done, alice, signed_in, monkeypatch) -> None:
    monkeypatch.setattr(results, "ROWS_AT_ONCE", 1)
    told = []
    tell = writing._tell

    def look(export, number, of) -> None:
        tell(export, number, of)
        told.append(text_of(signed_in(alice).get(f"/batches/{done.pk}/", headers={"HX-Request": "true"})))

    monkeypatch.setattr(writing, "_tell", look)
    written(done)
    assert [f"{number} of 3 written" in page for number, page in enumerate(told)] == [True] * 4


def test_a_full_disk_is_told_and_the_older_file_stays(done, alice, signed_in, monkeypatch) -> None:
    old = written(done)
    export = asked(done)

    def full(*_arguments, **_options) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "write_csv", full)
        jobs.write_export(export.pk)
    page = signed_in(alice).get(f"/batches/{done.pk}/")
    assert "storage failed" in text_of(page)
    assert f"/exports/{old.pk}/file/" in page.content.decode()


def test_nothing_is_written_of_a_batch_that_was_not_started(batch, alice, signed_in) -> None:
    put_in(batch, "a.jpg", b"no picture")
    page = signed_in(alice).post(address(batch), follow=True)
    assert "start the searches first" in text_of(page)
    assert not Export.objects.exists()


def test_the_page_goes_on_asking_while_a_file_is_written(done, alice, signed_in) -> None:
    client = signed_in(alice)
    assert "hx-trigger" not in client.get(f"/batches/{done.pk}/").content.decode()
    asked(done)
    assert 'hx-trigger="every 2s"' in client.get(f"/batches/{done.pk}/").content.decode()


def test_a_viewer_may_have_results_written_and_download_them(done, vera, signed_in) -> None:
    assert signed_in(vera).post(address(done)).status_code == 302
    export = Export.objects.get()
    jobs.write_export(export.pk)
    assert signed_in(vera).get(f"/exports/{export.pk}/file/").getvalue()


def test_each_has_their_own(done, alice, bob, signed_in) -> None:
    export = written(done)
    assert f"/exports/{export.pk}/" not in signed_in(bob).get(f"/batches/{done.pk}/").content.decode()


@pytest.mark.parametrize("name", ["charlie", "loner"])
def test_nobody_else_asks(name, done, request, signed_in) -> None:
    assert signed_in(request.getfixturevalue(name)).post(address(done)).status_code == 404
    assert not Export.objects.exists()


@pytest.mark.parametrize("kind", ["pdf", "CSV", "workbook", "..."])
def test_there_are_two_kinds(kind, done, alice, signed_in) -> None:
    assert signed_in(alice).post(address(done, kind)).status_code == 404


def test_a_link_asks_for_nothing(done, alice, signed_in) -> None:
    assert signed_in(alice).get(address(done)).status_code == 405


def test_of_a_batch_that_was_deleted_nothing_is_written_or_handed_out(done, alice, signed_in) -> None:
    there, waiting = written(done), asked(done, Kind.XLSX)
    done.delete()
    assert signed_in(alice).get(f"/exports/{there.pk}/file/").status_code == 404
    jobs.write_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error_message) == (State.FAILED, writing.GONE)


def test_files_go_after_a_week(done, alice, signed_in) -> None:
    written(done)
    writing.expire(timezone.now() + timedelta(days=8))
    assert "/file/" not in signed_in(alice).get(f"/batches/{done.pk}/").content.decode()
