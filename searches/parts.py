"""Parts of a photo that marketplaces took for its subject, worth a search of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from searches.boxes import box_of, text_of
from searches.imaging import Box
from searches.models import QueryImage, SearchCall, SearchJob

MOST_PARTS = 4
# A part of at least this share of the photo would find what the photo found; one below the other shows too little.
NEARLY_ALL, TOO_LITTLE = 0.85, 0.01
# Two boxes that share this much of what they cover together are one.
SAME = 0.7


@dataclass(frozen=True, slots=True)
class Part:
    """One suggestion; `box` is left,top,right,bottom as fractions of the photo `image`, as addresses write it."""

    number: int
    image: int
    box: str


def suggested_parts(job: SearchJob, calls: Iterable[SearchCall], photos: Sequence[QueryImage]) -> list[Part]:
    """The marketplaces' parts in their order, without what is nearly all of the photo, searched already, or double.

    Of several photos each has its first part only: one searches for the item that they share.
    """
    calls = [call for call in calls if call.page == 1]
    kept = [photo for photo in photos if photo.file]
    most = MOST_PARTS if len(photos) == 1 else 1
    found = [(photo.pk, box) for photo in kept for box in _parts_of(photo.pk, calls, job.crop_of(photo.pk))[:most]]
    return [Part(number, image, text_of(box)) for number, (image, box) in enumerate(found, 1)]


def all_parts(job: SearchJob) -> dict[int, list[Box]]:
    """By the photo's id, every part that is worth drawing a box around, the one that was searched among them."""
    calls = list(job.calls.filter(page=1).exclude(regions=[]))
    return {image: _parts_of(image, calls, None)[:MOST_PARTS] for image in {call.image_id for call in calls}}


def _parts_of(image: int, calls: Iterable[SearchCall], searched: Box | None) -> list[Box]:
    known = [searched] if searched else []
    found: list[Box] = []
    for edges in (edges for call in calls if call.image_id == image for edges in call.regions):
        box = box_of(edges)
        if box and TOO_LITTLE <= _area(box) < NEARLY_ALL and not any(_overlap(box, other) > SAME for other in known):
            found.append(box)
            known.append(box)
    return found


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _overlap(one: Box, other: Box) -> float:
    """What both cover, as a share of what either covers."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    both = max(across, 0.0) * max(down, 0.0)
    return both / (_area(one) + _area(other) - both)
