"""A credential's call slots: who may call now, and what a limiter that lost its memory has to be told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone

from searches.limiter import CallLimiter, NoFreeSlot, Slot, SlotsForgotten, Usage
from searches.marketplaces import MarketplaceError
from searches.models import Credential, SearchCall
from searches.models.usage import CALLS, calls_today, count
from searches.resultstore import SingleFlight
from searches.valkey import connection
from searches.waiting import MustWait

# Errors without a response: the marketplace may count the call at any time until its deadline.
UNANSWERED = frozenset({"timeout", "connection"})
# A slot that is free so soon is waited for where one stands; going back into the line would leave it idle.
SECONDS_SOON = 0.15
NOTED_EVERY = timedelta(seconds=1)


@contextmanager
def call_slot(credential: Credential) -> Iterator[None]:
    """Hold one of the credential's slots for the one call that the block makes.

    Raises `MustWait`, and `redis.RedisError` when Valkey is away. A call that was answered, well or badly, frees its
    slot one window later; any other keeps it for its lease.
    """
    limiter = limiter_of(credential)
    slot = _acquire(limiter, credential)
    count(credential, CALLS)
    try:
        yield
    except MarketplaceError as error:
        if error.code not in UNANSWERED:
            _release(limiter, slot)
        raise
    _release(limiter, slot)


@contextmanager
def trial(credential: Credential, holder: str) -> Iterator[bool]:
    """Whether `holder` may try a credential whose pause is over: one call at a time tells if the trouble is.

    Raises `redis.RedisError`.
    """
    flight, name = _trials(), _trial_of(credential)
    taken = flight.take(name, holder)
    try:
        yield taken
    finally:
        with suppress(redis.RedisError):
            flight.leave(name, holder)


def is_being_tried(credential: Credential) -> bool:
    """Whether a call of a credential on trial is under way. Raises `redis.RedisError`."""
    return _trials().is_taken(_trial_of(credential))


def limiter_of(credential: Credential) -> CallLimiter:
    return CallLimiter(
        connection(),
        f"credential-{credential.pk}",
        per_window=credential.calls_per_minute,
        window_seconds=settings.CALL_WINDOW_SECONDS,
        lease_seconds=settings.CALL_LEASE_SECONDS,
        per_day=credential.calls_per_day,
    )


def usage_of(credential: Credential, *, within_seconds: float = 0) -> Usage:
    """What is used of the credential's limits, and the slots that are free within so many seconds.

    Raises `redis.RedisError`.
    """
    limiter = limiter_of(credential)
    try:
        return limiter.usage(within_seconds=within_seconds)
    except SlotsForgotten:
        _open(limiter, credential)
        return limiter.usage(within_seconds=within_seconds)


def slow_down(credential: Credential, retry_after: float | None) -> None:
    """The marketplace said that calls come too fast. Without Valkey nobody calls anyway."""
    with suppress(redis.RedisError):
        limiter_of(credential).slow_down(retry_after=retry_after)


def _trials() -> SingleFlight:
    return SingleFlight(connection(), lease_seconds=settings.CALL_LEASE_SECONDS)


def _trial_of(credential: Credential) -> str:
    return f"trial:{credential.pk}"


def _acquire(limiter: CallLimiter, credential: Credential) -> Slot:
    try:
        slot = _acquire_soon(limiter)
    except SlotsForgotten:
        _open(limiter, credential)
        slot = _acquire_soon(limiter)
    _note_call(credential)
    return slot


def _acquire_soon(limiter: CallLimiter) -> Slot:
    try:
        return limiter.acquire()
    except NoFreeSlot as wait:
        if wait.seconds > SECONDS_SOON:
            raise _wait_for(wait) from None
        time.sleep(wait.seconds)
    try:
        return limiter.acquire()
    except NoFreeSlot as wait:
        raise _wait_for(wait) from None


def _wait_for(wait: NoFreeSlot) -> MustWait:
    day = wait.limit == "day"
    return MustWait(wait.seconds, SearchCall.Reason.DAY if day else SearchCall.Reason.SLOT)


def _open(limiter: CallLimiter, credential: Credential) -> None:
    limiter.open_after(_seconds_still_counted(credential), used_today=calls_today(credential))


def _note_call(credential: Credential) -> None:
    """Once a second is enough: what reads it adds that second."""
    now = timezone.now()
    if credential.last_call_at is None or now - credential.last_call_at > NOTED_EVERY:
        credential.last_call_at = now
        Credential.objects.filter(pk=credential.pk).update(last_call_at=now)


def _seconds_still_counted(credential: Credential) -> float:
    """For how long the marketplace may still count calls that a limiter without memory knows nothing of."""
    # Asked anew: other workers may have called since this credential was read.
    last_call_at = Credential.objects.values_list("last_call_at", flat=True).get(pk=credential.pk)
    if last_call_at is None:
        return 0
    counted = NOTED_EVERY + timedelta(seconds=settings.CALL_WINDOW_SECONDS + settings.CALL_LEASE_SECONDS)
    return (last_call_at + counted - timezone.now()).total_seconds()


def _release(limiter: CallLimiter, slot: Slot) -> None:
    # Without the server the slot stays taken until its lease and window are over: late, but never too early.
    with suppress(redis.RedisError):
        limiter.release(slot)
