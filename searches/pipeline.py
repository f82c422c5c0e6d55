"""One call, from its row to the marketplace's answer: result cache, picture, slot, client."""

from contextlib import closing, suppress
from dataclasses import dataclass

import redis
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from searches import prepared, results, slots
from searches.marketplaces import (
    ErrorKind,
    InvalidRequest,
    MarketplaceError,
    SearchPage,
    SearchRequest,
    Sort,
    client_for,
)
from searches.models import Credential, SearchCall
from searches.models.credential import SecretUnreadable


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
    try:
        return _answer(call, credential, _request_of(call, credential))
    except InvalidRequest as error:
        raise MarketplaceError(
            _("The search holds a value that the marketplace does not take."),
            kind=ErrorKind.PROTOCOL,
            code=f"invalid-{error.field}",
            remedy=_("Start a new search without it."),
        ) from error


def _answer(call: SearchCall, credential: Credential, request: SearchRequest) -> Answer:
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
    return SearchRequest(
        image=None if by_address else _picture(call, protocol.max_image_bytes),
        image_url=job.image_url if by_address else None,
        page=call.page,
        page_size=call.page_size,
        price_from=job.price_from,
        price_to=job.price_to,
        wholesale_only=job.wholesale_only,
        sort=Sort(job.order),
    )


def _picture(call: SearchCall, max_bytes: int) -> bytes:
    preset = prepared.preset_for(call.job.preparation, call.variant, max_bytes)
    try:
        return prepared.jpeg_of(call.image, preset)
    except OSError as error:
        raise MarketplaceError(
            _("The photo could not be read from the server's storage, or the prepared one not be written there."),
            kind=ErrorKind.CONFIGURATION,
            code="storage",
            remedy=_("Ask an administrator to look at the media folder: is it there, writable, and not full?"),
            retryable=True,
        ) from error


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
    with (
        slots.call_slot(credential, waiting_before=_waiting_before(call)),
        closing(client_for(call.marketplace, account)) as client,
    ):
        return client.search(request)


def _waiting_before(call: SearchCall) -> int:
    """How many calls of the same credential stand in line already."""
    return SearchCall.objects.filter(
        credential=call.credential_id, status=SearchCall.Status.WAITING, not_before__gt=timezone.now()
    ).count()
