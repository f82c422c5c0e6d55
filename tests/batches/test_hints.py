"""What would find more than a row's photo stands beside the row; nothing waits for it."""

import pytest

from batches import actions
from batches.models import BatchRow
from tests.batches.making import confirm, picture, put_in, zip_of
from tests.batches.pages import page_of
from tests.searches import test_hints as photos
from tests.searches.pages import text_of, upload

pytestmark = pytest.mark.django_db
BLURRED = photos.picture(blur=9)


def test_a_row_says_what_would_find_more_and_is_searched_all_the_same(browser, batch) -> None:
    put_in(batch, "photos.zip", zip_of([("far.jpg", photos.FAR), ("good.jpg", photos.GOOD)]))
    far, good = batch.rows.order_by("number")
    assert (far.state, far.hints) == (BatchRow.State.READY, "small")
    assert (good.state, good.hints) == (BatchRow.State.READY, "")
    assert text_of(page_of(browser, batch)).count(photos.SMALL) == 1
    actions.start_batch(batch=batch)
    assert batch.rows.startable().count() == 2


def test_of_several_photos_it_says_which(browser, batch) -> None:
    files = [("a.jpg", picture(4)), ("b.jpg", BLURRED), ("c.jpg", picture(3)), ("d.jpg", b"no picture")]
    put_in(batch, "photos.zip", zip_of(files))
    confirm(put_in(batch, "products.csv", "货号,图片\nA1,a.jpg;b.jpg;c.jpg;d.jpg\n".encode()))
    text = text_of(page_of(browser, batch))
    assert f"Photo 2 (b.jpg): {photos.BLURRED}" in text
    assert text.count(photos.BLURRED) == 1


def test_a_photo_that_is_put_in_its_place_brings_its_own_hint(browser, batch) -> None:
    put_in(batch, "bad.jpg", b"no picture")
    row = batch.rows.get()
    assert row.hints == ""
    browser.post(f"/batches/{batch.pk}/rows/{row.pk}/replace/", {"picture": upload("soft.jpg", BLURRED)})
    row.refresh_from_db()
    assert row.hints == "blurred"
    assert photos.BLURRED in text_of(page_of(browser, batch))


def test_a_hint_that_there_was_once_is_left_out(browser, batch) -> None:
    put_in(batch, "good.jpg", photos.GOOD)
    batch.rows.update(hints="tilted blurred")
    text = text_of(page_of(browser, batch))
    assert photos.BLURRED in text and "tilted" not in text
