"""Starts the searches of running batches, little by little.

Each batch has a few searches under way at a time: enough to keep every worker and every slot busy, few enough that
pausing it takes effect at once and that the line of waiting calls stays short.
"""

from django.db import transaction
from django.utils import timezone

from batches import intake
from batches.actions import question_of
from batches.models import Batch, BatchRow
from batches.settling import images_of, settle
from searches import doorbell
from searches.actions import start_search
from searches.models import SearchCall, SearchJob

SEARCHES_UNDER_WAY = 60


def feed() -> bool:
    """Start what may be started, and end what is finished. Answers whether any batch is running."""
    running = list(Batch.objects.filter(status=Batch.Status.RUNNING))
    for batch in running:
        feed_batch(batch)
    return bool(running)


def feed_batch(batch: Batch) -> None:
    """Start what may be started of one batch, and end it when it is finished."""
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.status != Batch.Status.RUNNING:
            return
        under_way = held.rows.filter(job__status__in=SearchJob.UNFINISHED).count()
        rows = list(held.rows.startable().select_related("image")[: max(0, SEARCHES_UNDER_WAY - under_way)])
        for row in rows:
            _start(held, row)
        if not rows and not under_way and not _more_to_come(held):
            held.status, held.finished_at = Batch.Status.DONE, timezone.now()
            held.save(update_fields=["status", "finished_at"])
    doorbell.ring(SearchCall.objects.filter(job__batch_row__in=[row.pk for row in rows]))


def _start(batch: Batch, row: BatchRow) -> None:
    images = images_of(row)
    if not images or batch.owner is None:
        settle(row, intake.OWNER_GONE if images else intake.PICTURE_GONE)
        return
    question = question_of(batch)
    if row.keywords:
        question["keywords"] = row.keywords
    row.started = True
    row.job = start_search(
        user=batch.owner,
        team=batch.team,
        images=images,
        marketplaces=batch.marketplaces,
        title=row.title[:200],
        urgency=SearchJob.Urgency.BATCH,
        ring=False,
        **question,
    )
    row.save(update_fields=["job", "started"])


def _more_to_come(batch: Batch) -> bool:
    """Whether pictures are still being fetched or read."""
    unread = batch.files.exclude(state__in=("read", "refused")).exists()
    return unread or batch.rows.filter(state=BatchRow.State.FETCHING).exists()
