"""What those who stand in line are told: for what they wait, whenever that changes while they stand there.

A worker looks at a call once and writes its reason. Then only the scheduler's turn moves it, and meanwhile the
credential may pause, resume, or use its day up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from searches import recording, slots
from searches.models import Credential, SearchCall

Reason = SearchCall.Reason


@dataclass(frozen=True, slots=True)
class Wait:
    """For what a credential lets calls wait, until when, and the columns that say what stands behind it."""

    reason: SearchCall.Reason
    until: datetime
    why: Mapping[str, object] = field(default_factory=lambda: recording.NO_ERROR)


def tell_those_in_line() -> None:
    """Bring the reasons of waiting calls up to date. Raises `redis.RedisError`."""
    in_line = SearchCall.objects.filter(status=SearchCall.Status.WAITING, waits_for__in=SearchCall.IN_LINE)
    for marketplace, team in in_line.order_by().values_list("marketplace", "job__team").distinct():
        waits = [_wait_for(one) for one in Credential.objects.for_teams([team]).filter(marketplace=marketplace)]
        known = [wait for wait in waits if wait]
        if known and len(known) == len(waits):
            _tell(in_line.filter(marketplace=marketplace, job__team=team), min(known, key=lambda wait: wait.until))


def _wait_for(credential: Credential) -> Wait | None:
    """None while a single call finds out whether a pause is over for good: nobody knows what follows."""
    if credential.is_paused and credential.paused_until:
        why = recording.error_columns(credential.why_paused) | {"credential_name": credential.name}
        return Wait(Reason.PAUSED, credential.paused_until, why)
    if credential.is_on_trial:
        return None
    usage = slots.usage_of(credential)
    free_at = timezone.now() + timedelta(seconds=usage.seconds_until_free)
    used_up = not usage.free and credential.calls_per_day is not None and usage.today >= credential.calls_per_day
    return Wait(Reason.DAY if used_up else Reason.SLOT, free_at)


def _tell(line: QuerySet[SearchCall], wait: Wait) -> None:
    told_otherwise = ~Q(waits_for=wait.reason)
    if wait.reason == Reason.PAUSED:
        # A pause that began anew has another end.
        told_otherwise |= ~Q(not_before=wait.until)
    # When the slots of a line are free, its calls are not told: each would need its own place.
    until = timezone.now() if wait.reason == Reason.SLOT else wait.until
    line.filter(told_otherwise).update(waits_for=wait.reason, not_before=until, **wait.why)
