"""The page of a batch while it runs and when it is done: its progress, and the steps that are possible."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from batches import actions
from batches.models import Batch
from searches.models import SearchCall, SearchJob
from tests.batches.making import become, found_row, picture, put_in
from tests.batches.pages import page_of
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Status, Job = Batch.Status, SearchJob.Status


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
