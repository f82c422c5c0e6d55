"""The rows of a sheet as lines of JSON on the disk: read off the sheet once, gone through as often as it takes.

Where a row begins is a position in bytes, at which whoever goes on begins, however many rows lie before it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

# What a line of 100 cells of 32,767 characters takes at most, and no bound to what is read of a damaged file without.
_LONGEST_LINE = 20_000_000


@dataclass(slots=True)
class StagedRow:
    """A row that holds anything. `number` is the row's in the sheet, from 1; the others are by column, from 0.

    pictures: parts of the workbook, each with its column. unreckoned: columns with formulas that have no value in
    the file, or an error for one. `position` is in the file of rows, in bytes.
    """

    number: int
    texts: dict[int, str] = field(default_factory=dict)
    pictures: list[tuple[str, int]] = field(default_factory=list)
    unreckoned: list[int] = field(default_factory=list)
    position: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.pictures or self.unreckoned)


def write(file: IO[bytes], row: StagedRow) -> None:
    line = {"n": row.number, "t": row.texts}
    if row.pictures:
        line["p"] = row.pictures
    if row.unreckoned:
        line["u"] = row.unreckoned
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def write_all(path: Path, rows: Iterable[StagedRow]) -> int:
    """How many they were."""
    number = 0
    with path.open("wb") as file:
        for row in rows:
            write(file, row)
            number += 1
    return number


def read(path: Path, position: int = 0) -> Iterator[tuple[StagedRow, int]]:
    """The rows from the position on, each with the position behind it. Raises OSError."""
    with path.open("rb") as file:
        file.seek(position)
        while line := file.readline(_LONGEST_LINE):
            at, position = position, position + len(line)
            yield _row(line, at), position


def read_one(path: Path, position: int) -> StagedRow:
    """The row that begins there. Raises OSError, and LookupError without one."""
    for row, _behind in read(path, position):
        return row
    raise LookupError(position)


def _row(line: bytes, position: int) -> StagedRow:
    held = json.loads(line)
    return StagedRow(
        number=held["n"],
        texts={int(column): text for column, text in held["t"].items()},
        pictures=[(part, column) for part, column in held.get("p", ())],
        unreckoned=held.get("u", []),
        position=position,
    )
