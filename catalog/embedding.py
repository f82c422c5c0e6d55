"""Vectors of items' pictures, made by workers in the background.

The row is the truth: a picture without a vector of today's eye waits. A worker leases a few at a time; whoever is
killed is followed by the next. A vector depends on its picture alone, so that doing it twice changes nothing.
"""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.valkey import connection
from catalog import doorbell
from catalog.models import ItemPicture, ItemPictureQuerySet
from catalog.vectors import keep
from searches.looks.doorbell import searches_wait
from searches.visual import VERSION, ModelUnavailable, embed

logger = logging.getLogger(__name__)

CHUNK = 32
LEASE = timedelta(seconds=120)
# Loading the eye takes a while, so that a turn is worth it; it steps aside as soon as a search waits.
SECONDS_A_TURN = 30.0
UNREADABLE, MISSING = "unreadable", "missing"
# While the eye cannot see, it is asked again so often; a page says so meanwhile.
BLIND_KEY, SECONDS_BLIND = "catalog-eye-unavailable", 60


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one team's pictures: how many there are, can be found by picture, never will be; `blind`: no eye to see."""

    all: int
    ready: int
    troubled: int
    blind: bool = False

    @property
    def waiting(self) -> int:
        return max(0, self.all - self.ready - self.troubled)

    @property
    def percent(self) -> int:
        return 100 * (self.ready + self.troubled) // self.all if self.all else 100


def waiting() -> list[ItemPictureQuerySet]:
    """The pictures that nobody is at, in two parts: each by itself is read off an index."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    rows = ItemPicture.objects.filter(free, trouble="").order_by("vector_version", "pk")
    return [rows.filter(vector_version__lt=VERSION), rows.filter(vector_version__gt=VERSION)]


def embed_some() -> int:
    """What a worker does: lease a few pictures and write their vectors. Answers how many it took on.

    Raises ModelUnavailable; the pictures then wait as before.
    """
    pictures = _leased()
    if not pictures:
        return 0
    try:
        _embed(pictures)
    except ModelUnavailable:
        _let_go(pictures)
        raise
    return len(pictures)


def work() -> None:
    """A turn of a worker: some seconds of it, and the bell for whoever goes on."""
    until = time.monotonic() + SECONDS_A_TURN
    while True:
        try:
            if not embed_some():
                return
        except ModelUnavailable as reason:
            logger.error("Items' pictures wait for vectors: %s", reason)
            _say_blind()
            return
        _say_seeing()
        if time.monotonic() > until or searches_wait():
            break
    # This turn's own bell counts as rung until it ends.
    doorbell.ring(workers=doorbell.WORKERS)


def ring_due() -> bool:
    """Ring for pictures that nobody is at. Answers whether the bell was heard."""
    found = sum(rows[: CHUNK * doorbell.WORKERS].count() for rows in waiting())
    if not found or is_blind():
        return True
    return doorbell.ring(workers=-(-found // CHUNK))


def progress_of(team_id: int) -> Progress:
    """Three counts, read off an index."""
    pictures = ItemPicture.objects.filter(team=team_id)
    return Progress(
        all=pictures.count(),
        ready=pictures.filter(vector_version=VERSION, trouble="").count(),
        troubled=pictures.exclude(trouble="").count(),
        blind=is_blind(),
    )


def is_blind() -> bool:
    """Whether a worker said lately that its eye cannot see."""
    with suppress(redis.RedisError):
        return bool(connection().exists(BLIND_KEY))
    return False


def _say_blind() -> None:
    with suppress(redis.RedisError):
        connection().set(BLIND_KEY, 1, ex=SECONDS_BLIND)


def _say_seeing() -> None:
    with suppress(redis.RedisError):
        connection().delete(BLIND_KEY)


def _leased() -> list[ItemPicture]:
    with transaction.atomic():
        # SQLite's transactions follow each other in any case, and leave the lock aside.
        rows = [list(some.select_for_update(skip_locked=True)[:CHUNK]) for some in waiting()]
        pictures = [picture for some in rows for picture in some][:CHUNK]
        ids = [picture.pk for picture in pictures]
        ItemPicture.objects.filter(pk__in=ids).update(lease_until=timezone.now() + LEASE)
    return pictures


def _let_go(pictures: Sequence[ItemPicture]) -> None:
    ItemPicture.objects.filter(pk__in=[picture.pk for picture in pictures]).update(lease_until=None)


def _embed(pictures: Sequence[ItemPicture]) -> None:
    """Raises ModelUnavailable."""
    files = {picture.pk: _read(picture) for picture in pictures}
    readable = [picture for picture in pictures if files[picture.pk]]
    _failed([picture for picture in pictures if not files[picture.pk]], MISSING)
    if not readable:
        return
    try:
        vectors = embed([files[picture.pk] for picture in readable])
        keep({picture.pk: vector for picture, vector in zip(readable, vectors, strict=True)})
        return
    except ValueError:
        # One of them cannot be read: each by itself then says which.
        pass
    for picture in readable:
        try:
            vector = embed([files[picture.pk]])[0]
        except ValueError:
            _failed([picture], UNREADABLE)
        else:
            keep({picture.pk: vector})


def _read(picture: ItemPicture) -> bytes:
    """b"" for a file that is gone."""
    try:
        with picture.file.open("rb") as file:
            return bytes(file.read())
    except OSError as error:
        logger.warning("The picture %d of an item cannot be read: %s", picture.pk, type(error).__name__)
        return b""


def _failed(pictures: Sequence[ItemPicture], trouble: str) -> None:
    ids = [picture.pk for picture in pictures]
    ItemPicture.objects.filter(pk__in=ids).update(vector=None, vector_version="", trouble=trouble, lease_until=None)
