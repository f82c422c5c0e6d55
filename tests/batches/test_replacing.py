"""Another picture for a row whose own was refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from batches import actions, feeding
from batches.models import Batch, BatchRow
from searches.models import SearchJob
from tests.batches.making import picture, put_in

pytestmark = pytest.mark.django_db
State = BatchRow.State


def replace(client, row: BatchRow, data: bytes, name: str = "better.jpg"):
    address = f"/batches/{row.batch_id}/rows/{row.pk}/replace/"
    return client.post(address, {"picture": SimpleUploadedFile(name, data)})


def test_a_refused_picture_can_be_replaced(batch, alice, signed_in) -> None:
    put_in(batch, "bad.jpg", b"no picture")
    row = batch.rows.get()
    assert replace(signed_in(alice), row, picture()).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.error_message, row.source_name) == (State.READY, "", "better.jpg")


def test_a_replacement_that_is_no_better_is_refused_too(batch, alice, signed_in) -> None:
    put_in(batch, "bad.jpg", b"no picture")
    replace(signed_in(alice), batch.rows.get(), b"<svg xmlns='x'></svg>")
    assert batch.rows.get().error_code == "svg"


def test_a_replacement_may_be_a_repeat(batch, alice, signed_in) -> None:
    put_in(batch, "a.jpg", picture())
    put_in(batch, "bad.jpg", b"no picture")
    replace(signed_in(alice), batch.rows.last(), picture())
    assert batch.rows.last().state == State.DUPLICATE


def test_a_picture_that_is_good_is_not_replaced(batch, alice, signed_in) -> None:
    put_in(batch, "a.jpg", picture(1))
    row = batch.rows.get()
    replace(signed_in(alice), row, picture(2))
    assert batch.rows.get().image == row.image


def test_a_batch_that_was_done_goes_on_with_a_replacement(batch, alice, signed_in) -> None:
    put_in(batch, "a.jpg", picture(1))
    put_in(batch, "bad.jpg", b"no picture")
    actions.start_batch(batch=batch)
    feeding.feed()
    SearchJob.objects.update(status=SearchJob.Status.DONE)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Batch.Status.DONE
    replace(signed_in(alice), batch.rows.last(), picture(2))
    feeding.feed()
    batch.refresh_from_db()
    assert (batch.status, SearchJob.objects.count()) == (Batch.Status.RUNNING, 2)
