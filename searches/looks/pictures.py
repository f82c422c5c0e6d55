"""What the eye saw in offers' pictures, kept by their addresses for all searches of all teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils import timezone

from searches.looks.fetching import Fetched
from searches.models import Look, OfferPicture
from searches.visual import VERSION

Vector = npt.NDArray[np.float32]
State = OfferPicture.State
# As long as a look's own lease: who lost that lost these.
LEASE = timedelta(seconds=60)
AT_ONCE = 500
WRITTEN = (
    "state",
    "reason",
    "vector",
    "vector_version",
    "perceptual_hash",
    "blocks",
    "attempts",
    "tried_at",
    "run_token",
    "lease_until",
    "used_at",
)


@dataclass
class Sorted:
    """Addresses by what is known of them: `seen` with its vector, `given_up` with the reason, to be fetched by this
    look (`ours`), or just being fetched by another one (`theirs`)."""

    seen: dict[str, Vector] = field(default_factory=dict)
    given_up: dict[str, str] = field(default_factory=dict)
    ours: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)


def sort_out(look: Look, marketplace: str, urls: Iterable[str]) -> Sorted:
    """Sort them, and take those that somebody has to fetch: nobody else fetches them meanwhile."""
    wanted = sorted(set(urls))
    found = Sorted()
    for start in range(0, len(wanted), AT_ONCE):
        _sort_out(found, look, marketplace, wanted[start : start + AT_ONCE])
    return found


def _sort_out(found: Sorted, look: Look, marketplace: str, urls: list[str]) -> None:
    now = timezone.now()
    known = {picture.url: picture for picture in OfferPicture.objects.at(urls)}
    new = [_new(url, marketplace) for url in urls if url not in known]
    OfferPicture.objects.bulk_create(new, ignore_conflicts=True)
    wanted = [picture.url for picture in new]
    for url, picture in known.items():
        if picture.state == State.SEEN and picture.vector_version == VERSION:
            found.seen[url] = vector_of(bytes(picture.vector))
        elif picture.is_given_up(now):
            found.given_up[url] = picture.reason
        else:
            wanted.append(url)
    OfferPicture.objects.at(known.keys()).update(used_at=now)
    free = OfferPicture.objects.at(wanted).free(now)
    # What another look has kept since we read is no longer to be fetched.
    free = free.exclude(state=State.SEEN, vector_version=VERSION)
    free.update(run_token=look.run_token, lease_until=now + LEASE)
    mine = Q(run_token=look.run_token, lease_until__gt=now)
    ours = set(OfferPicture.objects.at(wanted).filter(mine).values_list("url", flat=True)) if wanted else set()
    found.ours += [url for url in wanted if url in ours]
    found.theirs += [url for url in wanted if url not in ours]


def _new(url: str, marketplace: str) -> OfferPicture:
    picture = OfferPicture(url=url, marketplace=marketplace)
    picture.key = OfferPicture.key_of(url)
    return picture


def keep(marketplace: str, fetched: Iterable[Fetched], vectors: Mapping[str, Vector]) -> None:
    """Keep what came of a few addresses. vectors: of those that could be seen, by address."""
    some = list(fetched)
    now = timezone.now()
    attempts = dict(OfferPicture.objects.at(one.url for one in some).values_list("url", "attempts"))
    rows = [_row(one, marketplace, vectors.get(one.url), attempts.get(one.url, 0), now) for one in some]
    # Sorted: two looks that keep the same pictures wait for each other, and for nothing else.
    OfferPicture.objects.bulk_create(
        sorted(rows, key=lambda row: row.key),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=list(WRITTEN),
    )


def _row(one: Fetched, marketplace: str, vector: Vector | None, attempts: int, now: datetime) -> OfferPicture:
    row = _new(one.url, marketplace)
    row.tried_at = row.used_at = now
    row.attempts = attempts + one.tried
    if vector is None:
        row.state, row.reason = State.UNAVAILABLE, one.reason
    else:
        row.state, row.attempts = State.SEEN, 0
        row.vector, row.vector_version = bytes_of(vector), VERSION
        row.fingerprint = one.fingerprint
    return row


def let_go(look: Look) -> None:
    """Of pictures that this look took and did not fetch."""
    OfferPicture.objects.filter(run_token=look.run_token).update(run_token=None, lease_until=None)


def vector_of(kept: bytes) -> Vector:
    return np.frombuffer(kept, dtype=np.float16).astype(np.float32)


def bytes_of(vector: Vector) -> bytes:
    return vector.astype(np.float16).tobytes()
