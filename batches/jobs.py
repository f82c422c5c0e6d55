"""What workers do for batches: read files into rows, fetch pictures. The rows are the truth, the queue only rings."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from batches import doorbell, intake
from batches.entries import LEASE
from batches.models import Batch, BatchFile, BatchRow
from batches.opening import read_some

# A turn at a file ends after so long, and the next one goes on: a killed worker loses little.
SECONDS_A_TURN = 20
MOST_RUNG_AT_ONCE = 50


def read_file(file_id: int, seconds: float | None = None) -> None:
    """Read a received file for a while, unless somebody else is at it."""
    if not _claim(BatchFile.objects.filter(pk=file_id, state=BatchFile.State.RECEIVED)):
        return
    file = BatchFile.objects.select_related("batch__owner", "batch__team").get(pk=file_id)
    if file.batch.status == Batch.Status.CANCELLED:
        return
    # After any trouble the lease runs out by itself: until then nobody meets the same trouble again.
    if not read_some(file, seconds=SECONDS_A_TURN if seconds is None else seconds):
        return
    BatchFile.objects.filter(pk=file_id).update(lease_until=None)
    left = BatchFile.objects.filter(pk=file_id, state=BatchFile.State.RECEIVED)
    doorbell.ring_files(left)


def fetch_row(row_id: int) -> None:
    """Fetch a row's picture, unless somebody else is at it."""
    if _claim(BatchRow.objects.filter(pk=row_id, state=BatchRow.State.FETCHING)):
        intake.fetch(BatchRow.objects.select_related("batch__owner", "batch__team").get(pk=row_id))


def ring_due() -> bool:
    """Ring for files and pictures that nobody is at. Answers whether the bell was heard."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    files = BatchFile.objects.filter(free, state=BatchFile.State.RECEIVED).exclude(batch__status="cancelled")
    rows = BatchRow.objects.filter(free, state=BatchRow.State.FETCHING).exclude(batch__status="cancelled")
    return doorbell.ring_files(files[:MOST_RUNG_AT_ONCE]) and doorbell.ring_rows(rows[:MOST_RUNG_AT_ONCE])


def _claim(rows: "models.QuerySet[BatchFile] | models.QuerySet[BatchRow]") -> bool:
    now = timezone.now()
    free = rows.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    return bool(free.update(lease_until=now + LEASE))
