"""Each folder one product: offered where it can mean nothing else, and done when somebody asks for it."""

import pytest

from batches import actions, feeding
from batches.folders import FolderOffer, offer_of
from batches.models import Batch, BatchRow
from tests.batches.making import picture, put_in, zip_of
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
State = BatchRow.State
TWO = ("red/1.jpg", "red/2.jpg", "blue/1.jpg")


def packed(*names: str) -> bytes:
    return zip_of((name, picture(seed)) for seed, name in enumerate(names, 1))


def test_it_is_offered_with_its_numbers_and_done_on_request(batch, browser) -> None:
    put_in(batch, "photos.zip", packed(*TWO))
    assert batch.rows.count() == 3
    page = text_of(browser.get(f"/batches/{batch.pk}/"))
    assert "The 3 photos lie in 2 folders. So far each photo is a product of its own." in page
    answer = browser.post(f"/batches/{batch.pk}/folders/", follow=True)
    assert "The photos are 2 products now." in text_of(answer)
    assert "Each folder is one product" not in text_of(answer)
    assert list(batch.rows.values_list("number", "name", "photo_count")) == [(1, "red", 2), (2, "", 1)]
    actions.start_batch(batch=batch)
    feeding.feed()
    assert [[photo.name for photo in row.job.photos] for row in batch.rows.all()] == [["1.jpg", "2.jpg"], ["1.jpg"]]


def test_folders_that_were_dropped_count_like_those_of_an_archive(batch) -> None:
    for seed, name in enumerate(("a/red/1.jpg", "a/red/2.jpg", "a/blue/1.jpg"), 1):
        put_in(batch, name, picture(seed))
    assert offer_of(batch) == FolderOffer(folders=2, photos=3, too_full=0)


def test_folders_of_two_archives_are_not_mixed_up(batch, browser) -> None:
    put_in(batch, "spring.zip", packed("red/1.jpg", "red/2.jpg"))
    put_in(batch, "autumn.zip", zip_of([("red/1.jpg", picture(8)), ("red/2.jpg", picture(9))]))
    browser.post(f"/batches/{batch.pk}/folders/")
    assert [row.photo_count for row in batch.rows.all()] == [2, 2]


def test_a_bad_photo_stays_with_its_folder_and_the_ninth_is_left_out(batch, browser) -> None:
    photos = [(f"red/{number}.jpg", picture(number)) for number in range(1, 10)]
    put_in(batch, "photos.zip", zip_of([*photos, ("red/bad.jpg", b"x"), ("blue/1.jpg", picture(20))]))
    assert offer_of(batch) == FolderOffer(folders=2, photos=11, too_full=1)
    browser.post(f"/batches/{batch.pk}/folders/")
    red = batch.rows.get(number=1)
    assert red.photo_count == 8
    assert {photo.source_name: photo.error_code for photo in red.photos.exclude(error_code="")} == {
        "red/9.jpg": "too-many-pictures",
        "red/bad.jpg": "unsupported",
    }


def test_photos_that_come_later_join_their_folder_when_it_is_asked_for_again(batch, browser) -> None:
    put_in(batch, "red/1.jpg", picture(1))
    put_in(batch, "red/2.jpg", picture(2))
    put_in(batch, "blue/1.jpg", picture(3))
    browser.post(f"/batches/{batch.pk}/folders/")
    put_in(batch, "red/3.jpg", picture(4))
    assert offer_of(batch) is not None
    browser.post(f"/batches/{batch.pk}/folders/")
    assert [row.photo_count for row in batch.rows.all()] == [3, 1]


@pytest.mark.parametrize(
    "names",
    [
        ("1.jpg", "red/1.jpg", "red/2.jpg", "blue/1.jpg"),
        ("photos/1.jpg", "photos/2.jpg", "photos/3.jpg"),
        ("red/1.jpg", "red/2.jpg", "red/details/1.jpg"),
        ("red/1.jpg", "blue/1.jpg"),
    ],
    ids=["one lies outside", "one folder only", "a folder in another", "each has its own"],
)
def test_it_is_not_offered_where_it_might_mean_something_else(names, batch) -> None:
    put_in(batch, "photos.zip", packed(*names))
    assert offer_of(batch) is None


def test_nothing_is_joined_where_a_sheet_says_what_the_products_are(batch, browser) -> None:
    put_in(batch, "photos.zip", packed(*TWO))
    put_in(batch, "products.csv", "货号,图片\nA1,red/1.jpg\n".encode())
    answer = browser.post(f"/batches/{batch.pk}/folders/", follow=True)
    assert "do not lie in folders of products" in text_of(answer)
    assert batch.rows.count() == 3


def test_nothing_is_joined_once_it_was_started(batch, browser) -> None:
    put_in(batch, "photos.zip", packed(*TWO))
    actions.start_batch(batch=batch)
    browser.post(f"/batches/{batch.pk}/folders/")
    assert batch.rows.count() == 3
    assert Batch.objects.get().status == Batch.Status.RUNNING
