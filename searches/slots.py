"""Call slots of credentials: who may call now, and what a limiter that lost its memory has to be told."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone

from searches.limiter import CallLimiter, Slot, SlotsForgotten
from searches.marketplaces import MarketplaceError
from searches.models import Credential
from searches.valkey import connection

# Errors without a response: the marketplace may count the call at any time until its deadline.
UNANSWERED = frozenset({"timeout", "connection"})


@contextmanager
def call_slot(credential: Credential, *, waiting_before: int = 0) -> Iterator[None]:
    """Hold one of the credential's slots for the one call that the block makes.

    Raises `NoFreeSlot`, with the wait for somebody with so many others in front, and `redis.RedisError` when Valkey is
    away. A call that was answered, well or badly, frees its slot one window later; any other keeps it for its lease.
    """
    limiter = CallLimiter(
        connection(),
        f"credential-{credential.pk}",
        limit=credential.calls_per_minute,
        window_seconds=settings.CALL_WINDOW_SECONDS,
        lease_seconds=settings.CALL_LEASE_SECONDS,
    )
    slot = _acquire(limiter, credential, waiting_before)
    try:
        yield
    except MarketplaceError as error:
        if error.code not in UNANSWERED:
            _release(limiter, slot)
        raise
    _release(limiter, slot)


def _acquire(limiter: CallLimiter, credential: Credential, waiting_before: int) -> Slot:
    try:
        slot = limiter.acquire(waiting_before=waiting_before)
    except SlotsForgotten:
        limiter.open_after(_seconds_still_counted(credential))
        slot = limiter.acquire(waiting_before=waiting_before)
    Credential.objects.filter(pk=credential.pk).update(last_call_at=timezone.now())
    return slot


def _seconds_still_counted(credential: Credential) -> float:
    """For how long the marketplace may still count calls that a limiter without memory knows nothing of."""
    # Asked anew: other workers may have called since this credential was read.
    last_call_at = Credential.objects.values_list("last_call_at", flat=True).get(pk=credential.pk)
    if last_call_at is None:
        return 0
    counted = timedelta(seconds=settings.CALL_WINDOW_SECONDS + settings.CALL_LEASE_SECONDS)
    return (last_call_at + counted - timezone.now()).total_seconds()


def _release(limiter: CallLimiter, slot: Slot) -> None:
    # Without the server the slot stays taken until its lease and window are over: late, but never too early.
    with suppress(redis.RedisError):
        limiter.release(slot)
