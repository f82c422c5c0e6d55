"""From files to rows: each picture is kept, prepared and compared with the others, and becomes a row at once."""

from dataclasses import dataclass
from typing import TypeAlias

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from batches.entries import entry_of
from batches.models import Batch, BatchFile, BatchRow
from batches.reading.items import FilePicture, join_items
from batches.reading.mapping import ProductRow
from batches.reading.problems import ProblemCode
from searches.actions import keep_query_image
from searches.fetching import FetchRefused, fetch_picture
from searches.imaging import SAME_PICTURE, ImageRejected, distance, perceptual_hash
from searches.intake import name_in
from searches.models import QueryImage

State = BatchRow.State
MOST_ROWS = 1000
# Rows of sheets for which a picture may still come, by their error codes.
WAITING = (ProblemCode.FILE_MISSING.value, ProblemCode.NO_PICTURE.value)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row has no picture, or what of it could not be used, in words that are translated where they are shown."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that can be searched for; `hashed` is its perceptual hash as rows store it."""

    image: QueryImage
    hashed: int | None


Outcome: TypeAlias = Kept | Refusal


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
        return Kept(image, _signed(perceptual_hash(data)))
    except ImageRejected as error:
        return Refusal(error.code, error.message)


def add_picture(file: BatchFile, place: int, outcome: Outcome, *, name: str) -> BatchRow:
    """A row for a file's entry, or the row of a sheet that waited for a picture of this name.

    Raises `Overtaken` and `BatchFull`.
    """
    with entry_of(file, place) as batch:
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


def settle(row: BatchRow, outcome: Outcome, *, note: Refusal | None = None) -> None:
    """Save the row with its picture, or with why it has none; the caller holds the batch.

    note: what of the row could not be used although it has a picture.
    """
    row.lease_until = row.image = row.perceptual_hash = row.duplicate_of = None
    if isinstance(outcome, Kept):
        row.image, row.perceptual_hash = outcome.image, outcome.hashed
        row.duplicate_of = _same_picture(row)
        row.state = State.DUPLICATE if row.duplicate_of else State.READY
    else:
        row.state = State.REFUSED
        note = outcome
    row.error_code, row.error_message = (note.code[:60], note.message[:500]) if note else ("", "")
    row.save()


def row_waiting_for(batch: Batch, name: str) -> BatchRow | None:
    """The row of a sheet whose picture had not come yet and is called so, by the rules of `join_items`."""
    waiting = list(batch.rows.filter(state=State.REFUSED, error_code__in=WAITING).order_by("number"))
    products = [ProductRow(row.number, code=row.code, file_name=row.source_name) for row in waiting]
    items = join_items([name], products)[: len(waiting)]
    found = (row for row, item in zip(waiting, items, strict=True) if any(map(_is_file, item.pictures)))
    return next(found, None)


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
        if held.state == State.READY and batch.status == Batch.Status.DONE:
            batch.status, batch.finished_at = Batch.Status.RUNNING, None
            batch.save(update_fields=["status", "finished_at"])


def fetch(row: BatchRow) -> None:
    """Fetch the picture from the row's address."""
    name = name_in(row.source_url)
    try:
        data = fetch_picture(row.source_url)
    except FetchRefused as error:
        give_picture(row, Refusal(error.code, error.message))
    else:
        give_picture(row, keep(row.batch, data, name=name), name=name)


def _is_file(picture: object) -> bool:
    return isinstance(picture, FilePicture)


def _same_picture(row: BatchRow) -> BatchRow | None:
    """Another row of the batch that is searched for, with the same picture, be it re-encoded."""
    others = row.batch.rows.filter(state=State.READY).exclude(pk=row.pk).order_by("number")
    # Tuples: a thousand pictures are each compared with all before them.
    for pk, image, hashed in others.values_list("pk", "image", "perceptual_hash"):
        same = row.image is not None and image == row.image.pk
        if same or _distance(hashed, row.perceptual_hash) <= SAME_PICTURE:
            return BatchRow.objects.get(pk=pk)
    return None


def _distance(one: int | None, other: int | None) -> int:
    """As `searches.imaging.distance`, of stored hashes; more than any two pictures' when one is missing."""
    return 10**6 if one is None or other is None else distance(one % 2**64, other % 2**64)


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number
