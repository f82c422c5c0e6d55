"""The pages of batches: a new one, all of them, and one while it is put together, runs and is done."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from batches import actions, feeding, jobs
from batches.models import Batch, BatchFile, BatchRow
from batches.views.detail import ROWS_PER_PAGE
from searches.models import QueryImage, SearchCall, SearchJob, SupplierMatch
from tests.batches.making import become, found_row, picture, put_in, send
from tests.factories import MARKETPLACE, NOON, CredentialFactory, SupplierMatchFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Status, State, Job = Batch.Status, BatchRow.State, SearchJob.Status


def page_of(browser, batch: Batch, query: str = "", **headers: str):
    return browser.get(f"/batches/{batch.pk}/{query}", headers=headers)


def numbers(response) -> list[int]:
    return [int(number) for number in re.findall(r'<td class="num dim">(\d+)</td>', response.content.decode())]


# Put together


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
    assert batch.status == Status.RUNNING
    assert batch.rights_confirmed_at is not None


def test_with_nothing_in_it_it_is_not_started(browser, batch) -> None:
    page = browser.post(f"/batches/{batch.pk}/start/", {"rights": "on"}, follow=True)
    assert "no picture in the batch yet" in text_of(page)


# Running


def test_while_it_runs_it_tells_pace_and_what_it_found(browser, batch) -> None:
    row = found_row(batch, 1, offers=6, name="Cup", code="A1", target_price=Decimal(25), quantity=500)
    found_row(batch, 2, status=Job.RUNNING)
    become(batch, Status.RUNNING, started_at=timezone.now() - timedelta(minutes=1))
    page = page_of(browser, batch)
    text = text_of(page)
    assert "1 of 2 products" in text
    assert "1 searches a minute" in text
    assert "limits allow 100 calls a minute" in text
    assert "Cup A1 target ¥25.00 · 500 pieces" in text
    assert "6 offers ¥23.50 within target" in text
    assert f'href="/searches/{row.job_id}/"' in page.content.decode()
    best = row.job.matches.order_by("rank").first()
    assert best.image_url in page.content.decode()
    assert "You may close this window" in text


def test_the_page_asks_again_for_what_changes_alone(browser, batch) -> None:
    found_row(batch, 1, status=Job.RUNNING)
    become(batch, Status.RUNNING)
    fragment = page_of(browser, batch, **{"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith("<div")
    assert "<html" not in fragment
    ids = re.findall(r'id="(progress|rows|actions|files|exports)"([^>]*)', fragment)
    assert {name for name, _rest in ids} == {"progress", "rows", "actions", "files", "exports"}
    # All but the one that asked replace their likes.
    assert all(("hx-swap-oob" in rest) == (name != "progress") for name, rest in ids)


def test_it_asks_for_the_rows_that_are_on_the_screen(browser, batch) -> None:
    found_row(batch, 1, status=Job.FAILED)
    become(batch, Status.RUNNING)
    page = page_of(browser, batch, "?state=failed&page=1").content.decode()
    assert f'hx-get="/batches/{batch.pk}/?state=failed&amp;page=1"' in page


def test_when_it_is_done_it_asks_no_more(browser, batch) -> None:
    found_row(batch, 1)
    become(batch, Status.DONE)
    for headers in ({}, {"HX-Request": "true"}):
        page = page_of(browser, batch, **headers).content.decode()
        assert "hx-trigger" not in page
        assert 'data-status="done"' in page


def test_a_paused_batch_still_shows_its_last_searches_end(browser, batch) -> None:
    found_row(batch, 1, status=Job.RUNNING)
    become(batch, Status.PAUSED)
    assert "hx-trigger" in page_of(browser, batch).content.decode()
    SearchJob.objects.update(status=Job.DONE)
    assert "hx-trigger" not in page_of(browser, batch).content.decode()


BUTTONS = {"pause": "Pause", "resume": "Go on", "cancel": "Cancel", "retry": "Retry all failed"}


@pytest.mark.parametrize(
    ("status", "job", "shown"),
    [
        (Status.COLLECTING, Job.DONE, {"cancel"}),
        (Status.RUNNING, Job.DONE, {"pause", "cancel"}),
        (Status.PAUSED, Job.PARTIAL, {"resume", "cancel", "retry"}),
        (Status.DONE, Job.FAILED, {"retry"}),
        (Status.DONE, Job.DONE, set()),
        (Status.CANCELLED, Job.DONE, set()),
    ],
)
def test_the_steps_that_are_possible_are_offered(status, job, shown, browser, batch) -> None:
    found_row(batch, 1, status=job)
    become(batch, status)
    page = page_of(browser, batch).content.decode()
    assert {name for name in BUTTONS if f'id="{name}"' in page} == shown


def test_pause_and_go_on_and_cancel(browser, batch) -> None:
    put_in(batch, "cup.jpg", picture())
    actions.start_batch(batch=batch)
    for step, status in (("pause", Status.PAUSED), ("resume", Status.RUNNING), ("cancel", Status.CANCELLED)):
        assert browser.post(f"/batches/{batch.pk}/{step}/").status_code == 302
        batch.refresh_from_db()
        assert batch.status == status


def test_cancelling_asks_first_and_says_what_is_lost(browser, batch) -> None:
    put_in(batch, "cup.jpg", picture())
    page = browser.get(f"/batches/{batch.pk}/cancel/")
    assert "Cancel “Spring”? A cancelled batch cannot be taken up again: 1 product is not searched for" in text_of(page)
    batch.refresh_from_db()
    assert batch.status == Status.COLLECTING
    become(batch, Status.CANCELLED)
    assert browser.get(f"/batches/{batch.pk}/cancel/").url == f"/batches/{batch.pk}/"


def test_one_failed_row_or_all_are_tried_again(browser, batch) -> None:
    rows = [found_row(batch, number, status=Job.FAILED) for number in (1, 2, 3)]
    SearchCall.objects.update(status=SearchCall.Status.FAILED)
    become(batch, Status.DONE)
    page = browser.post(f"/batches/{batch.pk}/retry/", {"row": rows[1].pk}, follow=True)
    assert "1 search is tried again." in text_of(page)
    assert list(SearchJob.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "queued", "failed"]
    browser.post(f"/batches/{batch.pk}/retry/")
    assert set(SearchJob.objects.values_list("status", flat=True)) == {"queued"}
    batch.refresh_from_db()
    assert batch.status == Status.RUNNING
    assert "Nothing of this batch has failed." in text_of(browser.post(f"/batches/{batch.pk}/retry/", follow=True))


def test_a_row_of_another_batch_is_not_tried_again_through_this_one(browser, batch, alice, team) -> None:
    other = found_row(Batch.objects.create(team=team, owner=alice, title="Other"), 1, status=Job.FAILED)
    assert browser.post(f"/batches/{batch.pk}/retry/", {"row": other.pk}).status_code == 404


def test_a_refused_picture_says_why_and_offers_to_be_replaced(browser, batch) -> None:
    put_in(batch, "bad.jpg", b"no picture")
    page = page_of(browser, batch)
    assert batch.rows.get().error_message in text_of(page)
    assert f"/batches/{batch.pk}/rows/{batch.rows.get().pk}/replace/" in page.content.decode()
    become(batch, Status.CANCELLED)
    assert "/replace/" not in page_of(browser, batch).content.decode()


def test_a_row_that_lost_its_picture_says_so(browser, batch) -> None:
    put_in(batch, "cup.jpg", picture())
    actions.start_batch(batch=batch)
    BatchRow.objects.update(image=None)
    QueryImage.objects.all().delete()
    feeding.feed()
    row = batch.rows.get()
    assert (row.state, row.error_code) == (State.REFUSED, "picture-gone")
    assert row.error_message in text_of(page_of(browser, batch))
    assert row.error_message


def test_a_repeat_shows_what_was_found_for_the_other_row(browser, batch) -> None:
    first = found_row(batch, 1, offers=3)
    batch.rows.create(number=2, state=State.DUPLICATE, duplicate_of=first, image=first.image)
    text = text_of(page_of(browser, batch))
    assert "same picture as row 1" in text
    assert text.count("3 offers") == 2


def test_prices_of_two_currencies_have_no_lowest(browser, batch) -> None:
    row = found_row(batch, 1, offers=1)
    SupplierMatchFactory(job=row.job, currency="USD", price=1)
    assert "¥23.50" not in text_of(page_of(browser, batch))
    SupplierMatch.objects.filter(currency="USD").delete()
    assert "¥23.50" in text_of(page_of(browser, batch))


# Many rows


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("done", [1]),
        ("failed", [2]),
        ("partial", [3]),
        ("running", [4]),
        ("waiting", [5]),
        ("refused", [6]),
        ("duplicate", [7]),
        ("cancelled", []),
        ("nonsense", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_rows_are_narrowed_to_a_state(state, found, browser, batch) -> None:
    first = found_row(batch, 1)
    for number, status in ((2, Job.FAILED), (3, Job.PARTIAL), (4, Job.RUNNING)):
        found_row(batch, number, status=status)
    for number, waiting in ((5, State.READY), (6, State.REFUSED)):
        batch.rows.create(number=number, state=waiting)
    batch.rows.create(number=7, state=State.DUPLICATE, duplicate_of=first)
    become(batch, Status.RUNNING)
    page = page_of(browser, batch, f"?state={state}" if state else "")
    assert numbers(page) == found
    chosen = re.findall(r'aria-current="true">([^<]+) <', page.content.decode())
    names = {"duplicate": "duplicates", "partial": "partly done", "": "all", "nonsense": "all"}
    assert names.get(state, state) in chosen


def test_a_thousand_rows_are_shown_a_page_at_a_time_with_as_many_queries_as_one(browser, batch, alice) -> None:
    found_row(batch, 1, offers=1)
    become(batch, Status.RUNNING)
    with CaptureQueriesContext(connection) as few:
        page_of(browser, batch)
    photo = batch.rows.get().image
    made = SearchJob.objects.bulk_create(
        SearchJob(team=batch.team, owner=alice, title=f"{number}", status=Job.DONE, rights_confirmed_at=NOON)
        for number in range(2, 1001)
    )
    BatchRow.objects.bulk_create(
        BatchRow(batch=batch, number=number, state=State.READY, image=photo, job=job)
        for number, job in enumerate(made, 2)
    )
    for job in made[:5]:
        SupplierMatchFactory(job=job)
    with CaptureQueriesContext(connection) as many:
        page = page_of(browser, batch)
    assert len(many) <= len(few)
    assert len(many) <= 20
    assert numbers(page) == list(range(1, ROWS_PER_PAGE + 1))
    assert "1000 of 1000 products" in text_of(page)
    assert numbers(page_of(browser, batch, "?page=10")) == list(range(901, 1001))
    assert numbers(page_of(browser, batch, "?page=99")) == list(range(901, 1001))


def test_nothing_in_a_name_becomes_part_of_the_page(browser, batch) -> None:
    found_row(batch, 1, name="<img src=x onerror=alert(1)>", code='"><em>', keywords="</td>")
    put_in(batch, "<i>.csv", b"code,name\n<u>,<s>\n")
    page = page_of(browser, batch).content.decode()
    assert not re.search(r"<img src=x|<em>|<u>|<s>|<i>\.csv", page)


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
