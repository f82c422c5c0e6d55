"""What a received file is, and its way into rows, a while at a time: a picture, a ZIP of pictures, or a sheet."""

import time
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_noop as _

from batches import intake, uploads
from batches.entries import Overtaken
from batches.joining import number_anew
from batches.models import Batch, BatchFile
from batches.reading.archives import Archive, Entry, open_archive
from batches.reading.mapping import guess_mapping
from batches.reading.rejected import ArchiveRejected, SheetRejected
from batches.reading.sheets import Row, read_sheet
from batches.settling import Outcome, Refusal
from batches.sheets import columns_as_json, make_rows
from searches.imaging import MAX_BYTES

State = BatchFile.State
ROWS_PREVIEWED = 4
PICTURE_MARK = "🖼"
ZIP = b"PK\x03\x04"
SHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".txt")

FULL = Refusal(
    "batch-full", _("A batch takes at most 1,000 products: the rest of this file is not in it. Make another batch.")
)
GONE = Refusal("file-gone", _("The file is not on the server any more. Upload it again."))
STORAGE = Refusal(
    "storage",
    _("The server’s storage fails; this is tried again by itself. If it stays, ask an administrator to look at it."),
)


def read_some(file: BatchFile, *, seconds: float) -> bool:
    """Bring the file further for about so long. What is left to do, its row says.

    False when the server's storage failed: trying again at once would not help.
    """
    until = time.monotonic() + seconds
    try:
        with _opened(file) as opened:
            done = _read(file, opened, until)
    except (ArchiveRejected, SheetRejected) as refusal:
        _end(file, State.REFUSED, Refusal(refusal.code, refusal.message))
    except FileNotFoundError:
        _end(file, State.REFUSED, GONE)
    except intake.BatchFull:
        _end(file, State.REFUSED, FULL)
    except Overtaken:
        return True
    except OSError:
        _tell(file, STORAGE)
        return False
    else:
        if done:
            _end(file, State.READ)
    return True


def _opened(file: BatchFile) -> BinaryIO:
    return uploads.path_of(file).open("rb")


def _read(file: BatchFile, opened: BinaryIO, until: float) -> bool:
    """Whether nothing of it is left."""
    if file.name.lower().endswith(SHEETS):
        return _read_sheet(file, opened, until)
    start = opened.read(len(ZIP))
    opened.seek(0)
    if start == ZIP:
        return _read_archive(file, opened, until)
    if file.entries_read == 0:
        # No more than tells that it is too large.
        data = opened.read(MAX_BYTES + 1)
        intake.add_picture(file, 0, intake.keep(file.batch, data, name=file.name), name=file.name)
    return True


def _read_archive(file: BatchFile, opened: BinaryIO, until: float) -> bool:
    with open_archive(opened) as archive:
        for place, entry in enumerate(archive.entries):
            if place < file.entries_read:
                continue
            if time.monotonic() > until:
                return False
            intake.add_picture(file, place, _entry(file, archive, entry), name=entry.name)
    return True


def _entry(file: BatchFile, archive: Archive, entry: Entry) -> Outcome:
    try:
        data = archive.read(entry)
    except ArchiveRejected as refusal:
        return Refusal(refusal.code, refusal.message)
    return intake.keep(file.batch, data, name=entry.name)


def _read_sheet(file: BatchFile, opened: BinaryIO, until: float) -> bool:
    """The columns are to be confirmed first; then every row of it becomes one of the batch."""
    sheet = read_sheet(opened, file.name)
    if not file.mapping.get("confirmed"):
        guess = guess_mapping(sheet.headings, sheet.rows)
        file.mapping = {
            "columns": columns_as_json(guess.columns),
            "further": list(guess.further),
            "headings": [heading[:100] for heading in sheet.headings],
            "sample": [_previewed(row, len(sheet.headings)) for row in sheet.rows[:ROWS_PREVIEWED]],
            "rows": len(sheet.rows),
        }
        file.state = State.MAPPING
        file.save(update_fields=["mapping", "state"])
        return False
    # Each step makes one row.
    if not all(time.monotonic() <= until for _row in make_rows(file, sheet)):
        return False
    with transaction.atomic():
        # Pictures that are photos of one product now had rows of their own.
        number_anew(Batch.objects.select_for_update().get(pk=file.batch_id))
    return True


def _previewed(row: Row, columns: int) -> list[str]:
    """The beginnings of the row's cells, and a mark in those that hold a picture."""
    pictures = {picture.column for picture in row.pictures}
    return [row.texts.get(column, PICTURE_MARK if column in pictures else "")[:60] for column in range(columns)]


def _end(file: BatchFile, state: str, why: Refusal | None = None) -> None:
    file.state = state
    _tell(file, why, "state")
    uploads.discard(file)


def _tell(file: BatchFile, why: Refusal | None, *columns: str) -> None:
    file.error_code, file.error_message = (why.code[:60], why.message[:500]) if why else ("", "")
    file.save(update_fields=["error_code", "error_message", *columns])
