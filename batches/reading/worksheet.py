"""One worksheet of a workbook as a table of text (ECMA-376 part 1, 18.3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from batches.reading.anchors import Heights, placed_pictures, whole
from batches.reading.cellpictures import picture_name, web_address
from batches.reading.cells import number_text, unescaped
from batches.reading.grid import EmbeddedPicture, Grid
from batches.reading.markup import Start
from batches.reading.rejected import SheetRejected
from batches.reading.workbook import Workbook, Worksheet

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII | re.IGNORECASE)
_BOOLEANS = {"0": "FALSE", "1": "TRUE"}
# An exporter that merges every line makes two for each row.
_MOST_MERGED = 200_000


def read_worksheet(book: Workbook, worksheet: Worksheet) -> Grid:
    """All of its cells that show anything, hidden rows and columns too; formulas as the values they last had.

    Raises SheetRejected, for more rows or columns than `Grid` takes too.
    """
    reading = _Reading(book, Grid(worksheet.title))
    for tag in book.package.tags(worksheet.part):
        if isinstance(tag, Start):
            reading.start(tag.name, tag.attributes)
        else:
            reading.end(tag.name, tag.text)
    reading.grid.merge(reading.merged)
    relations = book.package.relations(worksheet.part)
    for drawing in reading.drawings:
        if drawing in relations:
            for placed in placed_pictures(book.package, relations[drawing].part, reading.heights):
                reading.grid.put_picture(placed.row, EmbeddedPicture(placed.part, placed.column))
    return reading.grid


@dataclass(slots=True)
class _Reading:
    """What is known at a place in the worksheet. `row` counts from 1, `column` from 0, as in `Grid`."""

    book: Workbook
    grid: Grid
    heights: Heights = field(default_factory=Heights)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    row: int = 0
    column: int = -1
    cell: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    formula: str = ""
    inline: list[str] = field(default_factory=list)
    readings: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "c":
                self._start_cell(attributes)
            case "row":
                self.row = whole(attributes.get("r", ""), self.row + 1)
                self.column = -1
                if "ht" in attributes:
                    self.heights.own[self.row] = _points(attributes["ht"])
            case "rPh":
                self.readings += 1
            case "sheetFormatPr":
                self.heights.usual = _points(attributes.get("defaultRowHeight", "")) or self.heights.usual
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "drawing":
                self.drawings.append(attributes.get("id", ""))

    def end(self, name: str, text: str) -> None:
        match name:
            case "v":
                self.value = text
            case "f":
                self.formula = text
            case "t" if not self.readings:
                self.inline.append(text)
            case "rPh":
                self.readings -= 1
            case "c":
                self._end_cell()

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        place = _place(attributes.get("r", ""))
        # Cells without a reference follow each other.
        self.row, self.column = place if place else (self.row, self.column + 1)
        self.cell, self.value, self.formula, self.inline = attributes, "", "", []

    def _end_cell(self) -> None:
        rich = whole(self.cell.get("vm", ""))
        text = self._text()
        part = self.book.rich_pictures.get(rich) if rich else None
        named = picture_name(self.formula) or (picture_name(text) if "DISPIMG" in text[:30] else "")
        if named:
            part = self.book.named_pictures.get(named)
        if part:
            self.grid.put_picture(self.row, EmbeddedPicture(part, self.column))
        else:
            self.grid.put_text(self.row, self.column, web_address(self.formula) or text)

    def _text(self) -> str:
        match self.cell.get("t", "n"):
            case "s":
                place = whole(self.value.strip(), len(self.book.strings))
                return self.book.strings[place] if place < len(self.book.strings) else ""
            case "inlineStr":
                return unescaped("".join(self.inline))
            case "b":
                return _BOOLEANS.get(self.value.strip(), "")
            case "n":
                style = whole(self.cell.get("s", ""))
                shown_as = self.book.formats[style] if style < len(self.book.formats) else ""
                return number_text(self.value.strip(), shown_as, since_1904=self.book.since_1904)
        return unescaped(self.value)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, bottom = _place(first), _place(last)
        if top and bottom:
            self.merged.append((*top, *bottom))
        if len(self.merged) > _MOST_MERGED:
            raise SheetRejected("too-large")


def _place(reference: str) -> tuple[int, int] | None:
    """B3 as row 3 and column 1."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


def _points(height: str) -> float:
    """A height in points, 0 when it is none that a row can have."""
    try:
        points = float(height)
    except ValueError:
        return 0.0
    return points if 0 <= points <= 10_000 else 0.0
