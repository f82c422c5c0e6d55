"""Batches are kept as long as their searches' results (searches/retention.py), and go with their rows."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from batches.models import Batch, BatchRow
from batches.uploads import path_of
from searches.retention import limit_of

ROWS_A_STEP = 200


def expire_batches(now: datetime) -> bool:
    """The oldest batch that ended, or was never started, so long ago: its rows first. Its searches go by themselves."""
    limit = limit_of(now, settings.RETENTION_RESULTS_DAYS)
    if limit is None:
        return False
    ended = Q(status__in=(Batch.Status.DONE, Batch.Status.CANCELLED), finished_at__lt=limit)
    forgotten = Q(status=Batch.Status.COLLECTING, created_at__lt=limit)
    with transaction.atomic():
        batch = Batch.objects.filter(ended | forgotten).select_for_update().order_by("pk").first()
        if batch is None:
            return False
        rows = batch.rows.order_by("pk").values_list("pk", flat=True)[:ROWS_A_STEP]
        BatchRow.objects.filter(pk__in=list(rows)).delete()
        if not batch.rows.exists():
            for file in batch.files.all():
                transaction.on_commit(partial(path_of(file).unlink, missing_ok=True))
            batch.delete()
    return True
