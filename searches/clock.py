"""When the machine's clock is put right: what was to happen at a certain time follows it.

Rows name moments, and a clock that goes back an hour would keep them waiting for an hour; one that goes forward would
take every call away from its worker. So the scheduler compares the clock with one that nobody can set.
"""

import logging
import time
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from searches.models import SearchCall

logger = logging.getLogger(__name__)

# Less is no jump: a lease and a pause can take it.
SMALLEST_JUMP = timedelta(seconds=5)


class ClockWatch:
    """Notices that the clock was set, from one look to the next."""

    def __init__(self) -> None:
        self._offset = _offset()

    def look(self) -> None:
        """Move what waits and what is being worked on along with the clock, if it was set since the last look."""
        offset = _offset()
        jump, self._offset = timedelta(seconds=offset - self._offset), offset
        if abs(jump) < SMALLEST_JUMP:
            return
        direction = "forward" if jump > timedelta() else "back"
        logger.warning("the clock went %s by %.0f s: waiting calls follow it", direction, abs(jump).total_seconds())
        if jump > timedelta():
            _went_forward(jump)
        else:
            _went_back(-jump)


def _went_forward(jump: timedelta) -> None:
    """Leases of workers that are at their calls have ended before their time. Who waits merely waits less."""
    now = timezone.now()
    running = SearchCall.objects.filter(status=SearchCall.Status.RUNNING)
    running.filter(lease_until__gt=now - jump, lease_until__lt=now).update(lease_until=F("lease_until") + jump)


def _went_back(jump: timedelta) -> None:
    """What lies so far ahead was written by the clock as it was. Those in line wait for slots, not for a time."""
    written_before = timezone.now() + jump / 2
    waiting = SearchCall.objects.filter(status=SearchCall.Status.WAITING).exclude(waits_for__in=SearchCall.IN_LINE)
    waiting.filter(not_before__gt=written_before).update(not_before=F("not_before") - jump)
    running = SearchCall.objects.filter(status=SearchCall.Status.RUNNING)
    running.filter(lease_until__gt=written_before).update(lease_until=F("lease_until") - jump)


def _offset() -> float:
    """How far the clock is ahead of the one that only counts, in seconds."""
    return timezone.now().timestamp() - time.monotonic()
