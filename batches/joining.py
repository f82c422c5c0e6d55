"""Pictures that became rows of their own, taken together as photos of one product."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from batches.intake import WAITING
from batches.models import Batch, BatchPhoto, BatchRow
from batches.settling import Refusal, photos_of, renew, settle_photos

State = BatchRow.State


@dataclass(frozen=True, slots=True)
class There:
    """A picture that is there: what it is called, its row, and itself as one of several photos."""

    name: str
    row: BatchRow
    photo: BatchPhoto


def pictures_there(rows: QuerySet[BatchRow]) -> Iterator[There]:
    """Each picture that came as a file, good or refused, in the rows' order."""
    refused = Q(state=State.REFUSED, source_url="") & ~Q(error_code__in=WAITING)
    for row in rows.filter(refused | ~Q(image=None)).select_related("image").order_by("number"):
        for photo in photos_of(row):
            if photo.error_code not in WAITING:
                photo.row_id = row.pk
                yield There(photo.source_name, row, photo)


def join(
    host: BatchRow, photos: Sequence[BatchPhoto], free: Iterable[BatchRow], *, note: Refusal | None = None
) -> None:
    """Make the photos those of one row, and let the free rows go that they were. The caller holds the batch.

    host: saved or new. Photos that it has beside these stay its own, behind them.
    """
    gone = [row.pk for row in free if row.pk != host.pk]
    own = list(host.photos.select_related("image")) if host.pk else []
    named = {photo.pk for photo in photos if photo.pk}
    joined = [*map(copy, photos), *(photo for photo in own if photo.pk not in named)]
    repeats = list(BatchRow.objects.filter(duplicate_of__in=gone).exclude(pk__in=[*gone, host.pk]))
    BatchRow.objects.filter(pk__in=gone).delete()
    settle_photos(host, joined, note=note)
    renew(repeats)


def number_anew(batch: Batch) -> None:
    """Rows from 1 without gaps, in their order, as long as nothing was begun. The caller holds the batch."""
    if batch.status != Batch.Status.COLLECTING:
        return
    for number, row in enumerate(batch.rows.only("number").order_by("number"), 1):
        if row.number != number:
            BatchRow.objects.filter(pk=row.pk).update(number=number)
