"""Pictures of items: checked and made small when they come, shown to their team only, and gone with their rows."""

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from catalog import doorbell
from catalog.models import Item, ItemPicture
from searches import prepared
from searches.imaging import Preset, prepare
from searches.removal import DERIVED
from searches.smallpictures import CELL, CELL_ENDING

logger = logging.getLogger(__name__)

# Enough for the eye, and to tell two bags apart on paper.
KEPT = Preset("item", max_side=800, quality=85)


def keep_picture(*, item: Item, data: bytes, place: int | None = None, ring: bool = True) -> ItemPicture:
    """Keep a picture of the item; the same bytes, as they came or as they are kept, are the row that there is.

    data: a file in any format that `searches.imaging.prepare` reads, from whoever. place: 0 for the first; None puts
    a new picture after the others, and leaves a known one where it is. ring: ask a worker for the vector at once, not
    only when the scheduler looks. Raises ImageRejected; OSError of the storage.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = item.pictures.filter(Q(source_sha256=digest) | Q(sha256=digest)).first()
    if known is None:
        small = prepare(data, preset=KEPT)
        kept = hashlib.sha256(small.jpeg).hexdigest()
        known = item.pictures.filter(sha256=kept).first()
        if known is None:
            made = ItemPicture(item=item, team_id=item.team_id, place=_place(item, place))
            made.sha256, made.source_sha256 = kept, digest
            made.width, made.height = small.width, small.height
            return _saved(made, small.jpeg, ring=ring)
    if place is not None and known.place != place:
        known.place = place
        known.save(update_fields=["place"])
    return known


def small_jpeg(picture: ItemPicture) -> bytes:
    """For a line of a table, made once and kept beside others that can be made again (searches/retention.py).

    Raises ImageRejected; FileNotFoundError for a file that is gone; OSError of the storage.
    """
    name = f"{DERIVED}{picture.sha256[:2]}/{picture.sha256}{CELL_ENDING}"
    known = prepared.kept(name)
    if known is not None:
        return known
    with picture.file.storage.open(picture.file.name or "") as file:
        jpeg = prepare(file.read(), preset=CELL).jpeg
    prepared.keep(name, jpeg)
    return jpeg


def row_deleted(*, instance: ItemPicture, **_signal: object) -> None:
    """What Django calls for each row that it deletes: its file goes when that is committed."""
    name = instance.file.name
    if name:
        transaction.on_commit(lambda: _remove(name))


def named(names: list[str]) -> set[str]:
    """Which of these files some row still names: for those who look for files without one."""
    return set(ItemPicture.objects.filter(file__in=names).values_list("file", flat=True))


def _place(item: Item, place: int | None) -> int:
    if place is not None:
        return place
    last = item.pictures.aggregate(last=Max("place"))["last"]
    return 0 if last is None else int(last) + 1


def _saved(picture: ItemPicture, jpeg: bytes, *, ring: bool) -> ItemPicture:
    """The row with its file; if somebody kept the same picture a moment ago, theirs. Rings when it is committed."""
    picture.file.save("item.jpg", ContentFile(jpeg), save=False)
    name = picture.file.name or ""
    try:
        with transaction.atomic():
            picture.save()
    except IntegrityError:
        _remove(name)
        return picture.item.pictures.get(sha256=picture.sha256)
    if ring:
        transaction.on_commit(doorbell.ring)
    return picture


def _remove(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("An item's picture stays in the storage until the next look: %s", type(error).__name__)
