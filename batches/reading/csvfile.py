"""A CSV file, a row at a time: which characters it is written in, and what stands between its cells."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import BinaryIO, TextIO

from batches.reading.grid import MAX_COLUMNS, Grid
from batches.reading.headings import field_of
from batches.reading.rejected import SheetRejected

_DELIMITERS = (",", ";", "\t")
# Rows that decide about the delimiter.
_SAMPLE = 20
# A line of commas alone would become as many cells.
_LONGEST_LINE = 1_000_000
_CHUNK = 1_000_000
# Excel's own way to name the delimiter, in the first line.
_NAMED_DELIMITER = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)
_LONGEST_NAMING = 10
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_MARKUP = re.compile(r"\s*<(!doctype|\?xml|html|table|head|meta|style)", re.IGNORECASE)


def read_csv(data: bytes, title: str) -> Grid:
    """All rows as a table. Raises SheetRejected as `csv_rows` and `Grid` do."""
    grid = Grid(title)
    for number, cells in csv_rows(lambda: BytesIO(data), lambda text: field_of(text) is not None):
        for column, cell in enumerate(cells):
            if cell:
                grid.put_text(number, column, cell)
    return grid


def csv_rows(opened: Callable[[], BinaryIO], is_heading: Callable[[str], bool]) -> Iterator[tuple[int, list[str]]]:
    """The rows, numbered from 1 as a spreadsheet would. Cells that look like formulas are just text.

    opened: opens the file, several times, to read from its beginning. is_heading: whether a text names a column, by
    which the delimiter is known. Raises SheetRejected: `encoding` or `not-a-sheet` for what is no text, `legacy` for
    a web page (many programs call one .xls), `open-quote`, `too-many-columns` and `cell-too-long`.
    """
    encoding = _encoding_of(opened)

    def read() -> TextIO:
        return TextIOWrapper(opened(), encoding, newline="")

    quoted = _look_through(read)
    with read() as file:
        named = _NAMED_DELIMITER.match(file.read(_LONGEST_NAMING))
    delimiter = named[1] if named else _delimiter(read, is_heading)
    if quoted:
        _refuse_open_quote(read, delimiter)
    with read() as file:
        for number, cells in enumerate(_records(file, delimiter), start=1):
            if not (named and number == 1):
                yield number, cells


def _encoding_of(opened: Callable[[], BinaryIO]) -> str:
    """By the byte order mark, else by the zero bytes of UTF-16, else UTF-8 if all of it is valid, else GB 18030, in
    which Excel saves CSV in China and which GBK is a part of."""
    with opened() as file:
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


def _look_through(read: Callable[[], TextIO]) -> bool:
    """Whether there are quotation marks in it. Raises SheetRejected for what is no text, or a web page."""
    first, quoted = True, False
    try:
        with read() as file:
            while chunk := file.read(_CHUNK):
                if _BINARY.search(chunk):
                    raise SheetRejected("not-a-sheet")
                if first and _MARKUP.match(chunk):
                    raise SheetRejected("legacy")
                first, quoted = False, quoted or '"' in chunk
    except UnicodeDecodeError as error:
        raise SheetRejected("encoding") from error
    return quoted


def _delimiter(read: Callable[[], TextIO], is_heading: Callable[[str], bool]) -> str:
    """The one under which most known headings stand in a row, else the one that makes most cells."""

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            with read() as file:
                sample = [cells[:MAX_COLUMNS] for cells in islice(_records(file, delimiter), _SAMPLE)]
        except SheetRejected:
            return 0, 0
        known = max((sum(map(is_heading, cells)) for cells in sample), default=0)
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


def _refuse_open_quote(read: Callable[[], TextIO], delimiter: str) -> None:
    """A lenient reader takes all behind an open quotation mark for one cell, and rows vanish in it."""
    with read() as file:
        try:
            for _record in csv.reader(_lines(file), delimiter=delimiter, strict=True):
                pass
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise SheetRejected("open-quote") from error
