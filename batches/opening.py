"""What a received file is, and its way into rows, a while at a time: a picture, a ZIP of pictures, or a sheet."""

import time
from typing import BinaryIO

from django.db import transaction

from batches import intake, uploads
from batches.models import BatchFile
from batches.reading.archives import open_archive
from batches.reading.mapping import guess_mapping
from batches.reading.rejected import ArchiveRejected, SheetRejected
from batches.reading.sheets import read_sheet
from batches.sheets import columns_as_json, make_rows

State = BatchFile.State
ROWS_PREVIEWED = 4
ZIP = b"PK\x03\x04"
SHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt")


def read_some(file: BatchFile, *, seconds: float) -> None:
    """Bring the file further for about so long. What is left to do, its row says."""
    until = time.monotonic() + seconds
    try:
        with uploads.path_of(file).open("rb") as opened:
            done = _read(file, opened, until)
    except (ArchiveRejected, SheetRejected) as refusal:
        _end(file, State.REFUSED, refusal.code, refusal.message)
    except FileNotFoundError:
        _end(file, State.REFUSED, "file-gone", "")
    else:
        if done:
            _end(file, State.READ)


def _read(file: BatchFile, opened: BinaryIO, until: float) -> bool:
    """Whether nothing of it is left."""
    if file.name.lower().endswith(SHEETS):
        return _read_sheet(file, opened, until)
    if opened.read(len(ZIP)) == ZIP:
        return _read_archive(file, opened, until)
    opened.seek(0)
    intake.add_picture(file.batch, opened.read(), name=file.name, source=file)
    return True


def _read_archive(file: BatchFile, opened: BinaryIO, until: float) -> bool:
    with open_archive(opened) as archive:
        for place, entry in enumerate(archive.entries):
            if place < file.entries_read:
                continue
            if time.monotonic() > until:
                return False
            try:
                data = archive.read(entry)
            except ArchiveRejected as refusal:
                row = intake.add_row(file.batch, source=file, source_name=entry.name[-255:])
                intake.refuse(row, intake.Refusal(refusal.code, refusal.message))
            else:
                intake.add_picture(file.batch, data, name=entry.name, source=file)
            _count(file, place + 1)
    return True


def _read_sheet(file: BatchFile, opened: BinaryIO, until: float) -> bool:
    """The columns are to be confirmed first; then every row of it becomes one of the batch."""
    sheet = read_sheet(opened, file.name)
    if not file.mapping.get("confirmed"):
        guess = guess_mapping(sheet.headings, sheet.rows)
        file.mapping = {
            "columns": columns_as_json(guess.columns),
            "headings": [heading[:100] for heading in sheet.headings],
            "sample": [
                [row.texts.get(column, "")[:60] for column in range(len(sheet.headings))]
                for row in sheet.rows[:ROWS_PREVIEWED]
            ],
            "rows": len(sheet.rows),
        }
        file.state = State.MAPPING
        file.save(update_fields=["mapping", "state"])
        return False
    for place, made in enumerate(make_rows(file, sheet), 1):
        made()
        _count(file, place)
        if time.monotonic() > until:
            return False
    return True


def _count(file: BatchFile, entries: int) -> None:
    if entries > file.entries_read:
        file.entries_read = entries
        file.save(update_fields=["entries_read"])


def _end(file: BatchFile, state: str, code: str = "", message: str = "") -> None:
    with transaction.atomic():
        file.state, file.error_code, file.error_message = state, str(code)[:60], message[:500]
        file.save(update_fields=["state", "error_code", "error_message"])
    uploads.discard(file)
