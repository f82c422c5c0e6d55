"""The rows on the page of a batch: what each says, narrowed to a state, and a thousand of them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from batches import actions, feeding
from batches.models import Batch, BatchRow
from batches.views.detail import ROWS_PER_PAGE
from searches.models import QueryImage, SearchJob, SupplierMatch
from tests.batches.making import become, found_row, picture, put_in
from tests.batches.pages import numbers, page_of
from tests.factories import NOON, SupplierMatchFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Status, State, Job = Batch.Status, BatchRow.State, SearchJob.Status


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
