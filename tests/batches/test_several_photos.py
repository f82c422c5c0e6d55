"""Rows with several photos of one product, out of sheets: names, pictures in cells, addresses; each by itself."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from batches import actions, feeding, intake, jobs
from batches.models import Batch, BatchFile, BatchRow
from batches.results import failures_of
from batches.settling import LEFT_OUT, REPEATED
from searches.models import SearchJob
from tests.batches.making import confirm, picture, put_in, zip_of
from tests.batches.reading import workbooks
from tests.batches.test_addresses import host
from tests.searches.pages import text_of

__all__ = ["host"]

pytestmark = pytest.mark.django_db
State = BatchRow.State


def with_sheet(batch: Batch, photos: Sequence[tuple[str, bytes]], *cells: str) -> list[BatchRow]:
    """The rows after a ZIP of photos and a sheet that names them, a cell for each product."""
    if photos:
        put_in(batch, "photos.zip", zip_of(photos))
    lines = "".join(f'A{number},"{cell}"\n' for number, cell in enumerate(cells, 1))
    confirm(put_in(batch, "products.csv", f"货号,图片\n{lines}".encode()))
    return list(batch.rows.all())


def pictures(*names: str) -> list[tuple[str, bytes]]:
    return [(name, picture(seed)) for seed, name in enumerate(names, 1)]


def names(row: BatchRow) -> list[str]:
    return [photo.source_name for photo in row.photos.all()]


def started(batch: Batch) -> list[SearchJob]:
    actions.start_batch(batch=batch)
    feeding.feed()
    return [row.job for row in batch.rows.select_related("job") if row.job]


@pytest.mark.parametrize("between", ["; ", ",", "，", "、", "\n", "；"])
def test_names_in_one_cell_are_photos_of_one_product(between, batch) -> None:
    first, second = with_sheet(batch, pictures("a.jpg", "b.jpg", "c.jpg"), f"a.jpg{between}c.jpg", "b.jpg")
    assert (first.code, first.state, first.photo_count, names(first)) == ("A1", State.READY, 2, ["a.jpg", "c.jpg"])
    assert (second.code, second.number, names(second)) == ("A2", 2, [])
    one, other = started(batch)
    assert [photo.name for photo in one.photos] == ["a.jpg", "c.jpg"]
    assert [photo.name for photo in other.photos] == ["b.jpg"]


def test_columns_that_are_headed_alike_hold_photos_of_one_product(batch, alice, signed_in) -> None:
    put_in(batch, "photos.zip", zip_of(pictures("a.jpg", "b.jpg", "c.jpg")))
    file = put_in(batch, "products.csv", "货号,图片1,图片2,备注\nA1,a.jpg,b.jpg,c.jpg\n".encode())
    assert (file.mapping["columns"], file.mapping["further"]) == ({"code": 0, "picture": 1}, [2])
    page = signed_in(alice).get(f"/batches/{batch.pk}/").content.decode()
    assert 'name="further" value="2" checked' in page
    assert 'name="further" value="3" checked' not in page
    sent = {"code": "0", "picture": "1", "further": ["1", "3", "3", "x"]}
    signed_in(alice).post(f"/batches/{batch.pk}/files/{file.pk}/confirm/", sent)
    jobs.read_file(file.pk)
    row, left = batch.rows.all()
    assert (names(row), left.source_name) == (["a.jpg", "c.jpg"], "b.jpg")


def test_one_bad_photo_leaves_the_row_standing_and_says_which(batch, alice, signed_in) -> None:
    photos = [*pictures("a.jpg", "b.jpg"), ("bad.jpg", b"no picture")]
    (row,) = with_sheet(batch, photos, "a.jpg; bad.jpg; gone.jpg; b.jpg")
    assert (row.state, row.photo_count) == (State.READY, 2)
    page = text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))
    assert "2 of 4 photos" in page
    assert "Photo 2 (bad.jpg): The file is not a picture we can read." in page
    assert "Photo 4 (gone.jpg): No uploaded picture has this name." in page
    (failure,) = failures_of(batch)
    assert "Photo 2 (bad.jpg)" in failure.reason
    (job,) = started(batch)
    assert [photo.name for photo in job.photos] == ["a.jpg", "b.jpg"]


def test_a_row_whose_photos_are_all_bad_is_refused_and_takes_another(batch, alice, signed_in) -> None:
    (row,) = with_sheet(batch, [("1.jpg", b"x"), ("2.jpg", b"y")], "1.jpg; 2.jpg")
    assert (row.state, row.error_code) == (State.REFUSED, "unsupported")
    assert "0 of 2 photos" in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))
    intake.give_picture(row, intake.keep(batch, picture(3), name="3.jpg"), name="3.jpg")
    row.refresh_from_db()
    assert (row.state, row.photos.count(), len(started(batch)[0].photos)) == (State.READY, 0, 1)


def test_photos_that_come_later_find_their_row(batch) -> None:
    (row,) = with_sheet(batch, [], "a.jpg; b.jpg")
    assert (row.state, row.error_code) == (State.REFUSED, "file-missing")
    put_in(batch, "photos/b.jpg", picture(2))
    row.refresh_from_db()
    assert (row.state, row.photo_count) == (State.READY, 1)
    put_in(batch, "photos/a.jpg", picture(1))
    assert batch.rows.count() == 1
    assert [photo.name for photo in started(batch)[0].photos] == ["a.jpg", "b.jpg"]


def test_more_than_eight_are_named_as_left_out(batch, alice, signed_in) -> None:
    all_names = [f"{number}.jpg" for number in range(1, 11)]
    (row,) = with_sheet(batch, pictures(*all_names), ";".join(all_names))
    assert (row.photo_count, row.number) == (8, 1)
    assert "Photo 9 (9.jpg), 10 (10.jpg): " + LEFT_OUT.message in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))
    assert len(started(batch)[0].photos) == 8


def test_a_photo_that_two_products_share_is_both_ones(batch) -> None:
    first, second = with_sheet(batch, pictures("a.jpg", "b.jpg", "size.jpg"), "a.jpg; size.jpg", "size.jpg; b.jpg")
    assert (names(first), names(second)) == (["a.jpg", "size.jpg"], ["size.jpg", "b.jpg"])
    assert [len(job.photos) for job in started(batch)] == [2, 2]


def test_rows_are_equal_when_all_their_photos_are(batch) -> None:
    photos = [
        (f"{row}{seed}.jpg", picture(seed, quality=quality))
        for row, quality in (("a", 95), ("b", 60))
        for seed in (1, 2)
    ]
    first, turned, part, single = with_sheet(
        batch, [*photos, ("c.jpg", picture(1, quality=80))], "a1.jpg;a2.jpg", "b2.jpg;b1.jpg", "a1.jpg;c.jpg", "a2.jpg"
    )
    assert (turned.state, turned.duplicate_of) == (State.DUPLICATE, first)
    # Of two photos that are one picture, one is searched with.
    assert (part.state, part.photo_count) == (State.READY, 1)
    assert part.photos.last().error_code == REPEATED.code
    assert (single.state, single.duplicate_of) == (State.READY, None)


def test_what_repeated_a_picture_that_is_a_photo_now_is_a_product_of_its_own(batch) -> None:
    put_in(batch, "copy.jpg", picture(1, quality=60))
    put_in(batch, "again.jpg", picture(1))
    assert batch.rows.last().state == State.DUPLICATE
    joined, again = with_sheet(batch, [("other.jpg", picture(2))], "copy.jpg;other.jpg")
    assert (joined.photo_count, again.source_name, again.state) == (2, "again.jpg", State.READY)


def test_what_is_searched_for_already_stays_as_it_is(batch) -> None:
    put_in(batch, "photos.zip", zip_of(pictures("a.jpg", "b.jpg")))
    file = put_in(batch, "products.csv", '货号,图片\nA1,"a.jpg;b.jpg"\n'.encode())
    started(batch)
    confirm(file)
    assert [(row.source_name, row.job is not None, row.photo_count) for row in batch.rows.all()] == [
        ("a.jpg", True, 1),
        ("b.jpg", True, 1),
        ("a.jpg", False, 2),
    ]


def workbook(*columns: int) -> bytes:
    """One product with a picture in each of these columns; the second is headed as one of photos."""

    def fill(_book: object, sheet: workbooks.Worksheet) -> None:
        sheet.write_row(0, 0, ["货号", "图片", "尺码表"])
        sheet.write(1, 0, "A1")
        for seed, column in enumerate(columns, 1):
            sheet.embed_image(1, column, "a.jpg", {"image_data": BytesIO(picture(seed))})

    return workbooks.written(fill).getvalue()


def test_all_pictures_in_the_columns_of_pictures_are_used(batch) -> None:
    file = put_in(batch, "products.xlsx", workbook(1, 2, 3))
    assert file.mapping["further"] == [3]  # without a heading, beside the pictures
    assert file.mapping["sample"][0] == ["A1", "🖼", "🖼", "🖼"]
    confirm(file)
    row = batch.rows.get()
    assert (row.code, row.state, row.photo_count) == ("A1", State.READY, 2)
    assert len(started(batch)[0].photos) == 2


def test_a_row_with_several_addresses_has_all_their_pictures(batch, host) -> None:
    address = f"http://127.0.0.1:{host.server_port}"
    (row,) = with_sheet(batch, [], f"{address}/7.jpg {address}/8.jpg {address}/missing")
    assert row.state == State.FETCHING
    jobs.fetch_row(row.pk)
    row.refresh_from_db()
    assert (row.state, row.photo_count, row.lease_until) == (State.READY, 1, None)
    assert [photo.error_code for photo in row.photos.all()] == ["", "unsupported", "refused"]
    assert host.hits == ["/7.jpg", "/8.jpg", "/missing"]
    assert len(started(batch)[0].photos) == 1


def test_a_fetch_that_was_killed_goes_on_with_the_photos_that_are_left(batch, host) -> None:
    address = f"http://127.0.0.1:{host.server_port}"
    (row,) = with_sheet(batch, [], f"{address}/7.jpg {address}/8.jpg")
    intake.give_photo(row, 1, intake.keep(batch, picture(7), name="7.jpg"), name="7.jpg")
    row.refresh_from_db()
    assert row.state == State.FETCHING
    BatchRow.objects.update(lease_until=None)
    jobs.fetch_row(row.pk)
    assert host.hits == ["/8.jpg"]
    # Who was overtaken changes nothing.
    intake.give_photo(row, 2, intake.keep(batch, picture(9), name="9.jpg"), name="9.jpg")
    row.refresh_from_db()
    assert (row.state, row.photo_count) == (State.READY, 1)


def test_a_sheet_that_is_read_in_turns_joins_each_photo_once(batch, monkeypatch) -> None:
    photos = pictures(*(f"{number}.jpg" for number in range(1, 9)))
    put_in(batch, "photos.zip", zip_of(photos))
    lines = "".join(f'A{at},"{at}.jpg;{at + 1}.jpg"\n' for at in (1, 3, 5, 7))
    file = put_in(batch, "products.csv", f"货号,图片\n{lines}".encode())
    file.mapping |= {"confirmed": True}
    file.state = BatchFile.State.RECEIVED
    file.save()
    for _turn in range(20):
        jobs.read_file(file.pk, seconds=0)
    assert [(row.number, row.code, row.photo_count) for row in batch.rows.all()] == [
        (number, f"A{2 * number - 1}", 2) for number in (1, 2, 3, 4)
    ]
