"""Cells by their names, and ranges of cells that were merged."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from batches.reading.rejected import SheetRejected
from catalog.imports.staged import StagedRow

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII | re.IGNORECASE)
# How many ranges a row may lie in; the format forbids that they overlap, so that there are as many as columns.
_MOST_AT_ONCE = 200


class Range(NamedTuple):
    """Rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def place_of(reference: str) -> tuple[int, int] | None:
    """B3 as row 3 and column 1."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


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
