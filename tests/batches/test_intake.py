"""From files to rows: pictures, archives, repeats, refusals and their replacements, addresses."""

import io

import pytest
from django.utils import timezone
from PIL import Image

from batches import actions, feeding, intake, jobs, opening
from batches.entries import LEASE, Overtaken, entry_of
from batches.models import Batch, BatchFile, BatchRow
from searches.imaging import MAX_BYTES
from searches.models import QueryImage, SearchJob
from tests.batches.making import drawing, picture, put_in, read, send, zip_of
from tests.batches.reading.zips import Packed, zipped
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
State = BatchRow.State


def rows(batch: Batch) -> list[tuple[int, str, str]]:
    return list(batch.rows.values_list("number", "source_name", "state"))


def test_a_picture_is_a_row_at_once_and_its_upload_is_gone(batch, uploads_folder) -> None:
    file = put_in(batch, "red/cup.jpg", picture())
    row = batch.rows.get()
    assert (row.title, row.state, row.source) == ("red/cup.jpg", State.READY, file)
    assert (row.image.width, row.image.team, row.image.uploaded_by) == (320, batch.team, batch.owner)
    assert file.state == BatchFile.State.READ
    assert not [path for path in uploads_folder.rglob("*") if path.is_file()]


def test_a_folder_in_a_zip_becomes_rows_in_its_order(batch) -> None:
    put_in(batch, "photos.zip", zip_of((f"spring/{number}.jpg", picture(number)) for number in range(3)))
    assert rows(batch) == [(number + 1, f"spring/{number}.jpg", State.READY) for number in range(3)]


def test_names_that_a_chinese_windows_packed_are_read_right(batch) -> None:
    packed = zipped(Packed("产品/红色杯子.jpg".encode("gbk"), picture()))
    put_in(batch, "photos.zip", packed.getvalue())
    assert batch.rows.get().source_name == "产品/红色杯子.jpg"


def test_a_bad_file_in_a_zip_is_refused_by_itself(batch) -> None:
    bad = [("1.jpg", picture(1)), ("2.jpg", b"no picture"), ("3.zip", zip_of([("a.jpg", b"x")])), ("4.jpg", picture(4))]
    file = put_in(batch, "photos.zip", zip_of(bad))
    found = list(batch.rows.values_list("source_name", "state", "error_code"))
    assert found == [
        ("1.jpg", State.READY, ""),
        ("2.jpg", State.REFUSED, "unsupported"),
        ("3.zip", State.REFUSED, "nested"),
        ("4.jpg", State.READY, ""),
    ]
    assert file.state == BatchFile.State.READ


def test_a_bad_archive_is_refused_as_a_file_with_its_reason(batch, alice, signed_in) -> None:
    file = put_in(batch, "photos.zip", zip_of([("1.jpg", picture())])[:-40])
    assert (file.state, batch.rows.count()) == (BatchFile.State.REFUSED, 0)
    assert "not copied or downloaded completely" in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 no picture", "unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "svg"),
        (picture()[:-400], "truncated"),
    ],
)
def test_a_bad_picture_is_refused_and_the_next_one_is_not(data, code, batch) -> None:
    put_in(batch, "bad.jpg", data)
    put_in(batch, "good.jpg", picture())
    assert list(batch.rows.values_list("state", "error_code")) == [(State.REFUSED, code), (State.READY, "")]
    assert batch.rows.first().error_message


def test_a_file_that_is_too_large_is_not_read_whole(batch, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(intake, "keep", lambda batch, data, name: asked.append(len(data)) or intake.OWNER_GONE)
    put_in(batch, "a.jpg", b"\xff\xd8\xff" + bytes(MAX_BYTES * 2))
    assert asked == [MAX_BYTES + 1]


def test_the_same_bytes_are_searched_for_once(batch) -> None:
    put_in(batch, "a.jpg", picture(1))
    put_in(batch, "b.jpg", picture(2))
    put_in(batch, "copy of a.jpg", picture(1))
    first, second, copy = batch.rows.all()
    assert (copy.state, copy.duplicate_of, second.state) == (State.DUPLICATE, first, State.READY)
    actions.start_batch(batch=batch)
    feeding.feed()
    assert SearchJob.objects.count() == 2


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 50}), ("PNG", {}), ("WEBP", {"quality": 80})])
def test_a_picture_that_was_saved_again_is_the_same(kind, options, batch) -> None:
    put_in(batch, "a.jpg", picture(1, quality=95))
    put_in(batch, "again", picture(1, kind, **options))
    first, again = batch.rows.all()
    assert (again.state, again.duplicate_of) == (State.DUPLICATE, first)
    assert again.image != first.image


def test_a_picture_that_was_made_smaller_is_the_same(batch) -> None:
    small = io.BytesIO()
    drawing(1).resize((160, 160), Image.Resampling.LANCZOS).save(small, "JPEG", quality=85)
    put_in(batch, "a.jpg", picture(1))
    put_in(batch, "small.jpg", small.getvalue())
    assert batch.rows.last().state == State.DUPLICATE


def test_other_pictures_are_not_the_same(batch) -> None:
    for seed in range(12):
        put_in(batch, f"{seed}.jpg", picture(seed))
    assert set(batch.rows.values_list("state", flat=True)) == {State.READY}


def test_repeats_are_those_of_one_batch(batch, alice, team) -> None:
    other = actions.create_batch(user=alice, team=team, title="Other", marketplaces=batch.marketplaces, question={})
    put_in(batch, "a.jpg", picture())
    put_in(other, "a.jpg", picture())
    assert other.rows.get().state == State.READY
    assert QueryImage.objects.count() == 1


def test_a_batch_takes_so_many_products(batch, alice, signed_in, monkeypatch) -> None:
    monkeypatch.setattr(intake, "MOST_ROWS", 2)
    file = put_in(batch, "photos.zip", zip_of((f"{number}.jpg", picture(number)) for number in range(4)))
    assert [number for number, *_ in rows(batch)] == [1, 2]
    assert (file.state, file.error_code) == (BatchFile.State.REFUSED, "batch-full")
    assert "at most 1,000 products" in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))


# What dies, repeats, and is overtaken


def test_a_turn_ends_after_a_while_and_the_next_one_goes_on(batch, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "SECONDS_A_TURN", -1)
    file = send(batch, "photos.zip", zip_of((f"{number}.jpg", picture(number)) for number in range(2)))
    read(file)
    assert (file.state, batch.rows.count()) == (BatchFile.State.RECEIVED, 0)
    monkeypatch.setattr(jobs, "SECONDS_A_TURN", 60)
    read(file)
    assert (file.state, batch.rows.count()) == (BatchFile.State.READ, 2)


class Killed(BaseException):
    """Stands for the end of a process."""


def test_a_worker_killed_at_any_row_leaves_each_picture_once(batch, monkeypatch) -> None:
    file = send(batch, "photos.zip", zip_of((f"{number}.jpg", picture(number)) for number in range(3)))
    settle = intake.settle

    def killed(row, outcome, **options):
        settle(row, outcome, **options)
        raise Killed

    for rows_before in range(3):
        monkeypatch.setattr(intake, "settle", killed)
        with pytest.raises(Killed):
            jobs.read_file(file.pk)
        assert batch.rows.count() == rows_before
        pass_lease(file)
        monkeypatch.setattr(intake, "settle", settle)
        outcome = intake.keep(batch, picture(rows_before), name=f"{rows_before}.jpg")
        file.refresh_from_db()
        intake.add_picture(file, rows_before, outcome, name=f"{rows_before}.jpg")
        pass_lease(file)
    read(file)
    assert rows(batch) == [(number + 1, f"{number}.jpg", State.READY) for number in range(3)]


def pass_lease(file: BatchFile) -> None:
    BatchFile.objects.filter(pk=file.pk).update(lease_until=timezone.now() - LEASE)


def test_nobody_reads_a_file_that_somebody_is_at(batch) -> None:
    file = send(batch, "a.jpg", picture())
    BatchFile.objects.update(lease_until=timezone.now() + LEASE)
    read(file)
    assert not batch.rows.exists()


def test_of_two_that_read_the_same_entry_one_makes_its_row(batch) -> None:
    file = send(batch, "a.jpg", picture())
    late = BatchFile.objects.select_related("batch__owner", "batch__team").get()
    read(file)
    with pytest.raises(Overtaken), entry_of(late, 0):
        raise AssertionError("it was read already")
    assert batch.rows.count() == 1


def test_a_cancelled_batch_is_read_no_further(batch) -> None:
    put_in(batch, "a.jpg", picture(1))
    file = send(batch, "b.jpg", picture(2))
    actions.start_batch(batch=batch)
    actions.cancel_batch(batch=batch)
    read(file)
    with pytest.raises(Overtaken), entry_of(file, 0):
        raise AssertionError("the batch is cancelled")
    assert batch.rows.count() == 1


def test_a_deleted_batch_ends_its_reading(batch) -> None:
    file = send(batch, "a.jpg", picture())
    late = BatchFile.objects.select_related("batch").get()
    batch.delete()
    jobs.read_file(file.pk)
    assert opening.read_some(late, seconds=5)


def test_a_storage_that_fails_is_told_and_tried_again_after_a_while(batch, alice, signed_in, monkeypatch) -> None:
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    file = send(batch, "a.jpg", picture())
    with monkeypatch.context() as patch:
        patch.setattr(intake, "keep_query_image", full)
        read(file)
    assert (file.state, batch.rows.count()) == (BatchFile.State.RECEIVED, 0)
    assert file.lease_until > timezone.now()
    assert "storage fails" in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))
    pass_lease(file)
    read(file)
    assert (file.state, file.error_message, batch.rows.get().state) == (BatchFile.State.READ, "", State.READY)


def test_a_file_that_vanished_is_said_to_be_gone(batch, uploads_folder) -> None:
    file = send(batch, "a.jpg", picture())
    next(path for path in uploads_folder.rglob("*") if path.is_file()).unlink()
    read(file)
    assert (file.state, file.error_code) == (BatchFile.State.REFUSED, "file-gone")
    assert send(batch, "a.jpg", picture()).state == BatchFile.State.RECEIVED


def test_without_its_owner_a_batch_takes_no_picture(batch) -> None:
    Batch.objects.update(owner=None)
    put_in(batch, "a.jpg", picture())
    assert batch.rows.get().error_code == "owner-gone"
