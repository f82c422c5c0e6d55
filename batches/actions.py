"""What people do with batches: one verb, one transaction each."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Team, User
from batches.models import Batch, BatchFile, BatchRow
from searches import actions as searches
from searches.actions import Question
from searches.models import SearchJob

Status = Batch.Status
PRICES = ("price_from", "price_to")
UNFINISHED = gettext_noop("It had not arrived completely when the batch was started. Put it into another batch.")


def create_batch(*, user: User, team: Team, title: str, marketplaces: Iterable[str], question: Question) -> Batch:
    """A batch to be filled. Raises `ValidationError` without a marketplace to ask."""
    marketplaces = list(marketplaces)
    if not marketplaces:
        raise ValidationError(_("Choose at least one marketplace."), code="no-marketplace")
    return Batch.objects.create(
        team=team, owner=user, title=title, marketplaces=marketplaces, question=_as_json(question)
    )


def question_of(batch: Batch) -> Question:
    """What is asked about each of its rows."""
    kept = dict(batch.question)
    for name in PRICES:
        if kept.get(name) is not None:
            kept[name] = Decimal(kept[name])
    return cast(Question, kept)


@transaction.atomic
def start_batch(*, batch: Batch) -> None:
    """Let its searches begin. Whoever does it confirms the right to use the pictures.

    Raises `ValidationError` when nothing in it can be searched for.
    """
    batch = _held(batch)
    if not batch.rows.exclude(state=BatchRow.State.REFUSED).exists():
        raise ValidationError(_("There is no picture in the batch yet that could be searched for."), code="empty")
    if batch.status == Status.COLLECTING:
        now = timezone.now()
        # Nothing more is taken from now on: what broke off would keep the batch from ever being done.
        batch.files.filter(state=BatchFile.State.RECEIVING).update(
            state=BatchFile.State.REFUSED, error_code="unfinished", error_message=UNFINISHED
        )
        _change(batch, status=Status.RUNNING, rights_confirmed_at=now, started_at=now)


@transaction.atomic
def pause_batch(*, batch: Batch) -> None:
    """Begin no further search. Those under way end by themselves."""
    batch = _held(batch)
    if batch.status == Status.RUNNING:
        _change(batch, status=Status.PAUSED)


@transaction.atomic
def resume_batch(*, batch: Batch) -> None:
    batch = _held(batch)
    if batch.status == Status.PAUSED:
        _change(batch, status=Status.RUNNING)


def cancel_batch(*, batch: Batch) -> None:
    """Begin no further search, and stop those under way. What was found stays."""
    with transaction.atomic():
        batch = _held(batch)
        if not batch.is_unfinished:
            return
        _change(batch, status=Status.CANCELLED, finished_at=timezone.now())
    # Each by itself: a thousand searches held at once would hold up everybody else.
    for job in SearchJob.objects.filter(batch_row__batch=batch, status__in=SearchJob.UNFINISHED):
        searches.cancel_search(job=job)


def retry_failed(*, batch: Batch, rows: Iterable[BatchRow] | None = None) -> int:
    """Try the failed calls of the batch's searches again, or of these rows'; answers how many searches have any."""
    failed = SearchJob.objects.filter(
        batch_row__batch=batch, status__in=(SearchJob.Status.FAILED, SearchJob.Status.PARTIAL)
    )
    if rows is not None:
        failed = failed.filter(batch_row__in=list(rows))
    number = sum(1 for job in failed if searches.retry_failed_calls(job=job))
    if number:
        # It is not done any more.
        Batch.objects.filter(pk=batch.pk, status=Status.DONE).update(status=Status.RUNNING, finished_at=None)
    return number


def seconds_left(batch: Batch, *, done: int, left: int) -> timedelta | None:
    """How long it takes at the pace so far; None before there is one."""
    if batch.started_at is None or not done:
        return None
    return (timezone.now() - batch.started_at) / done * left


def _held(batch: Batch) -> Batch:
    """The batch as it is now, held until the transaction ends."""
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _change(batch: Batch, **columns: object) -> None:
    for name, value in columns.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(columns))


def _as_json(question: Question) -> dict[str, object]:
    return {name: str(value) if name in PRICES and value is not None else value for name, value in question.items()}
