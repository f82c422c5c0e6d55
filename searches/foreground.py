"""A search worked on by the process that asked for it: for shells and cron, with or without workers beside it."""

import time
from collections.abc import Callable, Sequence

from django.utils import timezone

from searches import jobs
from searches.models import SearchCall, SearchJob

# How long to sleep while other workers have the rest, and at most: they may be done, or somebody may cancel.
SECONDS_BETWEEN_LOOKS, LONGEST_SLEEP = 0.1, 0.5


def finish(job: SearchJob, idle: Callable[[Sequence[SearchCall]], None]) -> None:
    """Work on the job's calls until none is left, whoever did them; `job` is as it is then.

    idle: told the calls that wait, whenever there is nothing to do before the next of them is due.
    """
    while True:
        job.refresh_from_db()
        if not job.is_unfinished:
            return
        due = SearchCall.objects.claimable(timezone.now()).filter(job=job).order_by("page", "pk")
        call = due.values_list("pk", flat=True).first()
        if call is not None:
            jobs.run_call(call)
            continue
        waiting = list(job.calls.filter(status=SearchCall.Status.WAITING).order_by("not_before"))
        idle(waiting)
        time.sleep(_seconds_to_sleep(waiting))


def _seconds_to_sleep(waiting: Sequence[SearchCall]) -> float:
    if not waiting:
        return SECONDS_BETWEEN_LOOKS
    until_due = (waiting[0].not_before - timezone.now()).total_seconds()
    return min(max(until_due, 0), LONGEST_SLEEP)
