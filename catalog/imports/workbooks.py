"""A workbook of any length, a row at a time: what `batches.reading` knows of the format, without its tables in memory.

A hundred thousand rows are some megabytes here: texts that cells share lie on the disk, and a row is gone when the
next one comes.
"""

import os
import posixpath
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Self

from batches.reading.anchors import Heights, Placed, placed_pictures, whole
from batches.reading.archives import Limits, open_archive
from batches.reading.cellpictures import picture_name, web_address
from batches.reading.cells import number_text, unescaped
from batches.reading.markup import Budget, End, Start
from batches.reading.package import Package, as_sheet
from batches.reading.rejected import ArchiveRejected, SheetRejected
from batches.reading.workbook import Workbook, Worksheet
from catalog.imports.places import Range, place_of
from catalog.imports.staged import StagedRow

MOST_PICTURE_BYTES = 20_000_000
# A worksheet of 200,000 rows and twenty columns is some 400 MB of text, unpacked a piece at a time.
LARGE = Limits(entries=25_000, entry_bytes=1_000_000_000, total_bytes=4_000_000_000, ratio=200, plain=False)
_MOST_ELEMENTS = 12_000_000
_BOOLEANS = {"0": "FALSE", "1": "TRUE"}
_MOST_MERGED = 200_000


class LargePackage(Package):
    """An XLSX file whose ZIP was found safe within wider limits than the house's; of its pictures each is held to
    20 MB."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises SheetRejected for all that `open_archive` refuses. Nothing of what others set up is wanted here."""
        try:
            self._archive = open_archive(file, LARGE)
        except ArchiveRejected as error:
            raise as_sheet(error) from error
        self._entries = {}
        for entry in self._archive.entries:
            self._entries.setdefault(posixpath.normpath(f"/{entry.name}").lstrip("/").lower(), entry)
        self._budget = Budget(_MOST_ELEMENTS)

    def read(self, part: str) -> bytes:
        if part in self and self._entries[part].size > MOST_PICTURE_BYTES:
            raise ArchiveRejected("entry-too-large", part)
        return super().read(part)


class LargeWorkbook(Workbook):
    """A workbook to be read with `LargeWorksheet`, a block. `folder`: where there is room for what memory has none."""

    def __init__(self, file: BinaryIO, folder: Path) -> None:
        """Raises SheetRejected when the ZIP in the file is not safe, or no workbook."""
        self.package = LargePackage(file)
        self._folder = folder
        self._stack = ExitStack()
        roots = [relation.part for relation in self.package.relations("").values()]
        self._part = next((part for part in (*roots, "xl/workbook.xml") if part.endswith("workbook.xml")), "")
        if self._part not in self.package:
            # It says what other kind of file this is.
            super().__init__(file)
        self._relations = self.package.relations(self._part)
        self.since_1904 = False
        self.worksheets = tuple(self._worksheets())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @cached_property
    def shared(self) -> "TextsOnDisk":
        """The shared strings, without the readings that East Asian editions put above characters."""
        # Open as long as the block.
        found = TextsOnDisk(self._stack.enter_context(TemporaryFile(dir=self._folder)))  # noqa: SIM115
        pieces: list[str] = []
        reading = 0
        for tag in self.package.tags(self._related("sharedStrings")):
            if tag.name == "rPh":
                reading += 1 if isinstance(tag, Start) else -1
            elif isinstance(tag, End) and tag.name == "t" and not reading:
                pieces.append(tag.text)
            elif isinstance(tag, End) and tag.name == "si":
                found.append(unescaped("".join(pieces)))
                pieces = []
        found.flush()
        return found


class TextsOnDisk:
    """Texts by their places, in a file. In memory each has eight bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode("utf-8", "replace")))

    def flush(self) -> None:
        self._file.flush()

    def __getitem__(self, place: int) -> str:
        start, end = self._ends[place], self._ends[place + 1]
        return os.pread(self._file.fileno(), end - start, start).decode()


@dataclass(slots=True)
class LargeWorksheet:
    """One worksheet, read once from its top. When its rows are through, `merged` and `placed` are known as well."""

    book: LargeWorkbook
    worksheet: Worksheet
    merged: list[Range] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    _heights: Heights = field(default_factory=Heights)
    _drawings: list[str] = field(default_factory=list)
    _readings: int = 0
    _column: int = -1
    _cell: Mapping[str, str] = field(default_factory=dict)
    _value: str = ""
    _formula: bool = False
    _formula_text: str = ""
    _inline: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[StagedRow]:
        """Those that hold anything, as they follow each other; formulas as the values they last had.

        Raises SheetRejected, also for rows that are not in their order.
        """
        row = StagedRow(0)
        for tag in self.book.package.tags(self.worksheet.part):
            if isinstance(tag, Start):
                if tag.name == "row":
                    number = whole(tag.attributes.get("r", ""), row.number + 1)
                    if number <= row.number:
                        raise SheetRejected("damaged")
                    row = self._begun(number, tag.attributes)
                else:
                    self._start(tag.name, tag.attributes)
            elif tag.name == "c":
                self._end_cell(row)
            elif tag.name == "row":
                if not row.is_empty:
                    yield row
            else:
                self._end(tag.name, tag.text)
        self._place_pictures()

    def _begun(self, number: int, attributes: Mapping[str, str]) -> StagedRow:
        self._column = -1
        if "ht" in attributes:
            self._heights.own[number] = _points(attributes["ht"])
        return StagedRow(number)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "c":
                place = place_of(attributes.get("r", ""))
                # Cells without a reference follow each other.
                self._column = place[1] if place else self._column + 1
                self._cell, self._value, self._formula, self._formula_text = attributes, "", False, ""
                self._inline = []
            case "f":
                self._formula = True
            case "rPh":
                self._readings += 1
            case "sheetFormatPr":
                self._heights.usual = _points(attributes.get("defaultRowHeight", "")) or self._heights.usual
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "drawing":
                self._drawings.append(attributes.get("id", ""))

    def _end(self, name: str, text: str) -> None:
        match name:
            case "v":
                self._value = text
            case "f":
                self._formula_text = text
            case "t" if not self._readings:
                self._inline.append(text)
            case "rPh":
                self._readings -= 1

    def _end_cell(self, row: StagedRow) -> None:
        rich = whole(self._cell.get("vm", ""))
        part = self.book.rich_pictures.get(rich) if rich else None
        if part is None and self._cell.get("t") == "e":
            row.unreckoned.append(self._column)
            return
        text = self._text()
        named = picture_name(self._formula_text) or (picture_name(text) if "DISPIMG" in text[:30] else "")
        if named:
            part = self.book.named_pictures.get(named)
        address = web_address(self._formula_text)
        if part:
            row.pictures.append((part, self._column))
        elif address or text:
            row.texts[self._column] = address or text
        elif self._formula and not self._value and self._cell.get("t") != "str":
            # A formula may well show nothing; then its type says that the nothing is a text.
            row.unreckoned.append(self._column)

    def _text(self) -> str:
        match self._cell.get("t", "n"):
            case "s":
                place = whole(self._value.strip(), len(self.book.shared))
                return self.book.shared[place] if place < len(self.book.shared) else ""
            case "inlineStr":
                return unescaped("".join(self._inline))
            case "b":
                return _BOOLEANS.get(self._value.strip(), "")
            case "n":
                style = whole(self._cell.get("s", ""))
                shown_as = self.book.formats[style] if style < len(self.book.formats) else ""
                return number_text(self._value.strip(), shown_as, since_1904=self.book.since_1904)
        return unescaped(self._value)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, bottom = place_of(first), place_of(last)
        if top and bottom:
            self.merged.append(Range(*top, *bottom))
        if len(self.merged) > _MOST_MERGED:
            raise SheetRejected("too-large")

    def _place_pictures(self) -> None:
        relations = self.book.package.relations(self.worksheet.part)
        for drawing in self._drawings:
            if drawing in relations:
                self.placed += placed_pictures(self.book.package, relations[drawing].part, self._heights)


def _points(height: str) -> float:
    """A height in points, 0 when it is none that a row can have."""
    try:
        points = float(height)
    except ValueError:
        return 0.0
    return points if 0 <= points <= 10_000 else 0.0
