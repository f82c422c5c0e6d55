"""The cells of one table, before anybody knows what they mean."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from batches.reading.rejected import SheetRejected

MAX_ROWS = 5_000
MAX_COLUMNS = 100
# What Excel keeps in a cell.
MAX_CELL = 32_767
MAX_TEXT = 20_000_000


@dataclass(frozen=True, slots=True)
class EmbeddedPicture:
    """A picture inside a workbook. `part` names it there, the same each time the file is read; `column` counts from
    0."""

    part: str
    column: int


@dataclass(slots=True)
class Line:
    """A row that is not empty: its texts by column, from 0, and its pictures."""

    texts: dict[int, str] = field(default_factory=dict)
    pictures: list[EmbeddedPicture] = field(default_factory=list)


class Grid:
    """A table by row number, from 1. It takes 5,000 rows of 100 columns that hold anything, and 20 million
    characters; anything more raises SheetRejected."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.lines: dict[int, Line] = {}
        self._characters = 0

    def put_text(self, row: int, column: int, text: str) -> None:
        if not (text := _clean(text)):
            return
        if column >= MAX_COLUMNS:
            raise SheetRejected("too-many-columns")
        if len(text) > MAX_CELL:
            raise SheetRejected("cell-too-long")
        self._characters += len(text)
        if self._characters > MAX_TEXT:
            raise SheetRejected("too-large")
        self._line(row).texts[column] = text

    def put_picture(self, row: int, picture: EmbeddedPicture) -> None:
        pictures = self._line(row).pictures
        if picture not in pictures:
            pictures.append(picture)

    def _line(self, row: int) -> Line:
        line = self.lines.get(row)
        if line is None:
            if len(self.lines) >= MAX_ROWS:
                raise SheetRejected("too-many-rows")
            line = self.lines[row] = Line()
        return line

    def merge(self, ranges: Iterable[tuple[int, int, int, int]]) -> None:
        """Keep of each merged range (first row, first column, last row, last column) the first value only: what the
        others hold is not shown. Raises SheetRejected when ranges overlap so much that it would never end."""
        numbers = sorted(self.lines)
        left = len(numbers) * MAX_COLUMNS
        for top, first, bottom, last in ranges:
            covered = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            left -= len(covered)
            if left < 0:
                raise SheetRejected("damaged")
            for row in covered:
                texts = self.lines[row].texts
                for column in [column for column in texts if first <= column <= last and (row, column) != (top, first)]:
                    del texts[column]

    def filled(self) -> list[tuple[int, Line]]:
        """The rows that hold anything, from the top."""
        return sorted(item for item in self.lines.items() if item[1].texts or item[1].pictures)


def _clean(text: str) -> str:
    """Without blanks around it, and without what is no text: databases refuse the zero character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if text.isprintable():
        return text
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t").strip("\ufeff \n\t")
