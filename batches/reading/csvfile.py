"""A CSV file as a table of text: which characters it is written in, and what stands between its cells."""

import codecs
import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from batches.reading.grid import MAX_COLUMNS, Grid
from batches.reading.headings import field_of
from batches.reading.rejected import SheetRejected

_DELIMITERS = (",", ";", "\t")
# Rows that decide about the delimiter.
_SAMPLE = 20
# A line of commas alone would become as many cells.
_LONGEST_LINE = 1_000_000
# Excel's own way to name the delimiter, in the first line.
_NAMED_DELIMITER = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_MARKUP = re.compile(r"\s*<(!doctype|\?xml|html|table|head|meta|style)", re.IGNORECASE)


def read_csv(data: bytes, title: str) -> Grid:
    """The rows, numbered from 1 as a spreadsheet would. Cells that look like formulas are just text.

    Raises SheetRejected: `encoding` or `not-a-sheet` for what is no text, `legacy` for a web page (many programs
    call one .xls), `open-quote`, and as `Grid` does.
    """
    text = _decoded(data)
    if _BINARY.search(text):
        raise SheetRejected("not-a-sheet")
    if _MARKUP.match(text):
        raise SheetRejected("legacy")
    named = _NAMED_DELIMITER.match(text)
    delimiter = named[1] if named else _delimiter(text)
    if '"' in text:
        _refuse_open_quote(text, delimiter)
    grid = Grid(title)
    for number, cells in enumerate(_records(text, delimiter), start=1):
        if named and number == 1:
            continue
        for column, cell in enumerate(cells):
            if cell:
                grid.put_text(number, column, cell)
    return grid


def _decoded(data: bytes) -> str:
    """By the byte order mark, else by the zero bytes of UTF-16, else UTF-8 if it is valid, else GB 18030, in which
    Excel saves CSV in China and which GBK is a part of."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as_text(data, encoding)
    half = len(data) // 2
    if data[1::2].count(0) > half * 0.3:
        return _as_text(data, "utf-16-le")
    if data[::2].count(0) > half * 0.3:
        return _as_text(data, "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _as_text(data, "gb18030")


def _as_text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRejected("encoding") from error


def _delimiter(text: str) -> str:
    """The one under which most known headings stand in a row, else the one that makes most cells."""

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            sample = [cells[:MAX_COLUMNS] for cells in islice(_records(text, delimiter), _SAMPLE)]
        except SheetRejected:
            return 0, 0
        known = max((sum(field_of(cell) is not None for cell in cells) for cells in sample), default=0)
        return known, sum(len(cells) - 1 for cells in sample)

    return max(_DELIMITERS, key=worth)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(_lines(text), delimiter=delimiter)
    except csv.Error as error:
        # The only one that a lenient reader has left: a field beyond the module's limit of 131,072.
        raise SheetRejected("cell-too-long") from error


def _lines(text: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise SheetRejected("too-many-columns")
        yield line


def _refuse_open_quote(text: str, delimiter: str) -> None:
    """A lenient reader takes all behind an open quotation mark for one cell, and rows vanish in it."""
    try:
        for _record in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise SheetRejected("open-quote") from error
