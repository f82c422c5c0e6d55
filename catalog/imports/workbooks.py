"""A workbook of any length, a row at a time: what `batches.reading` knows of the format, without its tables in memory.

A hundred thousand rows are some megabytes here: texts that cells share lie on the disk, and a row is gone when the
next one comes.
"""

import os
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Self

from batches.reading.archives import Limits
from batches.reading.package import Package
from batches.reading.sheetcells import SheetCells
from batches.reading.workbook import Workbook, Worksheet
from catalog.imports.staged import StagedRow

# A worksheet of 200,000 rows and twenty columns is some 400 MB of text, unpacked a piece at a time.
LARGE = Limits(entries=25_000, entry_bytes=1_000_000_000, total_bytes=4_000_000_000, ratio=200, plain=False)
_MOST_ELEMENTS = 12_000_000


def large_package(file: BinaryIO) -> Package:
    """An XLSX file within wider limits than the house's. Raises SheetRejected."""
    return Package(file, LARGE, elements=_MOST_ELEMENTS)


class LargeWorkbook(Workbook):
    """A workbook whose worksheets are read by `rows_of`, a block. `folder`: where there is room for what memory has
    none."""

    def __init__(self, file: BinaryIO, folder: Path) -> None:
        """Raises SheetRejected when the ZIP in the file is not safe, or no workbook."""
        super().__init__(large_package(file))
        self._folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @cached_property
    def strings(self) -> "TextsOnDisk":
        # Open as long as the block.
        found = TextsOnDisk(self._stack.enter_context(TemporaryFile(dir=self._folder)))  # noqa: SIM115
        for text in self.shared_strings():
            found.append(text)
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


def cells_of(book: LargeWorkbook, worksheet: Worksheet) -> SheetCells:
    return SheetCells(book, worksheet, in_order=True)


def rows_of(cells: SheetCells) -> Iterator[StagedRow]:
    """Those that hold anything, as they follow each other. Raises SheetRejected."""
    row = StagedRow(0)
    for cell in cells:
        if cell.row != row.number:
            if not row.is_empty:
                yield row
            row = StagedRow(cell.row)
        if cell.picture:
            row.pictures.append((cell.picture, cell.column))
        elif cell.unreckoned:
            row.unreckoned.append(cell.column)
        elif cell.text:
            row.texts[cell.column] = cell.text
    if not row.is_empty:
        yield row
