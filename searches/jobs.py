"""What RQ workers and the scheduler run: claim a call, answer it, write what came of it.

Only this module decides about retries. A worker's turn is a claim: a conditional UPDATE that sets a run token and a
lease. Whatever it writes afterwards is filtered by that token, so a worker that was thought lost and comes back
changes nothing. See docs/decisions/0003-the-row-is-the-truth.md.
"""

import logging
import time
import uuid
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Sign
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from searches import doorbell, pipeline, recording, turns
from searches.imaging import ImageRejected
from searches.marketplaces import ErrorKind, MarketplaceError, RetryWith
from searches.models import SearchCall
from searches.waiting import MustWait

logger = logging.getLogger(__name__)

# The pause before the second, third and fourth attempt, when the marketplace names none.
PAUSES = (2.0, 8.0, 30.0)
# The same for a marketplace that says that calls come too fast: so often, beside the attempts.
THROTTLE_PAUSES = (10.0, 20.0, 40.0, 80.0, 120.0)
SECONDS_UNTIL_VALKEY_IS_ASKED_AGAIN = 2.0
# Then a new work horse takes over, so that none grows old with whatever its pictures left in its memory.
SECONDS_A_WORK_HORSE_WORKS = 5.0
# While others stand in line, a slot and with it the next call are probably near.
SHORTEST_LOOK, LONGEST_LOOK = 0.02, 0.16  # seconds
# A call whose doorbell was not heard for this long is rung for again.
SECONDS_UNHEARD = 10
# Four times a second: with more due calls than workers, the first of them are enough to keep those busy.
MOST_RUNG_AT_ONCE = 200

WORKER_LOST = MarketplaceError(
    _("The worker that made this call was lost, several times."),
    kind=ErrorKind.UPSTREAM,
    code="worker-lost",
    remedy=_("Try again; if it happens with this picture alone, save it anew with an image program first."),
)


def work(call_id: int) -> None:
    """What a worker does when the bell rings: this call, and while it is warm those that are due, too.

    A fork, its connections and RQ's bookkeeping cost several times what a call does itself.
    """
    until = time.monotonic() + SECONDS_A_WORK_HORSE_WORKS
    pause = SHORTEST_LOOK
    heard = run_call(call_id)
    while heard and time.monotonic() < until:
        following = _next_due()
        if following is not None:
            heard = _take(following)
            pause = SHORTEST_LOOK
        elif turns.anybody_in_line():
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_LOOK)
        else:
            return


def take_next() -> bool:
    """Take the call that is due first, in the middle of other work. False when there is none, or no Valkey."""
    following = _next_due()
    return following is not None and _take(following)


def _take(call: SearchCall) -> bool:
    doorbell.unring(call)
    return run_call(call.pk)


def run_call(call_id: int) -> bool:
    """Take the call if it is due and nobody else has it, and bring it one step further.

    False when Valkey is away: then no other call would get further, either.
    """
    call = claim(call_id)
    if call is None:
        return True
    try:
        answer = pipeline.answer(call)
    except MustWait as wait:
        _wait(call, wait.seconds, wait.reason, wait.error)
    except redis.RedisError as error:
        logger.warning("Valkey does not answer (%s): call %s waits", type(error).__name__, call.pk)
        _wait(call, SECONDS_UNTIL_VALKEY_IS_ASKED_AGAIN, SearchCall.Reason.VALKEY)
        return False
    except ImageRejected as error:
        recording.failed(call, _picture_error(error))
    except MarketplaceError as error:
        _retry_or_fail(call, error)
    else:
        recording.done(call, answer)
    return True


def claim(call_id: int) -> SearchCall | None:
    """The call, with a run token and a lease that are ours; None when it is gone, not due, or somebody else's."""
    now = timezone.now()
    ours_until = time.monotonic() + settings.CALL_LEASE_SECONDS
    token = uuid.uuid4()
    claimed = (
        SearchCall.objects.claimable(now)
        .filter(pk=call_id)
        .update(
            status=SearchCall.Status.RUNNING,
            run_token=token,
            lease_until=now + timedelta(seconds=settings.CALL_LEASE_SECONDS),
            claims=F("claims") + 1,
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return None
    call = SearchCall.objects.select_related("job", "image", "credential").get(pk=call_id)
    call.ours_until = ours_until
    if call.attempts > settings.CALL_ATTEMPTS:
        recording.failed(call, WORKER_LOST)
        return None
    recording.started(call)
    return call


def _next_due() -> SearchCall | None:
    """The call that an idle worker would take: the urgent ones first, of them those that had a turn, then the oldest.

    Calls that waited, or whose worker was lost, are among them: their bells are behind all others in the queue.
    """
    now = timezone.now()
    due = SearchCall.objects.claimable(now).exclude(status=SearchCall.Status.WAITING, waits_for__in=SearchCall.IN_LINE)
    return due.order_by("urgency", Sign("claims").desc(), "pk").first()


def ring_due() -> bool:
    """Ring for waiting calls whose time has come. Answers whether the bell was heard, as `sweep` does.

    Those that stand in line for a slot are not among them: turns.py rings for these.
    """
    now = timezone.now()
    due = SearchCall.objects.filter(status=SearchCall.Status.WAITING, not_before__lte=now)
    due = due.exclude(waits_for__in=SearchCall.IN_LINE).order_by("not_before")
    return doorbell.ring(due[:MOST_RUNG_AT_ONCE])


def sweep(*, seconds_unheard: float = SECONDS_UNHEARD) -> bool:
    """Ring for calls whose doorbell was not heard for so long, and for those whose worker was lost."""
    now = timezone.now()
    # One that is to come is from before the clock was put back.
    long_ago_or_to_come = Q(not_before__lte=now - timedelta(seconds=seconds_unheard)) | Q(not_before__gt=now)
    unheard = Q(status=SearchCall.Status.QUEUED) & long_ago_or_to_come
    abandoned = Q(status=SearchCall.Status.RUNNING, lease_until__lt=now)
    return doorbell.ring(SearchCall.objects.filter(unheard | abandoned), again=True)


def _retry_or_fail(call: SearchCall, error: MarketplaceError) -> None:
    throttled = error.kind is ErrorKind.THROTTLED
    if error.retry_with is not None and call.variant == SearchCall.Variant.PREPARED:
        # Another picture, so to say: this one repeat is granted beside the attempts.
        recording.waits(call, until=timezone.now(), error=error, variant=error.retry_with.value, turn_counts=False)
    elif throttled and error.retryable and call.throttles < len(THROTTLE_PAUSES):
        pause = error.retry_after if error.retry_after is not None else THROTTLE_PAUSES[call.throttles]
        recording.waits(call, until=_in(pause), error=error, throttled=True, turn_counts=False)
    elif not throttled and error.retryable and error.retry_with is None and call.attempts < settings.CALL_ATTEMPTS:
        pause = error.retry_after if error.retry_after is not None else PAUSES[call.attempts - 1]
        recording.waits(call, until=_in(pause), error=error)
    else:
        error.remedy = _remedy_when_given_up(error)
        recording.failed(call, error)


def _remedy_when_given_up(error: MarketplaceError) -> str:
    """An error that promised another attempt, once there is none."""
    if error.retry_with is RetryWith.REENCODED:
        return _("Give a JPG or PNG photo: this one was refused, and re-encoded too.")
    if error.retry_with is RetryWith.SMALLER:
        return _("Give a smaller photo: this one was refused, and made smaller too.")
    if error.retryable and error.kind is not ErrorKind.BAD_IMAGE:
        return _("It was tried several times. Try again later; if it goes on, ask an administrator to look into it.")
    return error.remedy


def _wait(call: SearchCall, seconds: float, reason: SearchCall.Reason, error: MarketplaceError | None = None) -> None:
    recording.waits(call, until=_in(seconds), reason=reason, error=error, turn_counts=False)


def _in(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def _picture_error(error: ImageRejected) -> MarketplaceError:
    return MarketplaceError(
        error.message,
        kind=ErrorKind.BAD_IMAGE,
        code=error.code,
        remedy=_("Start a new search with another picture."),
    )
