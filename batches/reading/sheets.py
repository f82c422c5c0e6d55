"""A sheet with one product a row, out of an XLSX workbook or a CSV file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO

from batches.reading.csvfile import read_csv
from batches.reading.grid import MAX_COLUMNS, EmbeddedPicture, Grid, Line
from batches.reading.headings import field_of
from batches.reading.package import Package
from batches.reading.rejected import SheetRejected
from batches.reading.workbook import Workbook
from batches.reading.worksheet import read_worksheet

MAX_CSV_BYTES = 10_000_000
# The heading is looked for in so many rows, above which stand titles and addresses.
_SEARCHED_ROWS = 20
_SURE = 2

_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
# Compound files: Excel until 2003, WPS's own .et, and every encrypted workbook (MS-CFB, MS-OFFCRYPTO 2.3.4.4).
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_COMPOUND_LOOKED_AT = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One product. `number` is the row's in the sheet, from 1; `texts` are by column, from 0, and none is empty."""

    number: int
    texts: Mapping[int, str]
    pictures: tuple[EmbeddedPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of products. `headings` has a text for each column up to the last used one, "" where there is none;
    `others` are the titles of the worksheets that were not read."""

    title: str
    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    others: tuple[str, ...] = ()
    package: Package | None = field(default=None, repr=False, compare=False)

    def read_picture(self, picture: EmbeddedPicture) -> bytes:
        """The bytes of a picture in the workbook, at most 20 MB, as long as its file is open.

        They are not looked at here. Raises ArchiveRejected when they can't be had, KeyError for one of another sheet.
        """
        if self.package is None:
            raise KeyError(picture.part)
        return self.package.read(picture.part)


def read_sheet(file: BinaryIO, name: str) -> Sheet:
    """Read a seekable file; `name` is what it was called. Pictures are read later, one at a time.

    Of a workbook it takes the first visible worksheet with at least two known headings in one of its first 20 rows,
    else the first that isn't empty, with its first row that isn't empty for the headings. Raises SheetRejected.
    """
    file.seek(0)
    start = file.read(len(_COMPOUND))
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return _read_workbook(file)
    if start == _COMPOUND:
        file.seek(0)
        secret = _ENCRYPTED_PACKAGE in file.read(_COMPOUND_LOOKED_AT)
        raise SheetRejected("password" if secret else "legacy")
    if PurePath(name).suffix.lower() in (".xlsx", ".xlsm"):
        raise SheetRejected("damaged")
    file.seek(0)
    data = file.read(MAX_CSV_BYTES + 1)
    if len(data) > MAX_CSV_BYTES:
        raise SheetRejected("too-large")
    grid = read_csv(data, PurePath(name).stem)
    return _sheet(grid, _heading_at(grid.filled()))


def _read_workbook(file: BinaryIO) -> Sheet:
    book = Workbook(Package(file))
    visible = [worksheet for worksheet in book.worksheets if not worksheet.hidden]
    otherwise = None
    for worksheet in visible:
        grid = read_worksheet(book, worksheet)
        lines = grid.filled()
        at = _heading_at(lines)
        if at is not None or (otherwise is None and len(lines) > 1):
            chosen = grid, at, tuple(other.title for other in visible if other is not worksheet)
            if at is not None:
                return _sheet(*chosen, package=book.package)
            otherwise = chosen
    if otherwise is None:
        raise SheetRejected("empty")
    return _sheet(*otherwise, package=book.package)


def _heading_at(lines: Sequence[tuple[int, Line]]) -> int | None:
    """The place among the filled rows of the first with enough known headings."""
    for place, (_number, line) in enumerate(lines[:_SEARCHED_ROWS]):
        if len({field_of(text) for text in line.texts.values()} - {None}) >= _SURE:
            return place
    return None


def _columns_of_pictures(line: Line) -> list[int]:
    return [picture.column for picture in line.pictures if picture.column < MAX_COLUMNS]


def _sheet(grid: Grid, at: int | None, others: tuple[str, ...] = (), package: Package | None = None) -> Sheet:
    lines = grid.filled()
    if at is None:
        at = next((place for place, (_number, line) in enumerate(lines) if line.texts), len(lines))
    if len(lines) <= at + 1:
        raise SheetRejected("empty")
    heading_row, heading = lines[at]
    rows = tuple(Row(number, line.texts, tuple(line.pictures)) for number, line in lines[at + 1 :])
    used = (column for _number, line in lines[at:] for column in (*line.texts, *_columns_of_pictures(line)))
    width = 1 + max(used, default=-1)
    headings = tuple(heading.texts.get(column, "") for column in range(width))
    return Sheet(grid.title, headings, heading_row, rows, others, package)
