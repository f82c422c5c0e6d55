"""From files to rows: each picture is kept, prepared and compared with the others, and becomes a row at once."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from batches import sources
from batches.entries import LEASE, entry_of
from batches.models import Batch, BatchFile, BatchPhoto, BatchRow
from batches.reading.items import FilePicture, join_items
from batches.reading.mapping import ProductRow
from batches.reading.problems import ProblemCode
from batches.settling import Kept, Outcome, Refusal, put, settle, settle_photos
from searches.actions import keep_query_image
from searches.fetching import FetchRefused, fetch_picture
from searches.hints import codes_on
from searches.imaging import ImageRejected, fingerprint
from searches.intake import name_in

State = BatchRow.State
MOST_ROWS = 1000
# Rows of sheets for which a picture may still come, by their error codes.
WAITING = (ProblemCode.FILE_MISSING.value, ProblemCode.NO_PICTURE.value)


class BatchFull(Exception):
    """A batch takes no further row."""


OWNER_GONE = Refusal("owner-gone", _("Whoever made the batch is not here any more."))
PICTURE_GONE = Refusal("picture-gone", _("The picture is kept no longer. Upload it again."))


def keep(batch: Batch, data: bytes, *, name: str) -> Outcome:
    """Keep a picture for the batch's team, or say what is wrong with it. It is no row yet."""
    if batch.owner is None:
        return OWNER_GONE
    try:
        image = keep_query_image(team=batch.team, user=batch.owner, data=data, name=name)
        return Kept(image, fingerprint(data), codes_on(image))
    except ImageRejected as error:
        return Refusal(error.code, error.message)


def add_picture(file: BatchFile, place: int, outcome: Outcome, *, name: str) -> BatchRow:
    """A row for a file's entry, or the row of a sheet that waited for a picture of this name.

    Raises `Overtaken` and `BatchFull`.
    """
    with entry_of(file, place) as batch:
        photo = photo_waiting_for(batch, name)
        if photo is not None:
            _settle_photo(photo, outcome, name=name)
            return photo.row
        row = row_waiting_for(batch, name) or next_row(batch, source=file)
        row.source_name = name[-255:]
        settle(row, outcome)
    return row


def next_row(batch: Batch, **columns: object) -> BatchRow:
    """A row at the end of the batch, not saved yet; the caller holds the batch. Raises `BatchFull`."""
    last = batch.rows.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_ROWS:
        raise BatchFull
    return BatchRow(batch=batch, number=last + 1, **columns)


def row_waiting_for(batch: Batch, name: str) -> BatchRow | None:
    """The row of a sheet whose picture had not come yet and is called so, by the rules of `join_items`."""
    waiting = list(batch.rows.filter(state=State.REFUSED, error_code__in=WAITING).order_by("number"))
    products = [ProductRow(row.number, code=row.code, file_name=row.source_name) for row in waiting]
    items = join_items([name], products)[: len(waiting)]
    found = (row for row, item in zip(waiting, items, strict=True) if any(map(_is_file, item.pictures)))
    return next(found, None)


def photo_waiting_for(batch: Batch, name: str) -> BatchPhoto | None:
    """One of several photos that a sheet names, which had not come yet and is called so. Its search is not begun."""
    missing = BatchPhoto.objects.filter(
        row__batch=batch, row__started=False, error_code=ProblemCode.FILE_MISSING.value
    ).select_related("row")
    waiting = list(missing.order_by("row__number", "number"))
    products = [ProductRow(place, file_name=photo.source_name) for place, photo in enumerate(waiting)]
    items = join_items([name], products)[: len(waiting)]
    return next((photo for photo, item in zip(waiting, items, strict=True) if item.pictures), None)


def _settle_photo(photo: BatchPhoto, outcome: Outcome, *, name: str) -> None:
    """Give one of several photos what came of it, and its row what follows. The caller holds the batch."""
    row = photo.row
    photos = list(row.photos.select_related("image"))
    for other in photos:
        if other.number == photo.number:
            put(other, outcome)
            other.source_name = name[-255:] or other.source_name
    settle_photos(row, photos)


def give_picture(row: BatchRow, outcome: Outcome, *, name: str = "") -> None:
    """Settle a row that has no picture yet. One that got a picture meanwhile keeps it.

    A batch that was done is running again when there is something to search for.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=row.batch_id)
        held = BatchRow.objects.filter(pk=row.pk, state__in=(State.FETCHING, State.REFUSED)).first()
        if held is None:
            return
        held.source_name = name[-255:] or held.source_name
        settle(held, outcome)
        _go_on(batch, held)


def give_photo(row: BatchRow, number: int, outcome: Outcome, *, name: str = "") -> None:
    """Settle one of several photos that had to be fetched, unless the row has changed meanwhile."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=row.batch_id)
        awaited = BatchPhoto.objects.filter(row=row, number=number, image=None, error_code="")
        photo = awaited.filter(row__state=State.FETCHING).select_related("row").first()
        if photo is None:
            return
        # For the next one there is the whole time again.
        photo.row.lease_until = timezone.now() + LEASE
        _settle_photo(photo, outcome, name=name)
        _go_on(batch, photo.row)


def _go_on(batch: Batch, row: BatchRow) -> None:
    if row.state == State.READY and batch.status == Batch.Status.DONE:
        batch.status, batch.finished_at = Batch.Status.RUNNING, None
        batch.save(update_fields=["status", "finished_at"])


def fetch(row: BatchRow) -> None:
    """Fetch the picture from the row's address, or its photos from theirs, one after the other."""
    photos = list(row.photos.all())
    for photo in photos:
        if photo.is_awaited:
            outcome, name = _fetched(row.batch, photo.source_url)
            give_photo(row, photo.number, outcome, name=name)
    if not photos:
        outcome, name = _fetched(row.batch, row.source_url)
        give_picture(row, outcome, name=name)


def _fetched(batch: Batch, url: str) -> tuple[Outcome, str]:
    """What came of an address, and what the picture is called; "" where its name would say nothing new."""
    if sources.is_stored(url):
        return _stored(batch, url), ""
    name = name_in(url)
    try:
        data = fetch_picture(url)
    except FetchRefused as error:
        return Refusal(error.code, error.message), ""
    return keep(batch, data, name=name), name


def _stored(batch: Batch, address: str) -> Outcome:
    try:
        found = sources.stored(batch.team_id, address)
    except OSError:
        found = None
    return keep(batch, found.data, name=found.name) if found else PICTURE_GONE


def _is_file(picture: object) -> bool:
    return isinstance(picture, FilePicture)
