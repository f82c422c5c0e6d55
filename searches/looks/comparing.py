"""One look: the pictures of a call's offers beside its photo, in steps that are kept one by one."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from searches import prepared
from searches.imaging import BASIC
from searches.looks import pictures, turns
from searches.looks.fetching import Fetched, Fetching
from searches.looks.pictures import Vector
from searches.looks.reasons import NO_PICTURE, NOT_LISTED
from searches.models import Look, Sighting
from searches.offerpictures import may_fetch
from searches.visual import VERSION, embed, similarities

# So many pictures are compared and written at once: what a page that looks on gets, and what a killed worker loses.
A_STEP = 16
# A step begins with fewer after so long.
SECONDS_FOR_A_STEP = 0.25
SECONDS_UNTIL_OTHERS_ARE_ASKED_AGAIN = 0.2

Waiting = dict[str, list[Sighting]]


def look_at(look: Look, aside: Callable[[], None]) -> None:
    """Compare what is not compared yet. aside: is called between steps, and may take its time.

    Raises `ModelUnavailable`, `ImageRejected` or OSError (of the photo), `turns.Ended`, and what `aside` raises.
    """
    waiting = _waiting(look)
    if not waiting:
        return
    query = _query(look)
    while waiting:
        found = pictures.sort_out(look, look.call.marketplace, waiting)
        _compare(look, query, found.seen, found.given_up, waiting)
        if found.ours:
            _fetch(look, query, found.ours, waiting, aside)
        elif waiting:
            # Another look is fetching them; should its worker be lost, its lease on them ends as a look's does.
            time.sleep(SECONDS_UNTIL_OTHERS_ARE_ASKED_AGAIN)
            aside()
            turns.renew(look)


def _waiting(look: Look) -> Waiting:
    """The sightings to compare, by the addresses of their offers' pictures; those that show none are told at once."""
    left = Sighting.objects.filter(call=look.call_id, visual=None, match__unseen="").select_related("match")
    left = left.only("call", "image", "match__image_url", "match__marketplace")
    waiting: Waiting = defaultdict(list)
    unseen = {}
    for sighting in left:
        match = sighting.match
        if not match.image_url:
            unseen[match.pk] = NO_PICTURE
        elif not may_fetch(match.marketplace, match.image_url):
            unseen[match.pk] = NOT_LISTED
        else:
            waiting[match.image_url].append(sighting)
    if unseen:
        turns.write(look, [], unseen)
    return dict(waiting)


def _query(look: Look) -> Vector:
    """The vector of what is searched with: the photo, or the part of it, in its own colours."""
    call = look.call
    others = Look.objects.filter(call__job=call.job_id, call__image=call.image_id, query_version=VERSION)
    known = others.exclude(query_vector=b"").values_list("query_vector", flat=True).first()
    if known is not None:
        return pictures.vector_of(bytes(known))
    # Not the preparation that was chosen for the marketplace: the offers' pictures are not enhanced, either.
    kept = pictures.bytes_of(embed([prepared.jpeg_of(call.image, BASIC, call.crop)])[0])
    turns.write(look, [], {}, query=kept)
    return pictures.vector_of(kept)


def _fetch(look: Look, query: Vector, urls: Sequence[str], waiting: Waiting, aside: Callable[[], None]) -> None:
    with Fetching(urls) as fetching:
        while fetching.left:
            aside()
            some = fetching.some(A_STEP, SECONDS_FOR_A_STEP)
            if not some:
                turns.renew(look)
                continue
            vectors, without = _seen(some)
            pictures.keep(look.call.marketplace, some, vectors)
            _compare(look, query, vectors, without, waiting)


def _seen(fetched: Sequence[Fetched]) -> tuple[dict[str, Vector], dict[str, str]]:
    """The vectors of what was fetched, and the reasons where there is none."""
    with_picture = [one for one in fetched if one.jpeg]
    vectors = embed([one.jpeg for one in with_picture]) if with_picture else ()
    # As they will be read again: the next search gives the same offer the same similarity.
    kept = (pictures.vector_of(pictures.bytes_of(vector)) for vector in vectors)
    seen = dict(zip((one.url for one in with_picture), kept, strict=True))
    return seen, {one.url: one.reason for one in fetched if not one.jpeg}


def _compare(
    look: Look, query: Vector, vectors: Mapping[str, Vector], without: Mapping[str, str], waiting: Waiting
) -> None:
    """Write what the vectors say of the sightings that wait for them, which wait no longer."""
    seen: list[Sighting] = []
    if vectors:
        for url, value in zip(vectors, similarities(query, np.stack(list(vectors.values()))), strict=True):
            for sighting in waiting.pop(url, []):
                sighting.visual = round(float(value), 4)
                seen.append(sighting)
    unseen = {sighting.match_id: reason for url, reason in without.items() for sighting in waiting.pop(url, [])}
    if seen or unseen:
        turns.write(look, seen, unseen)
