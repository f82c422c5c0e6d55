"""A file's way into rows, one entry at a time: each entry becomes all that it becomes, once, whoever reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from batches.models import Batch, BatchFile

# How long a file or a row is somebody's. A worker that was killed is missed after so long.
LEASE = timedelta(seconds=60)


class Overtaken(Exception):
    """Somebody else has read on meanwhile, or the batch was cancelled or deleted: there is nothing left to do here."""


@contextmanager
def entry_of(file: BatchFile, place: int) -> Iterator[Batch]:
    """The batch, held, while the file's entry at `place` (from 0) becomes a row; then the entry counts as read.

    A killed worker leaves either both or neither, and of two that read the same file one goes on. Raises `Overtaken`.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().select_related(None).filter(pk=file.batch_id).first()
        if batch is None or batch.status == Batch.Status.CANCELLED:
            raise Overtaken
        here = BatchFile.objects.filter(pk=file.pk, state=BatchFile.State.RECEIVED, entries_read=place)
        if not here.update(entries_read=place + 1, lease_until=timezone.now() + LEASE):
            raise Overtaken
        yield batch
    file.entries_read = place + 1
