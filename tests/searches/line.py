"""The line of calls that wait for a slot, as rows, and the bells that workers hear."""

import django_rq
from django.conf import settings
from django.utils import timezone

from accounts.models import Team
from searches import slots
from searches.models import Credential, SearchCall, SearchJob
from tests.factories import CredentialFactory, SearchCallFactory, SearchJobFactory

__all__ = ("credential_with", "handed_out", "in_line", "rung", "take_slots")


def in_line(team: Team, *, reason: SearchCall.Reason = SearchCall.Reason.SLOT, **columns: object) -> SearchCall:
    """A call of the team's that a worker looked at once and for which there was no slot."""
    urgency = columns.get("urgency", SearchJob.Urgency.INTERACTIVE)
    job = SearchJobFactory(team=team, status=SearchJob.Status.RUNNING, urgency=urgency, finished_at=None)
    waiting = {"status": SearchCall.Status.WAITING, "waits_for": reason, "credential": None, "credential_name": ""}
    times = {"not_before": timezone.now(), "finished_at": None, "fetched_at": None}
    return SearchCallFactory(job=job, claims=1, attempts=0, **(waiting | times | columns))


def handed_out() -> list[int]:
    """The calls that the scheduler has rung for and no worker has taken."""
    queued = SearchCall.objects.filter(status=SearchCall.Status.QUEUED, claims__gt=0)
    return sorted(queued.values_list("pk", flat=True))


def rung() -> list[int]:
    """What RQ's workers would find, queue by queue: one integer a job, nothing else."""
    waiting = [job for name in settings.RQ_QUEUES for job in django_rq.get_queue(name).jobs]
    assert all(job.kwargs == {} and len(job.args) == 1 for job in waiting)
    return [job.args[0] for job in waiting]


def take_slots(credential: Credential, number: int) -> None:
    """Calls that other workers are at."""
    slots.usage_of(credential)
    for _ in range(number):
        slots.limiter_of(credential).acquire()


def credential_with(number: int, *, teams: tuple[Team, ...] = (), **columns: object) -> Credential:
    """A credential with so many slots a minute, for these teams only if any are given."""
    credential = CredentialFactory(calls_per_minute=number, for_all_teams=not teams, **columns)
    credential.teams.set(teams)
    return credential
