"""A CSV file of any length, a row at a time."""

from collections.abc import Iterator
from pathlib import Path

from batches.reading.csvfile import csv_rows
from batches.reading.rejected import SheetRejected
from catalog.imports.fields import field_of
from catalog.imports.staged import StagedRow
from exports.cells import FORMULA_STARTS

MOST_BYTES = 200_000_000


def rows_of(path: Path) -> Iterator[StagedRow]:
    """The rows that hold anything. Raises SheetRejected as `csv_rows` does, and `too-large`."""
    if path.stat().st_size > MOST_BYTES:
        raise SheetRejected("too-large")
    for number, cells in csv_rows(lambda: path.open("rb"), lambda text: field_of(text) is not None):
        row = StagedRow(number, {column: _unquoted(cell) for column, cell in enumerate(cells) if cell})
        if row.texts:
            yield row


def _unquoted(cell: str) -> str:
    """Without the mark that exports put before what a spreadsheet would run (`exports.cells.safe_cell`)."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULA_STARTS) else cell
