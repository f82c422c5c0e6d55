"""What a sheet is, which of its tables holds the items, and its rows onto the disk, with the pictures of each."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath

from batches.reading.grid import MAX_CELL, MAX_COLUMNS, Grid
from batches.reading.rejected import SheetRejected
from batches.reading.sheetcells import SheetCells
from batches.reading.sheets import read_sheet
from catalog.imports import csvrows, staged
from catalog.imports.fields import field_of
from catalog.imports.places import Merged
from catalog.imports.staged import StagedRow
from catalog.imports.workbooks import LargeWorkbook, cells_of, rows_of

MOST_ROWS = 200_000
MOST_TEXT = 200_000_000
# The heading is looked for in so many rows, above which stand titles and addresses.
_SEARCHED_ROWS = 20
_SURE = 2
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# So many rows between two signs of life.
_ROWS_A_BEAT = 2_000
SAMPLE = 5

# Told every few seconds how many rows are read.
Beat = Callable[[int], None]


class TooManyRows(Exception):
    """The sheet has more rows than an import takes."""


@dataclass(slots=True)
class Opened:
    """What a sheet is like. `sample`: its first rows. `pictured`: columns that hold pictures in its first rows.
    `merged`: how many rows lie in merged ranges. `others`: titles of the worksheets that are not read."""

    headings: list[str]
    heading_row: int
    rows: int = 0
    sample: list[StagedRow] = field(default_factory=list)
    pictured: list[int] = field(default_factory=list)
    merged: int = 0
    others: list[str] = field(default_factory=list)


def stage(path: Path, name: str, target: Path, beat: Beat) -> Opened:
    """Write the rows below the headings into `target`, in the order of the sheet; `name` is what it was called.

    Of a workbook it takes the first visible worksheet with at least two known headings in one of its first 20 rows,
    else the first that isn't empty, with its first row for the headings. Raises SheetRejected, `TooManyRows`, OSError.
    """
    with path.open("rb") as file:
        start = file.read(len(_COMPOUND))
        if start.startswith(_ZIP):
            with LargeWorkbook(file, target.parent) as book:
                return _Staging(target, beat).workbook(book)
        if start == _COMPOUND or PurePath(name).suffix.lower() in (".xlsx", ".xlsm"):
            # It says which of the kinds of files that we do not read this is.
            read_sheet(file, name)
            raise SheetRejected("damaged")
    return _Staging(target, beat).table(csvrows.rows_of(path))


@dataclass(slots=True)
class _Staging:
    target: Path
    beat: Beat

    def workbook(self, book: LargeWorkbook) -> Opened:
        visible = [worksheet for worksheet in book.worksheets if not worksheet.hidden]
        starts = [list(islice(rows_of(cells_of(book, one)), _SEARCHED_ROWS)) for one in visible]
        known = [place for place, start in enumerate(starts) if _heading_at(start) is not None]
        filled = [place for place, start in enumerate(starts) if len(start) > 1]
        if not known and not filled:
            raise SheetRejected("empty")
        chosen = (known or filled)[0]
        cells = cells_of(book, visible[chosen])
        raw = self.target.with_suffix(".raw")
        try:
            opened = self.table(rows_of(cells), raw)
            pictures = _pictures(cells)
            merged = Merged(cells.merged)
            opened.rows = staged.write_all(self.target, _joined(raw, opened, merged, pictures))
        finally:
            raw.unlink(missing_ok=True)
        opened.others = [one.title for one in visible if one is not visible[chosen]]
        return _described(opened, self.target)

    def table(self, rows: Iterable[StagedRow], target: Path | None = None) -> Opened:
        """The rows below the headings as they come; of a workbook into a file of their own first."""
        coming = iter(self._checked(rows))
        first = list(islice(coming, _SEARCHED_ROWS))
        at = _heading_at(first)
        if at is None:
            at = next((place for place, row in enumerate(first) if row.texts), len(first))
        if at == len(first):
            raise SheetRejected("empty")
        opened = Opened(_headings(first[at]), first[at].number)
        opened.rows = staged.write_all(target or self.target, self._told(_all(first[at + 1 :], coming)))
        if target is None:
            return _described(opened, self.target)
        return opened

    def _checked(self, rows: Iterable[StagedRow]) -> Iterator[StagedRow]:
        """Cleaned as the house's tables are, and within their limits."""
        characters = 0
        for row in rows:
            if max((*row.texts, *row.unreckoned, 0)) >= MAX_COLUMNS:
                raise SheetRejected("too-many-columns")
            grid = Grid("")
            for column, text in row.texts.items():
                if len(text) > MAX_CELL:
                    raise SheetRejected("cell-too-long")
                grid.put_text(1, column, text)
                characters += len(text)
            row.texts = grid.lines[1].texts if grid.lines else {}
            if characters > MOST_TEXT:
                raise SheetRejected("too-large")
            if not row.is_empty:
                yield row

    def _told(self, rows: Iterable[StagedRow]) -> Iterator[StagedRow]:
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise TooManyRows
            if number % _ROWS_A_BEAT == 0:
                self.beat(number)
            yield row


def _all(first: Iterable[StagedRow], others: Iterable[StagedRow]) -> Iterator[StagedRow]:
    yield from first
    yield from others


def _pictures(cells: SheetCells) -> dict[int, list[tuple[str, int]]]:
    """Those that lie over the sheet, by row, in the order they were put there."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for placed in cells.placed():
        found[placed.row].append((placed.part, placed.column))
    return found


def _joined(
    raw: Path, opened: Opened, merged: Merged, pictures: dict[int, list[tuple[str, int]]]
) -> Iterator[StagedRow]:
    """The rows with the pictures that lie over them, those with nothing but a picture among them, without what merged
    cells hide."""
    numbers = sorted(number for number in pictures if number > opened.heading_row)
    done = 0
    for row, _behind in staged.read(raw):
        for number in numbers[done : bisect_left(numbers, row.number)]:
            yield StagedRow(number, pictures=pictures[number])
        done = bisect_right(numbers, row.number)
        row.pictures += [one for one in pictures.get(row.number, ()) if one not in row.pictures]
        opened.merged += merged.clear(row)
        if not row.is_empty:
            yield row
    for number in numbers[done:]:
        yield StagedRow(number, pictures=pictures[number])


def _heading_at(rows: list[StagedRow]) -> int | None:
    """The place of the first row with enough known headings."""
    for place, row in enumerate(rows):
        if len({field_of(text) for text in row.texts.values()} - {None}) >= _SURE:
            return place
    return None


def _headings(row: StagedRow) -> list[str]:
    return [row.texts.get(column, "") for column in range(1 + max(row.texts, default=-1))]


def _described(opened: Opened, target: Path) -> Opened:
    """With the first rows, and columns that only they have."""
    if not opened.rows:
        raise SheetRejected("empty")
    first = [row for row, _behind in islice(staged.read(target), _SEARCHED_ROWS)]
    opened.sample = first[:SAMPLE]
    pictured = {column for row in first for _part, column in row.pictures if column < MAX_COLUMNS}
    opened.pictured = sorted(pictured)
    width = 1 + max((*pictured, *(column for row in first for column in row.texts)), default=-1)
    opened.headings += [""] * (width - len(opened.headings))
    return opened
