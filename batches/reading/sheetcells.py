"""The cells of one worksheet, as they follow each other in the file (ECMA-376 part 1, 18.3)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from batches.reading.anchors import Heights, Placed, placed_pictures, whole
from batches.reading.cellpictures import picture_name, web_address
from batches.reading.cells import number_text, unescaped
from batches.reading.markup import Start
from batches.reading.references import Range, place_of
from batches.reading.rejected import SheetRejected
from batches.reading.workbook import Workbook, Worksheet

_BOOLEANS = {"0": "FALSE", "1": "TRUE"}
# An exporter that merges every line makes two for each row.
_MOST_MERGED = 200_000


class Cell(NamedTuple):
    """`row` counts from 1, `column` from 0. Formulas have the text of the value they last had.

    picture: the part of the workbook that the cell shows instead of a text, else "". unreckoned: it holds a formula
    that has no value in the file, or an error for one.
    """

    row: int
    column: int
    text: str
    picture: str
    unreckoned: bool


class SheetCells:
    """To be gone through once: hidden rows and columns too. Behind the last cell, `merged` and `placed` are known.

    in_order: rows that do not follow each other are damage, and cells belong to the row that they stand in; else each
    says itself where it belongs. Raises SheetRejected on the way.
    """

    def __init__(self, book: Workbook, worksheet: Worksheet, *, in_order: bool = False) -> None:
        self._book = book
        self._worksheet = worksheet
        self._in_order = in_order
        self.merged: list[Range] = []
        self._heights = Heights()
        self._drawings: list[str] = []
        self._row, self._column = 0, -1
        self._readings = 0
        self._begin_cell({})

    def __iter__(self) -> Iterator[Cell]:
        for tag in self._book.package.tags(self._worksheet.part):
            if isinstance(tag, Start):
                self._start(tag.name, tag.attributes)
            elif tag.name == "c":
                yield self._cell()
            else:
                self._end(tag.name, tag.text)

    def placed(self) -> Iterator[Placed]:
        """The pictures that lie over the sheet, in the order they were put there."""
        relations = self._book.package.relations(self._worksheet.part)
        for drawing in self._drawings:
            if drawing in relations:
                yield from placed_pictures(self._book.package, relations[drawing].part, self._heights)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "c":
                place = place_of(attributes.get("r", ""))
                # Cells without a reference follow each other.
                row, self._column = place or (self._row, self._column + 1)
                self._row = self._row if self._in_order else row
                self._begin_cell(attributes)
            case "row":
                self._begin_row(attributes)
            case "f":
                self._has_formula = True
            case "rPh":
                self._readings += 1
            case "sheetFormatPr":
                self._heights.usual = _points(attributes.get("defaultRowHeight", "")) or self._heights.usual
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "drawing":
                self._drawings.append(attributes.get("id", ""))

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        number = whole(attributes.get("r", ""), self._row + 1)
        if self._in_order and number <= self._row:
            raise SheetRejected("damaged")
        self._row, self._column = number, -1
        if "ht" in attributes:
            self._heights.own[number] = _points(attributes["ht"])

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._attributes = attributes
        self._value, self._formula, self._has_formula = "", "", False
        self._inline: list[str] = []

    def _end(self, name: str, text: str) -> None:
        match name:
            case "v":
                self._value = text
            case "f":
                self._formula = text
            case "t" if not self._readings:
                self._inline.append(text)
            case "rPh":
                self._readings -= 1

    def _cell(self) -> Cell:
        kind = self._attributes.get("t", "n")
        shown = self._text(kind)
        rich = whole(self._attributes.get("vm", ""))
        picture = self._book.rich_pictures.get(rich, "") if rich else ""
        named = picture_name(self._formula) or (picture_name(shown) if "DISPIMG" in shown[:30] else "")
        if named:
            picture = self._book.named_pictures.get(named, "")
        text = web_address(self._formula) or shown
        # A formula may well show nothing; then its type says that the nothing is a text.
        silent = self._has_formula and not self._value and kind != "str" and not text
        return Cell(self._row, self._column, text, picture, unreckoned=kind == "e" or silent)

    def _text(self, kind: str) -> str:
        match kind:
            case "s":
                place = whole(self._value.strip(), len(self._book.strings))
                return self._book.strings[place] if place < len(self._book.strings) else ""
            case "inlineStr":
                return unescaped("".join(self._inline))
            case "b":
                return _BOOLEANS.get(self._value.strip(), "")
            case "n":
                style = whole(self._attributes.get("s", ""))
                shown_as = self._book.formats[style] if style < len(self._book.formats) else ""
                return number_text(self._value.strip(), shown_as, since_1904=self._book.since_1904)
        return unescaped(self._value)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, bottom = place_of(first), place_of(last)
        if top and bottom:
            self.merged.append(Range(*top, *bottom))
        if len(self.merged) > _MOST_MERGED:
            raise SheetRejected("too-large")


def _points(height: str) -> float:
    """A height in points, 0 when it is none that a row can have."""
    try:
        points = float(height)
    except ValueError:
        return 0.0
    return points if 0 <= points <= 10_000 else 0.0
