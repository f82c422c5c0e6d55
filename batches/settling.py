"""What a row becomes with its pictures: ready, a repeat of another row, or refused. Whoever calls holds the batch."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from batches.models import BatchPhoto, BatchRow
from searches.hints import texts_of
from searches.imaging import SAME_PICTURE, Fingerprint, distance, have_same_blocks, same_picture
from searches.intake import name_in
from searches.models import QueryImage, SearchJob

BITS = 2**64
State = BatchRow.State


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row has no picture, or what of it could not be used, in words that are translated where they are shown."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that can be searched for; of old rows nobody knows the fingerprint. `hints`: as a row keeps them."""

    image: QueryImage
    fingerprint: Fingerprint | None
    hints: str = ""


Outcome: TypeAlias = Kept | Refusal
REPEATED = Refusal(
    "same-photo", gettext_noop("It is the same picture as another photo of this product, so it is searched for once.")
)
LEFT_OUT = Refusal("too-many-pictures", gettext_noop("A product has at most 8 photos; this one is left out."))


def settle(row: BatchRow, outcome: Outcome, *, note: Refusal | None = None) -> None:
    """Save the row with its one picture, or with why it has none.

    note: what of the row could not be used although it has a picture. Several photos that it had before are gone.
    """
    row.lease_until = None
    row.photo_count = 1
    _give(row, outcome if isinstance(outcome, Kept) else None)
    _tell(row, note if isinstance(outcome, Kept) else outcome)
    if row.pk is not None:
        row.photos.all().delete()
    _compare(row)
    row.save()


def settle_photos(row: BatchRow, photos: Sequence[BatchPhoto], *, note: Refusal | None = None) -> None:
    """Save the row with several photos: it stands with those that are good, and each of the others says why not.

    photos: in their order, new ones or those that the row, or rows that are gone, had before.
    note: as in `settle`. As long as a photo is to be fetched, nothing is searched for.
    """
    if row.pk is None:
        row.save()
    _choose(photos)
    row.photos.all().delete()
    for number, photo in enumerate(photos, 1):
        photo.pk, photo.row, photo.number = None, row, number
    BatchPhoto.objects.bulk_create(photos)
    good = [photo for photo in photos if photo.is_good]
    _give(row, _kept(good[0]) if good else None)
    row.photo_count = len(good) or 1
    if any(photo.is_awaited for photo in photos):
        row.state, row.duplicate_of = State.FETCHING, None
        row.error_code = row.error_message = ""
    else:
        row.lease_until = None
        _tell(row, note if good else Refusal(photos[0].error_code, photos[0].error_message))
        _compare(row)
    row.save()
    renew(row.duplicates.all())


def renew(repeats: Iterable[BatchRow]) -> None:
    """Compare again what repeated a row that has changed, or is gone."""
    for row in repeats:
        _compare(row)
        row.save(update_fields=["state", "duplicate_of"])


def photo_of(outcome: Outcome, *, name: str = "", url: str = "") -> BatchPhoto:
    """One of several photos, not saved yet."""
    photo = BatchPhoto(source_name=name[-255:], source_url=url)
    put(photo, outcome)
    return photo


def put(photo: BatchPhoto, outcome: Outcome) -> None:
    """What came of it, not saved yet."""
    _give(photo, outcome if isinstance(outcome, Kept) else None)
    _tell(photo, outcome)


def photos_of(row: BatchRow) -> list[BatchPhoto]:
    """The row's photos; of a row with one picture that, or what is wrong with it, as a photo that is not saved."""
    several = list(row.photos.select_related("image"))
    if several:
        return several
    photo = BatchPhoto(source_name=row.source_name, source_url=row.source_url)
    _give(photo, _kept(row))
    if row.image is None:
        photo.error_code, photo.error_message = row.error_code, row.error_message
    return [photo]


def images_of(row: BatchRow) -> list[QueryImage]:
    """What the row is searched with, in its order; none when nothing is kept."""
    if row.photo_count > 1:
        return [photo.image for photo in row.photos.good().select_related("image") if photo.image]
    return [row.image] if row.image else []


def troubles_of(photos: Iterable[BatchPhoto]) -> str:
    """Which of several photos were not used, and why, in words; "" when all were."""
    return " ".join(_by_reason((photo, [_(photo.error_message)]) for photo in photos if photo.error_message))


def hints_of(row: BatchRow, photos: Iterable[BatchPhoto]) -> list[str]:
    """What would find more than the row's photo; of several `photos`, which. In words."""
    several = [(photo, texts_of(photo.hints.split())) for photo in photos if photo.is_good]
    return _by_reason(several) if several else texts_of(row.hints.split())


def _by_reason(reasons: Iterable[tuple[BatchPhoto, Iterable[str]]]) -> list[str]:
    """Each reason once, with the photos that have it."""
    photos: dict[str, list[str]] = defaultdict(list)
    for photo, texts in reasons:
        name = photo.source_name.rpartition("/")[2] or name_in(photo.source_url)
        for text in texts:
            photos[text].append(f"{photo.number} ({name[:60]})" if name else str(photo.number))
    return [
        _("Photo %(photos)s: %(why)s") % {"photos": ", ".join(which), "why": text} for text, which in photos.items()
    ]


def _give(taker: BatchRow | BatchPhoto, kept: Kept | None) -> None:
    taker.image = kept.image if kept else None
    taker.fingerprint = kept.fingerprint if kept else None
    taker.hints = kept.hints[:60] if kept else ""


def _kept(giver: BatchRow | BatchPhoto) -> Kept | None:
    return Kept(giver.image, giver.fingerprint, giver.hints) if giver.image else None


def _tell(told: BatchRow | BatchPhoto, what: Outcome | None) -> None:
    refusal = what if isinstance(what, Refusal) else Refusal("", "")
    told.error_code, told.error_message = refusal.code[:60], refusal.message[:500]


def _choose(photos: Sequence[BatchPhoto]) -> None:
    """Of good photos each picture once, and no more than a search takes."""
    chosen: list[BatchPhoto] = []
    for photo in photos:
        if photo.error_code == REPEATED.code:
            # What it repeated may be gone.
            _tell(photo, None)
        if photo.error_code:
            continue
        if any(_is_same(photo, other) for other in chosen):
            _tell(photo, REPEATED)
        elif len(chosen) == SearchJob.MOST_PHOTOS:
            _tell(photo, LEFT_OUT)
        else:
            chosen.append(photo)


def _is_same(one: BatchPhoto, other: BatchPhoto) -> bool:
    if one.image_id is not None and one.image_id == other.image_id:
        return True
    here, there = one.fingerprint, other.fingerprint
    return here is not None and there is not None and same_picture(here, there)


def _compare(row: BatchRow) -> None:
    """Whether the row can be searched for, and is no repeat."""
    row.duplicate_of = _same_row(row) if row.image else None
    row.state = State.DUPLICATE if row.duplicate_of else State.READY if row.image else State.REFUSED


def _same_row(row: BatchRow) -> BatchRow | None:
    """Another row of the batch that is searched for, with just the same pictures, be they re-encoded."""
    others = row.batch.rows.filter(state=State.READY, photo_count=row.photo_count).exclude(pk=row.pk)
    if row.photo_count > 1:
        return _same_photos(row, others.values_list("pk", flat=True))
    # Tuples: a thousand pictures are each compared with all before them. The blocks are read of the few that are near.
    hashed = row.fingerprint.hash if row.fingerprint else None
    for pk, image, other in others.order_by("number").values_list("pk", "image", "perceptual_hash"):
        if image == row.image_id:
            return BatchRow.objects.get(pk=pk)
        if hashed is not None and other is not None and distance(hashed, other % BITS) <= SAME_PICTURE:
            near = BatchRow.objects.get(pk=pk)
            if have_same_blocks(bytes(near.blocks), bytes(row.blocks)):
                return near
    return None


def _same_photos(row: BatchRow, others: Iterable[int]) -> BatchRow | None:
    """Of these rows the first in which each of the row's photos is, and none else."""
    photos: dict[int, list[BatchPhoto]] = defaultdict(list)
    for photo in BatchPhoto.objects.good().filter(row__in=others).order_by("row__number", "number"):
        photos[photo.row_id].append(photo)
    own = list(row.photos.good())
    for pk, there in photos.items():
        # Within a row no two are the same: so many equal ones are all.
        if len(there) == len(own) and all(any(_is_same(photo, other) for other in there) for photo in own):
            return BatchRow.objects.get(pk=pk)
    return None
