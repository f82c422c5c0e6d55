"""What is kept for a set time and then removed, in the background, in small steps.

Each step is bounded, may be repeated, and may be killed anywhere: it begins with what is there. The scheduler calls
`step` every so often. Rows go before their files (removal.py), and what a supplier list shows is never removed.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from searches import removal
from searches.models import OfferPicture, QueryImage, SearchJob, SupplierMatch
from searches.storages import walk

logger = logging.getLogger(__name__)

OFFERS_A_STEP = 500
PHOTOS_A_STEP = 50
FILES_A_STEP = 500
PICTURES_A_STEP = 500
SESSIONS_A_STEP = 500
# Where the look through the prepared pictures goes on. Losing it costs a look from the beginning.
CURSOR = "retention:derived"


# Given the moment, each removes a little of what is due then, and answers whether there is more.
Part = Callable[[datetime], bool]


def step(*further: Part) -> bool:
    """A little of everything that is due, of searches and of `further`; answers whether there is more."""
    parts: tuple[Part, ...] = (
        expire_results,
        expire_originals,
        remove_noted,
        expire_derived,
        expire_seen_pictures,
        expire_sessions,
    )
    now = timezone.now()
    left = [_left(part, now) for part in (*parts, *further)]
    return any(left)


def _left(part: Part, now: datetime) -> bool:
    """Whether a part has more to do; no when its storage or Valkey fails, which the next step may find healed."""
    try:
        return part(now)
    except (OSError, redis.RedisError) as error:
        logger.warning("What is kept no longer cannot be removed yet: %s: %s", type(error).__name__, error)
        return False


def remove_noted(now: datetime) -> bool:
    """Files whose rows are gone."""
    return removal.remove_noted()


def expire_results(now: datetime) -> bool:
    """The oldest search that is over, its offers first. Searches that go on, or were taken up again, stay."""
    limit = limit_of(now, settings.RETENTION_RESULTS_DAYS)
    if limit is None:
        return False
    with transaction.atomic():
        expired = SearchJob.objects.filter(finished_at__lt=limit).exclude(status__in=SearchJob.UNFINISHED)
        job = expired.select_for_update().order_by("pk").first()
        if job is None:
            return False
        offers = SupplierMatch.objects.filter(job=job).order_by("pk").values_list("pk", flat=True)[:OFFERS_A_STEP]
        SupplierMatch.objects.filter(pk__in=list(offers)).delete()
        if not job.matches.exists():
            job.delete()
    return True


def expire_originals(now: datetime) -> bool:
    """Photos that were neither uploaded nor searched with for so long, and that nothing but searches shows.

    Of a photo that an older search still shows, the file goes and the row stays.
    """
    limit = limit_of(now, settings.RETENTION_ORIGINALS_DAYS)
    if limit is None:
        return False
    expired = list(_expired_originals(limit).order_by("pk").values_list("pk", flat=True)[:PHOTOS_A_STEP])
    for pk in expired:
        with transaction.atomic():
            # Held, and looked at again: somebody may search with it just now.
            held = QueryImage.objects.select_for_update().filter(pk=pk).first()
            image = _expired_originals(limit).filter(pk=pk).first() if held else None
            if image is None:
                continue
            if removal.unused(QueryImage.objects.filter(pk=pk)).exists():
                image.delete()
            else:
                removal.note(image)
                QueryImage.objects.filter(pk=pk).update(file="")
    return len(expired) == PHOTOS_A_STEP


def _expired_originals(limit: datetime) -> "QuerySet[QueryImage]":
    searches = SearchJob.objects.filter(images=OuterRef("pk"))
    lately = searches.filter(Q(created_at__gte=limit) | Q(status__in=SearchJob.UNFINISHED))
    # Without a file there is only something to do when nothing shows the row any more.
    nothing_left = Q(file="") & Exists(searches)
    return (
        QueryImage.objects.filter(~Exists(lately), created_at__lt=limit)
        .exclude(removal.shown_by(of_searches=False))
        .exclude(nothing_left)
    )


def expire_derived(now: datetime) -> bool:
    """Prepared pictures, of which each is made again when it is asked for."""
    limit = limit_of(now, settings.RETENTION_DERIVED_DAYS)
    if limit is None:
        return False
    removed = seen = 0
    last = ""
    for file in walk(removal.DERIVED, after=cache.get(CURSOR, "")):
        last, seen = file.name, seen + 1
        if file.modified < limit:
            default_storage.delete(file.name)
            removed += 1
        if seen == FILES_A_STEP:
            break
    else:
        last = ""
    cache.set(CURSOR, last, timeout=None)
    return bool(removed and last)


def expire_seen_pictures(now: datetime) -> bool:
    """What our eye saw in offers' pictures that no search met for so long; it can look again, as with the prepared."""
    limit = limit_of(now, settings.RETENTION_DERIVED_DAYS)
    if limit is None:
        return False
    expired = OfferPicture.objects.filter(used_at__lt=limit).order_by("used_at").values_list("pk", flat=True)
    some = list(expired[:PICTURES_A_STEP])
    # Looked at again: a search may have met it just now.
    OfferPicture.objects.filter(pk__in=some, used_at__lt=limit).delete()
    return len(some) == PICTURES_A_STEP


def expire_sessions(now: datetime) -> bool:
    """Sessions that let nobody in any more."""
    expired = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:SESSIONS_A_STEP])
    if expired:
        Session.objects.filter(pk__in=expired).delete()
    return len(expired) == SESSIONS_A_STEP


def limit_of(now: datetime, days: int) -> datetime | None:
    """What is older goes; None: nothing does."""
    return now - timedelta(days=days) if days else None
