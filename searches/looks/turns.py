"""A worker's turn at a look: claimed by a conditional UPDATE, and every write filtered by its token."""

import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery
from django.utils import timezone

from searches.looks import groups, pictures
from searches.models import Look, SearchJob, Sighting, SupplierMatch
from searches.models.look import LookQuerySet
from searches.visual import VERSION

LEASE = timedelta(seconds=60)
# Then the look fails: it seems to end its workers.
MOST_ATTEMPTS = 5
Status = Look.Status


class Ended(Exception):
    """The turn is no longer this worker's: the search was deleted or cancelled, or another worker has the look."""


def claim(look_id: int) -> Look | None:
    """The look, with a run token and a lease that are ours; None when it is gone, done, or somebody else's."""
    now = timezone.now()
    claimed = (
        Look.objects.claimable(now)
        .filter(pk=look_id)
        .update(
            status=Status.RUNNING,
            run_token=uuid.uuid4(),
            lease_until=now + LEASE,
            claims=F("claims") + 1,
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return None
    look = Look.objects.select_related("call__job", "call__image").get(pk=look_id)
    if look.attempts > MOST_ATTEMPTS:
        end(look, Status.FAILED, Look.Reason.WORKER)
        return None
    return look


def renew(look: Look, lease: timedelta = LEASE) -> None:
    """Raises `Ended`."""
    if not _ours(look).update(lease_until=timezone.now() + lease):
        raise Ended


def write(look: Look, seen: Collection[Sighting], unseen: Mapping[int, str], query: bytes = b"") -> None:
    """What was compared since the last time. Raises `Ended`, and has written nothing then.

    seen: with their `visual`. unseen: why pictures could not be had, by the ids of matches. query: the photo's vector.
    """
    with transaction.atomic():
        _hold(look)
        kept = {"query_vector": query, "query_version": VERSION} if query else {}
        if not _ours(look).update(
            lease_until=timezone.now() + LEASE,
            compared=F("compared") + len(seen),
            without=F("without") + len(unseen),
            **kept,
        ):
            raise Ended
        Sighting.objects.bulk_update(seen, ["visual"])
        # The best of all photos that found it; whoever else compares with another photo holds the search's row first.
        best = Sighting.objects.filter(match=OuterRef("pk")).order_by().values("match").annotate(best=Max("visual"))
        found = SupplierMatch.objects.filter(pk__in={sighting.match_id for sighting in seen})
        found.update(visual=Subquery(best.values("best")), unseen="")
        for reason in sorted(set(unseen.values())):
            missed = [pk for pk, why in unseen.items() if why == reason]
            SupplierMatch.objects.filter(pk__in=missed, visual=None).update(unseen=reason)
        SearchJob.objects.filter(pk=look.call.job_id).update(looked=F("looked") + 1)


def end(look: Look, status: Look.Status, reason: str = "") -> None:
    """The look is over; with the last of a search its equal photos are found. Nothing for a turn that is not ours."""
    pictures.let_go(look)
    with transaction.atomic():
        job = SearchJob.objects.select_for_update().filter(pk=look.call.job_id).first()
        told = {"run_token": None, "lease_until": None, "finished_at": timezone.now()}
        if job is None or not _ours(look).update(status=status, reason=reason, **told):
            return
        if not Look.objects.of(job).unfinished().exists():
            groups.find(job)
        SearchJob.objects.filter(pk=job.pk).update(looked=F("looked") + 1)


def give_back(look: Look) -> bool:
    """Let another turn go on with it, which is no attempt more. Answers whether it was ours."""
    pictures.let_go(look)
    return bool(
        _ours(look).update(status=Status.QUEUED, run_token=None, lease_until=None, attempts=F("attempts") - 1),
    )


def _hold(look: Look) -> None:
    """The search's row, held until the transaction ends. Raises `Ended` when nobody waits for it any more."""
    job = SearchJob.objects.select_for_update().filter(pk=look.call.job_id).first()
    if job is None or job.status == SearchJob.Status.CANCELLED:
        raise Ended


def _ours(look: Look) -> LookQuerySet:
    return Look.objects.filter(pk=look.pk, run_token=look.run_token, status=Status.RUNNING)
