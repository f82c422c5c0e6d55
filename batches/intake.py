"""From files to rows: each picture is kept, prepared and compared with those before it, and becomes a row at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from batches.models import Batch, BatchFile, BatchRow
from searches.actions import keep_query_image
from searches.fetching import FetchRefused, fetch_picture
from searches.imaging import SAME_PICTURE, ImageRejected, distance, perceptual_hash

State = BatchRow.State
FILE_MISSING = "file-missing"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row has no picture, in words that are translated where they are shown."""

    code: str
    message: str


OWNER_GONE = Refusal("owner-gone", _("Whoever made the batch is not here any more."))


def add_picture(batch: Batch, data: bytes, *, name: str, source: BatchFile | None) -> BatchRow:
    """A row for a picture, or the row of a sheet that waited for a file of this name."""
    row = row_waiting_for(batch, name) or add_row(batch, source=source, source_name=name)
    give_picture(row, data, name=name)
    return row


def add_row(batch: Batch, **columns: object) -> BatchRow:
    """A row at the end of the batch."""
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        last = held.rows.aggregate(last=Max("number"))["last"] or 0
        return BatchRow.objects.create(batch=held, number=last + 1, **columns)


def row_waiting_for(batch: Batch, name: str) -> BatchRow | None:
    """The row whose file was named in a sheet and had not come yet."""
    waiting = batch.rows.filter(state=State.REFUSED, error_code=FILE_MISSING)
    return next((row for row in waiting if same_file(row.source_name, name)), None)


def same_file(one: str, other: str) -> bool:
    """Whether two names mean one file: folders and upper case do not count."""
    return _file_name(one) == _file_name(other)


def give_picture(row: BatchRow, data: bytes, *, name: str) -> None:
    """Keep the picture as the row's, or say what is wrong with it."""
    batch = row.batch
    if batch.owner is None:
        refuse(row, OWNER_GONE)
        return
    try:
        image = keep_query_image(team=batch.team, user=batch.owner, data=data, name=name)
        hashed = perceptual_hash(data)
    except ImageRejected as error:
        refuse(row, Refusal(error.code, error.message))
        return
    row.image, row.perceptual_hash = image, _signed(hashed)
    row.error_code = row.error_message = ""
    row.lease_until = None
    row.source_name = row.source_name or name[:255]
    row.duplicate_of = _same_picture(row)
    row.state = State.DUPLICATE if row.duplicate_of else State.READY
    row.save()


def fetch(row: BatchRow) -> None:
    """Fetch the picture from the row's address."""
    try:
        data = fetch_picture(row.source_url)
    except FetchRefused as error:
        refuse(row, Refusal(error.code, error.message))
        return
    except ImageRejected as error:
        refuse(row, Refusal(error.code, error.message))
        return
    give_picture(row, data, name=row.source_url.rsplit("/", 1)[-1])


def refuse(row: BatchRow, refusal: Refusal) -> None:
    row.state, row.image, row.lease_until = State.REFUSED, None, None
    row.error_code, row.error_message = refusal.code[:60], refusal.message[:500]
    row.save()


def _same_picture(row: BatchRow) -> BatchRow | None:
    """An earlier row of the batch with the same picture, be it re-encoded."""
    others: Iterable[BatchRow] = row.batch.rows.filter(state=State.READY, number__lt=row.number).only(
        "pk", "image", "perceptual_hash", "number"
    )
    for other in others:
        if other.image_id == row.image_id or _looks_the_same(row, other):
            return other
    return None


def _looks_the_same(one: BatchRow, other: BatchRow) -> bool:
    """Whether the one picture is the other, saved again or made smaller."""
    if one.perceptual_hash is None or other.perceptual_hash is None:
        return False
    return distance(_unsigned(one.perceptual_hash), _unsigned(other.perceptual_hash)) <= SAME_PICTURE


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].strip().lower()


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number


def _unsigned(number: int) -> int:
    return number + 2**64 if number < 0 else number
