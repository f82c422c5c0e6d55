"""A search's looks, made by the process that waits for them: for shells and cron."""

import time

from searches.looks import jobs
from searches.models import Look, SearchJob

# While another worker has the rest.
SECONDS_BETWEEN_LOOKS = 0.1


def finish(job: SearchJob) -> None:
    """Compare the pictures of all the search's offers, whoever does it; `job` is as it is then."""
    while True:
        unfinished = Look.objects.of(job).unfinished().order_by("pk")
        look = unfinished.filter(status=Look.Status.QUEUED).first() or unfinished.first()
        if look is None:
            break
        before = look.claims
        jobs.run_look(look.pk, for_others=False)
        if Look.objects.unfinished().filter(pk=look.pk, claims=before).exists():
            time.sleep(SECONDS_BETWEEN_LOOKS)
    job.refresh_from_db()


def troubles(job: SearchJob) -> list[str]:
    """Why looks at the search failed, in words."""
    failed = Look.objects.of(job).filter(status=Look.Status.FAILED).order_by("pk")
    return list(dict.fromkeys(look.get_reason_display() for look in failed))
