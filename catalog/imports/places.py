"""Ranges of cells that were merged."""

from collections.abc import Sequence

from batches.reading.references import Range
from batches.reading.rejected import SheetRejected
from catalog.imports.staged import StagedRow

# How many ranges a row may lie in; the format forbids that they overlap, so that there are as many as columns.
_MOST_AT_ONCE = 200


class Merged:
    """The merged ranges of a sheet, asked of its rows from the top down."""

    def __init__(self, ranges: Sequence[Range]) -> None:
        self._waiting = sorted(ranges, reverse=True)
        self._here: list[Range] = []

    def clear(self, row: StagedRow) -> bool:
        """Leave of each range its first value only: what the others hold is not shown. Whether any covers the row.

        Raises SheetRejected for more ranges over one row than any program makes.
        """
        while self._waiting and self._waiting[-1].top <= row.number:
            self._here.append(self._waiting.pop())
        self._here = [one for one in self._here if one.bottom >= row.number]
        if len(self._here) > _MOST_AT_ONCE:
            raise SheetRejected("damaged")
        for one in self._here:
            for column in [column for column in row.texts if _covers(one, row.number, column)]:
                del row.texts[column]
            row.unreckoned = [column for column in row.unreckoned if not _covers(one, row.number, column)]
        return bool(self._here)


def _covers(one: Range, row: int, column: int) -> bool:
    return one.left <= column <= one.right and (row, column) != (one.top, one.left)
