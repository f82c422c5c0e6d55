"""The result cache: what a marketplace answered, for everybody who asks the same again, and one asker at a time."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache

import redis
from django.conf import settings

from searches.marketplaces import Marketplace, SearchPage, page_from_json, page_to_json
from searches.models import Credential, SearchCall
from searches.question import sends_address
from searches.resultstore import ResultStore, SingleFlight
from searches.valkey import connection
from searches.waiting import MustWait

SECONDS_UNTIL_THE_ANSWER_IS_LOOKED_FOR = 0.3


def question_of(call: SearchCall, protocol: Marketplace) -> str:
    """Everything that changes the answer, and nothing of who asks: neither the credential nor the user."""
    job = call.job
    question = {
        "marketplace": call.marketplace,
        "image": job.image_url if sends_address(call, protocol) else [call.image.sha256, job.preparation, call.variant],
        "crop": dataclasses.astuple(call.crop) if call.crop else None,
        "page": call.page,
        "page_size": call.page_size,
        "price_from": _plain(job.price_from),
        "price_to": _plain(job.price_to),
        "wholesale_only": job.wholesale_only,
        "sort": job.order,
    }
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()


def find(call: SearchCall, question: str, credentials: Iterable[Credential]) -> tuple[SearchPage, Credential] | None:
    """The page that one of the credentials' gateways gave, None when there is none that may be used.

    A fresh search accepts only what was fetched since it was asked: that is its own earlier attempt, paid for by a
    worker that died before it could write the row. Raises `redis.RedisError`.
    """
    for credential in {credential.base_url: credential for credential in reversed(list(credentials))}.values():
        kept = _store().get(_key(question, credential.base_url))
        if kept is None:
            continue
        with suppress(ValueError):  # an older version's
            page = page_from_json(kept)
            if not call.job.fresh or page.fetched_at >= call.job.created_at:
                return page, credential
    return None


def keep(question: str, credential: Credential, page: SearchPage) -> None:
    """For the next who asks. Without Valkey the row still gets what was paid for."""
    with suppress(redis.RedisError):
        key = _key(question, credential.base_url)
        _store().put(key, page_to_json(page), seconds=credential.protocol.cache_seconds)


@contextmanager
def asking(call: SearchCall, question: str) -> Iterator[None]:
    """The only one to ask this question now. Raises `MustWait` when somebody else does: their answer is ours, too."""
    flight = SingleFlight(connection(), lease_seconds=settings.CALL_LEASE_SECONDS)
    holder = str(call.run_token)
    if not flight.take(question, holder):
        raise MustWait(SECONDS_UNTIL_THE_ANSWER_IS_LOOKED_FOR, SearchCall.Reason.SAME)
    try:
        yield
    finally:
        with suppress(redis.RedisError):
            flight.leave(question, holder)


@cache
def _store() -> ResultStore:
    return ResultStore(connection(), max_bytes=settings.RESULT_CACHE_BYTES)


def _key(question: str, base_url: str) -> str:
    # The gateway, too: the sandbox's offers are none of 1688's.
    return hashlib.sha256(f"{question} {base_url}".encode()).hexdigest()


def _plain(price: object) -> str:
    """ "10", "10.0" and "10.00" are one price."""
    return "" if price is None else f"{price:.2f}"
