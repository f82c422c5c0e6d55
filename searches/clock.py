"""When the machine's clock is put right: what was to happen at a certain time follows it.

Rows name moments, and a clock that goes back an hour would keep them waiting for an hour; one that goes forward would
take every call away from its worker. So the scheduler compares the clock with one that nobody can set.
"""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, Model, QuerySet
from django.utils import timezone

from searches.models import Credential, SearchCall

logger = logging.getLogger(__name__)

# Less is no jump: a lease and a pause can take it.
SMALLEST_JUMP = timedelta(seconds=5)


class ClockWatch:
    """Notices that the clock was set, from one look to the next."""

    def __init__(self, *leased: type[Model]) -> None:
        """leased: further models whose `lease_until` says until when a row is somebody's."""
        self._leased = leased
        self._offset = _offset()

    def look(self) -> None:
        """Move what waits and what is being worked on along with the clock, if it was set since the last look."""
        offset = _offset()
        jump, self._offset = timedelta(seconds=offset - self._offset), offset
        if abs(jump) < SMALLEST_JUMP:
            return
        direction = "forward" if jump > timedelta() else "back"
        logger.warning("the clock went %s by %.0f s: what waits follows it", direction, abs(jump).total_seconds())
        leased: list[QuerySet[Model]] = [SearchCall.objects.filter(status=SearchCall.Status.RUNNING)]
        leased += [model._default_manager.all() for model in self._leased]
        if jump > timedelta():
            _went_forward(jump, leased)
        else:
            _went_back(-jump, leased)


def _went_forward(jump: timedelta, leased: Iterable[QuerySet[Model]]) -> None:
    """Leases of workers that are at their work have ended before their time. Who waits merely waits less."""
    now = timezone.now()
    for rows in leased:
        ended = rows.filter(lease_until__gt=now - jump, lease_until__lt=now)
        ended.update(lease_until=F("lease_until") + jump)


def _went_back(jump: timedelta, leased: Iterable[QuerySet[Model]]) -> None:
    """What lies so far ahead was written by the clock as it was. Those in line wait for slots, not for a time."""
    now = timezone.now()
    written_before = now + jump / 2
    waiting = SearchCall.objects.filter(status=SearchCall.Status.WAITING).exclude(waits_for__in=SearchCall.IN_LINE)
    waiting.filter(not_before__gt=written_before).update(not_before=F("not_before") - jump)
    for rows in leased:
        rows.filter(lease_until__gt=written_before).update(lease_until=F("lease_until") - jump)
    # A pause lasts an hour at most, and was to end by the clock as it was.
    paused = Credential.objects.filter(paused_until__gt=written_before)
    paused.update(paused_until=F("paused_until") - jump)
    # No call was made in the future: calls would be held back until then, should Valkey forget its slots.
    Credential.objects.filter(last_call_at__gt=now).update(last_call_at=now)


def _offset() -> float:
    """How far the clock is ahead of the one that only counts, in seconds."""
    return timezone.now().timestamp() - time.monotonic()
