"""The page of a batch while it is put together: it takes files, tells what became of them, and is started."""

import pytest

from batches import jobs
from batches.models import Batch, BatchFile
from tests.batches.making import picture, put_in, send
from tests.batches.pages import page_of
from tests.factories import MARKETPLACE, CredentialFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db


def test_while_it_is_put_together_it_takes_files_and_asks_for_the_right(browser, batch) -> None:
    put_in(batch, "cup.jpg", picture())
    page = page_of(browser, batch)
    assert "Drop photos, a folder, a ZIP, or a sheet here" in text_of(page)
    assert "cup.jpg" in text_of(page)
    assert f"/searches/pictures/{batch.rows.get().image_id}/thumb/" in page.content.decode()
    assert "Start the searches" in text_of(page)
    assert "hx-trigger" not in page.content.decode()


def test_while_files_are_read_the_page_asks_again(browser, batch) -> None:
    send(batch, "cup.jpg", picture())
    page = page_of(browser, batch).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "waits to be read" in page


def test_a_file_on_its_way_says_how_far_it_is(browser, batch) -> None:
    BatchFile.objects.create(batch=batch, name="a.zip", size=1000, received=250, fingerprint="a")
    assert "25 % arrived; choose the file again to go on" in text_of(page_of(browser, batch))


def test_files_that_need_somebody_are_shown_however_many_wait(browser, batch) -> None:
    for number in range(40):
        BatchFile.objects.create(
            batch=batch, name=f"{number}.jpg", size=1, fingerprint=str(number), state=BatchFile.State.RECEIVED
        )
    put_in(batch, "list.csv", "货号,品名\nA1,cup\n".encode())
    assert "Which column says what?" in text_of(page_of(browser, batch))


def test_it_is_started_by_who_confirms_the_right(browser, batch) -> None:
    put_in(batch, "cup.jpg", picture())
    page = browser.post(f"/batches/{batch.pk}/start/", follow=True)
    assert "Confirm that you may use these pictures" in text_of(page)
    browser.post(f"/batches/{batch.pk}/start/", {"rights": "on"})
    batch.refresh_from_db()
    assert batch.status == Batch.Status.RUNNING
    assert batch.rights_confirmed_at is not None


def test_with_nothing_in_it_it_is_not_started(browser, batch) -> None:
    page = browser.post(f"/batches/{batch.pk}/start/", {"rights": "on"}, follow=True)
    assert "no picture in the batch yet" in text_of(page)


def test_the_bell_of_a_file_is_rung_when_it_has_arrived(browser, batch, monkeypatch) -> None:
    rung = []
    monkeypatch.setattr(jobs.doorbell, "ring_files", lambda files: rung.extend(file.pk for file in files))
    file = BatchFile.objects.create(batch=batch, name="a.jpg", size=3, fingerprint="a")
    for offset, data in ((0, b"ab"), (2, b"c")):
        browser.post(
            f"/batches/{batch.pk}/files/{file.pk}/part/?offset={offset}", data, content_type="application/octet-stream"
        )
    assert rung == [file.pk]


def test_marketplaces_are_told_by_their_names(browser, batch) -> None:
    CredentialFactory()
    assert MARKETPLACE not in text_of(page_of(browser, batch))
