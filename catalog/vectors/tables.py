"""A team's vectors as one file, which any number of processes map into their memory.

A file is never changed: a newer one takes its place, and who still maps the older one keeps what it has. It is a copy
of rows, nothing more: whatever is wrong with it, it is made anew from them.

64 bytes of header, then n ids, n numbers (int64) and n vectors (float32, DIMENSIONS each), all little-endian, by id.
"""

import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from searches.visual import DIMENSIONS, VERSION

Integers = NDArray[np.int64]
Vectors = NDArray[np.float32]
# What the file is, the VERSION, the DIMENSIONS, how many rows, up to which number, and the checksum of what follows.
HEADER = struct.Struct("<8s16sIQqI16x")
MAGIC = b"tkvector"
AT_ONCE = 2**20  # bytes
BYTES_EACH = 8 + 8 + 4 * DIMENSIONS


class Damaged(Exception):
    """The file is not there, not whole, or not of this VERSION."""


@dataclass(frozen=True, slots=True)
class Table:
    """Vectors of one team, with the ids of their pictures, ascending, and the numbers they were kept under.

    `upto`: every vector of a smaller or equal number is in the table, or was deleted since.
    """

    ids: Integers
    numbers: Integers
    vectors: Vectors
    upto: int

    def __len__(self) -> int:
        return len(self.ids)


def empty() -> Table:
    return Table(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, DIMENSIONS), np.float32), -1)


def read(path: Path) -> Table:
    """Map the file into memory; raises Damaged. All of it is read once, for its checksum."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise Damaged(str(error)) from error
    if len(mapped) < HEADER.size:
        raise Damaged("It is too short.")
    magic, version, dimensions, n, upto, checksum = HEADER.unpack_from(mapped)
    if (magic, version.rstrip(b"\0"), dimensions) != (MAGIC, VERSION.encode(), DIMENSIONS):
        raise Damaged("It is of something else.")
    if len(mapped) != HEADER.size + n * BYTES_EACH:
        raise Damaged("It is not whole.")
    if zlib.crc32(memoryview(mapped)[HEADER.size :]) != checksum:
        raise Damaged("Its checksum is another.")
    return _over(mapped, n, upto)


def write(path: Path, ids: Integers, numbers: Integers, upto: int, fill: Callable[[Table], None]) -> Table:
    """Put a new file in the place of `path`. `fill` writes the vectors, and may write -1 over numbers it has none for.

    Needs no memory for the vectors but the file's own pages. Raises OSError, and leaves nothing behind then.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "r+b") as file:
            _allot(file, HEADER.size + len(ids) * BYTES_EACH)
            # Never closed by hand, which is an error while arrays look into it: it goes with the last of them.
            _fill(mmap.mmap(file.fileno(), 0), ids, numbers, upto, fill)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return read(path)


def in_memory(ids: Integers, numbers: Integers, upto: int, fill: Callable[[Table], None]) -> Table:
    """The same table without a file, for machines on which none can be written."""
    table = Table(ids, numbers.copy(), np.zeros((len(ids), DIMENSIONS), np.float32), upto)
    fill(table)
    return table


def _allot(file: BinaryIO, size: int) -> None:
    """Take the room now: a full disk is an error here, and the end of the process when a map is written to."""
    zeros = bytes(AT_ONCE)
    for start in range(0, size, AT_ONCE):
        file.write(zeros[: size - start])
    file.flush()


def _fill(mapped: mmap.mmap, ids: Integers, numbers: Integers, upto: int, fill: Callable[[Table], None]) -> None:
    table = _over(mapped, len(ids), upto)
    table.ids[:], table.numbers[:] = ids, numbers
    fill(table)
    with memoryview(mapped) as view, view[HEADER.size :] as body:
        checksum = zlib.crc32(body)
    mapped[: HEADER.size] = HEADER.pack(MAGIC, VERSION.encode(), DIMENSIONS, len(ids), upto, checksum)


def _over(mapped: mmap.mmap, n: int, upto: int) -> Table:
    start, bytes_of_ids = HEADER.size, 8 * n
    ids = np.frombuffer(mapped, "<i8", n, start)
    numbers = np.frombuffer(mapped, "<i8", n, start + bytes_of_ids)
    vectors = np.frombuffer(mapped, "<f4", n * DIMENSIONS, start + 2 * bytes_of_ids)
    return Table(ids, numbers, vectors.reshape(n, DIMENSIONS), upto)
