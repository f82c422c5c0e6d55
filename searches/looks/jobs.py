"""What workers do about looks: take one, compare its pictures, step aside for searches. The row is the truth."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from searches import jobs as calls
from searches.imaging import ImageRejected
from searches.looks import comparing, doorbell, turns
from searches.models import Look, SearchJob
from searches.visual import ModelUnavailable

logger = logging.getLogger(__name__)

# Then a new work horse takes over, as with calls; this one has a model to load first.
SECONDS_A_WORK_HORSE_WORKS = 20.0
MOST_RUNG_AT_ONCE = 50
# So long a work horse waits for searches before it loads the model, and looks for them so often.
SECONDS_BEFORE_THE_MODEL, SECONDS_BETWEEN_GLANCES = 0.3, 0.02
# A look whose doorbell was not heard for this long is rung for again.
SECONDS_UNHEARD = 10
# What waits for longer, and is no call, gets this worker's place.
SECONDS_OF_PATIENCE = 2.0
# Longer than a call takes, whose worker this one becomes meanwhile.
LEASE_ASIDE = turns.LEASE + timedelta(seconds=settings.CALL_LEASE_SECONDS)


class SteppedAside(Exception):
    """Something else than a search's call waits for this worker: the look goes on later."""


def work(look_id: int) -> None:
    """What a worker does when the bell rings: this look, and while it is warm those that wait, too."""
    _let_searches_begin()
    until = time.monotonic() + SECONDS_A_WORK_HORSE_WORKS
    run_look(look_id)
    while time.monotonic() < until and not doorbell.searches_wait():
        due = Look.objects.claimable(timezone.now()).order_by("call__urgency", "pk")
        following = due.first()
        if following is None:
            return
        doorbell.unring(following)
        run_look(following.pk)


def run_look(look_id: int, *, for_others: bool = True) -> None:
    """Take the look if nobody else has it, and bring it to its end. for_others: step aside for whoever waits."""
    look = turns.claim(look_id)
    if look is None:
        return
    if look.call.job.status == SearchJob.Status.CANCELLED:
        turns.end(look, Look.Status.CANCELLED)
        return
    try:
        comparing.look_at(look, _Courtesy(look).step_aside if for_others else lambda: None)
    except turns.Ended:
        turns.end(look, Look.Status.CANCELLED)
    except SteppedAside:
        if turns.give_back(look):
            look.refresh_from_db()
            doorbell.ring([look])
    except ModelUnavailable as error:
        _tell_once(error)
        turns.end(look, Look.Status.FAILED, Look.Reason.MODEL)
    except (ImageRejected, OSError) as error:
        logger.warning("The photo of call %s cannot be compared with: %s", look.call_id, type(error).__name__)
        turns.end(look, Look.Status.FAILED, Look.Reason.PHOTO)
    else:
        turns.end(look, Look.Status.DONE)


def sweep() -> bool:
    """Ring for looks that nobody is at. Answers whether the bell was heard."""
    now = timezone.now()
    due = Look.objects.claimable(now).filter(created_at__lt=now - timedelta(seconds=SECONDS_UNHEARD))
    return doorbell.ring(due.order_by("call__urgency", "pk")[:MOST_RUNG_AT_ONCE], again=True)


def _let_searches_begin() -> None:
    """Wait a moment for whoever searches on: until the model is loaded this worker can do nothing else."""
    end = time.monotonic() + SECONDS_A_WORK_HORSE_WORKS
    until = time.monotonic() + SECONDS_BEFORE_THE_MODEL
    while time.monotonic() < min(until, end):
        if not doorbell.searches_wait():
            time.sleep(SECONDS_BETWEEN_GLANCES)
        elif calls.take_next():
            until = time.monotonic() + SECONDS_BEFORE_THE_MODEL
        else:
            return


class _Courtesy:
    """Whoever searches goes first: this worker makes the calls that wait, and leaves other work to a fresh one."""

    def __init__(self, look: Look) -> None:
        self._look = look
        # Since when something waits that is no call: it may be a bell whose call another worker has taken already.
        self._since: float | None = None
        # A work horse that makes calls for long is one for calls: a look's own time would end in the middle of one.
        self._until = time.monotonic() + SECONDS_A_WORK_HORSE_WORKS

    def step_aside(self) -> None:
        """Raises `SteppedAside`, and `turns.Ended`."""
        while doorbell.searches_wait():
            if time.monotonic() > self._until:
                raise SteppedAside
            turns.renew(self._look, LEASE_ASIDE)
            if calls.take_next():
                continue
            self._since = self._since or time.monotonic()
            if time.monotonic() - self._since > SECONDS_OF_PATIENCE:
                raise SteppedAside
            return
        self._since = None


def _tell_once(error: ModelUnavailable) -> None:
    """One line for the first look that fails, not for each of three hundred."""
    before = Look.objects.exclude(finished_at=None).order_by("-finished_at").first()
    if before is None or before.reason != Look.Reason.MODEL:
        logger.error("Offers get no similarity of our own: %s", error)
