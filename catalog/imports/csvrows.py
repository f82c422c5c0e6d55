"""A CSV file of any length, a row at a time; which characters it is written in is found before."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from batches.reading.grid import MAX_COLUMNS
from batches.reading.rejected import SheetRejected
from catalog.imports.fields import field_of
from catalog.imports.staged import StagedRow
from exports.cells import FORMULA_STARTS

MOST_BYTES = 200_000_000
_DELIMITERS = (",", ";", "\t")
# Rows that decide about the delimiter.
_SAMPLE = 20
# A line of commas alone would become as many cells.
_LONGEST_LINE = 1_000_000
_CHUNK = 1_000_000
# Excel's own way to name the delimiter, in the first line.
_NAMED_DELIMITER = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_MARKUP = re.compile(r"\s*<(!doctype|\?xml|html|table|head|meta|style)", re.IGNORECASE)


def rows_of(path: Path) -> Iterator[StagedRow]:
    """The rows that hold anything, numbered from 1 as a spreadsheet would. What looks like a formula is just text.

    Raises SheetRejected: `encoding` or `not-a-sheet` for what is no text, `legacy` for a web page (many programs call
    one .xls), `open-quote`, `too-large`, `too-many-columns` and `cell-too-long`.
    """
    if path.stat().st_size > MOST_BYTES:
        raise SheetRejected("too-large")
    encoding = _encoding_of(path)
    quoted = _look_through(path, encoding)
    with _opened(path, encoding) as file:
        start = file.read(10_000)
    named = _NAMED_DELIMITER.match(start)
    delimiter = named[1] if named else _delimiter(start)
    if quoted:
        _refuse_open_quote(path, encoding, delimiter)
    with _opened(path, encoding) as file:
        for number, cells in enumerate(_records(file, delimiter), start=1):
            row = StagedRow(number, {column: _unquoted(cell) for column, cell in enumerate(cells) if cell})
            if row.texts and not (named and number == 1):
                yield row


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def _encoding_of(path: Path) -> str:
    """By the byte order mark, else by the zero bytes of UTF-16, else UTF-8 if all of it is valid, else GB 18030, in
    which Excel saves CSV in China and which GBK is a part of."""
    with path.open("rb") as file:
        data = file.read(_CHUNK)
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                return encoding
        half = len(data) // 2
        if data[1::2].count(0) > half * 0.3:
            return "utf-16-le"
        if data[::2].count(0) > half * 0.3:
            return "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while data:
                decoder.decode(data)
                data = file.read(_CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"


def _look_through(path: Path, encoding: str) -> bool:
    """Whether there are quotation marks in it. Raises SheetRejected for what is no text, or a web page."""
    first, quoted = True, False
    try:
        with _opened(path, encoding) as file:
            while chunk := file.read(_CHUNK):
                if _BINARY.search(chunk):
                    raise SheetRejected("not-a-sheet")
                if first and _MARKUP.match(chunk):
                    raise SheetRejected("legacy")
                first, quoted = False, quoted or '"' in chunk
    except UnicodeDecodeError as error:
        raise SheetRejected("encoding") from error
    return quoted


def _delimiter(start: str) -> str:
    """The one under which most known headings stand in a row, else the one that makes most cells."""

    def worth(delimiter: str) -> tuple[int, int]:
        lines = start.splitlines()[:_SAMPLE]
        sample = [cells[:MAX_COLUMNS] for cells in islice(csv.reader(lines, delimiter=delimiter), _SAMPLE)]
        known = max((sum(field_of(cell) is not None for cell in cells) for cells in sample), default=0)
        return known, sum(len(cells) - 1 for cells in sample)

    return max(_DELIMITERS, key=worth)


def _records(file: TextIO, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(_lines(file), delimiter=delimiter)
    except csv.Error as error:
        # The only one that a lenient reader has left: a field beyond the module's limit of 131,072.
        raise SheetRejected("cell-too-long") from error


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise SheetRejected("too-many-columns")
        yield line


def _refuse_open_quote(path: Path, encoding: str, delimiter: str) -> None:
    """A lenient reader takes all behind an open quotation mark for one cell, and rows vanish in it."""
    with _opened(path, encoding) as file:
        try:
            for _record in csv.reader(_lines(file), delimiter=delimiter, strict=True):
                pass
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise SheetRejected("open-quote") from error


def _unquoted(cell: str) -> str:
    """Without the mark that exports put before what a spreadsheet would run (`exports.cells.safe_cell`)."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULA_STARTS) else cell
