"""One call, from its row to the marketplace's answer: result cache, picture, slot, client."""

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from searches import prepared, results
from searches.limiter import CallLimiter, Slot, SlotsForgotten
from searches.marketplaces import (
    ErrorKind,
    MarketplaceError,
    SearchPage,
    SearchRequest,
    Sort,
    client_for,
)
from searches.models import Credential, SearchCall
from searches.models.credential import SecretUnreadable
from searches.valkey import connection

# Errors without a response: the marketplace may count the call at any time until its deadline.
UNANSWERED = frozenset({"timeout", "connection"})


@dataclass(frozen=True)
class Answer:
    """What a call brought: a page, and whether somebody had asked the same before."""

    page: SearchPage
    from_cache: bool


def answer(call: SearchCall) -> Answer:
    """Answer `call`, at most once paid.

    Raises `MarketplaceError`, `ImageRejected`, `NoFreeSlot`, or `redis.RedisError` when Valkey is away
    (then nothing was paid). A fresh search accepts only what was fetched since it was asked: that is its own
    earlier attempt, paid for by a worker that died before it could write the row.
    """
    credential = _credential_of(call)
    request = _request_of(call, credential)
    key = results.key_of(call, request, credential.base_url)
    kept = results.find(key, not_older_than=call.job.created_at if call.job.fresh else None)
    if kept:
        return Answer(kept, from_cache=True)
    page = _ask(call, credential, request)
    # Without the server the row still gets what was paid for; only the next asker pays again.
    with suppress(redis.RedisError):
        results.keep(key, page, seconds=credential.protocol.cache_seconds)
    return Answer(page, from_cache=False)


def _credential_of(call: SearchCall) -> Credential:
    if call.credential is None or not call.credential.enabled:
        raise MarketplaceError(
            _("The credential of this search was switched off or removed."),
            kind=ErrorKind.CONFIGURATION,
            code="credential-off",
            remedy=_("Choose another marketplace, or ask an administrator to switch it on again."),
        )
    return call.credential


def _request_of(call: SearchCall, credential: Credential) -> SearchRequest:
    """The question as the marketplace takes it: by address where it can, else by the prepared picture."""
    job, protocol = call.job, credential.protocol
    by_address = bool(job.image_url) and protocol.takes_image_url and not call.variant
    preset = prepared.preset_for(job.preparation, call.variant, protocol.max_image_bytes)
    return SearchRequest(
        image=None if by_address else prepared.jpeg_of(call.image, preset),
        image_url=job.image_url if by_address else None,
        page=call.page,
        page_size=call.page_size,
        price_from=job.price_from,
        price_to=job.price_to,
        wholesale_only=job.wholesale_only,
        sort=Sort(job.order),
    )


def _ask(call: SearchCall, credential: Credential, request: SearchRequest) -> SearchPage:
    try:
        account = credential.account()
    except SecretUnreadable as error:
        raise MarketplaceError(
            _("The credential's secret cannot be read with the server's keys."),
            kind=ErrorKind.CONFIGURATION,
            code="secret-unreadable",
            remedy=_("An administrator enters the secret again, or restores the old key in CREDENTIAL_KEYS."),
        ) from error
    limiter = limiter_of(credential)
    slot = acquire(limiter, credential, waiting_before=_waiting_before(call))
    with closing(client_for(call.marketplace, account)) as client:
        try:
            page = client.search(request)
        except MarketplaceError as error:
            if error.code not in UNANSWERED:
                _release(limiter, slot)
            raise
    _release(limiter, slot)
    return page


def limiter_of(credential: Credential) -> CallLimiter:
    return CallLimiter(
        connection(),
        f"credential-{credential.pk}",
        limit=credential.calls_per_minute,
        window_seconds=settings.CALL_WINDOW_SECONDS,
        lease_seconds=settings.CALL_LEASE_SECONDS,
    )


def acquire(limiter: CallLimiter, credential: Credential, *, waiting_before: int = 0) -> Slot:
    """A slot for `credential`. When the server forgot the slots, calls of the last window may still count."""
    try:
        slot = limiter.acquire(waiting_before=waiting_before)
    except SlotsForgotten:
        limiter.open_after(_seconds_still_counted(credential))
        slot = limiter.acquire(waiting_before=waiting_before)
    Credential.objects.filter(pk=credential.pk).update(last_call_at=timezone.now())
    return slot


def _seconds_still_counted(credential: Credential) -> float:
    if credential.last_call_at is None:
        return 0
    counted_until = credential.last_call_at + timedelta(
        seconds=settings.CALL_WINDOW_SECONDS + settings.CALL_LEASE_SECONDS
    )
    return (counted_until - timezone.now()).total_seconds()


def _waiting_before(call: SearchCall) -> int:
    """How many calls of the same credential stand in line already."""
    return SearchCall.objects.filter(
        credential=call.credential_id, status=SearchCall.Status.WAITING, not_before__gt=timezone.now()
    ).count()


def _release(limiter: CallLimiter, slot: Slot) -> None:
    # Without the server the slot stays taken until its lease and window are over: late, but never too early.
    with suppress(redis.RedisError):
        limiter.release(slot)
