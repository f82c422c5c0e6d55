"""A ZIP from somebody's computer, read a piece at a time and never trusted.

Python's zipfile reads the format; what it lets pass (overlapping files, bombs, any number of files) is refused here,
before anything is unpacked. Nothing is ever written under a name out of the archive.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from types import TracebackType
from typing import IO, BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from batches.reading.entry_names import is_clutter, is_unsafe, printable, shown_name
from batches.reading.nested import is_archive
from batches.reading.rejected import ArchiveCode, ArchiveRejected

CHUNK = 64 * 1024
# Below this even a ratio of 1,000 harms nobody: a white bitmap, a column of equal cells.
_HARMLESS = 1_000_000
# What the directory may take for each file, with those that are passed over.
_DIRECTORY_PER_ENTRY = 1_000
# Appnote 4.4.4: encrypted, strongly encrypted, and with its directory encrypted.
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_SIGNATURE, _END_SIGNATURE = b"PK\x03\x04", b"PK\x05\x06"
_UNREADABLE = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold. Sizes in bytes, unpacked; `ratio` of unpacked to packed, for a file and for all.
    `plain` archives hold people's files: names that lead outside are refused and clutter is passed over."""

    entries: int
    entry_bytes: int
    total_bytes: int
    ratio: int
    plain: bool


PICTURES = Limits(entries=2_000, entry_bytes=20_000_000, total_bytes=2_000_000_000, ratio=200, plain=True)
# The parts of an XLSX; some programs write their names with a slash in front.
WORKBOOK = Limits(entries=3_000, entry_bytes=20_000_000, total_bytes=2_000_000_000, ratio=200, plain=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive. `name` is what to show, with its folders; two may have the same. `size` is what the
    archive says, in bytes. `position` is its place among all that the archive holds, and stays the same."""

    name: str
    size: int
    position: int


class Archive:
    """A ZIP that passed `open_archive`. It reads from the file it was given, which stays the caller's to close."""

    def __init__(self, zipped: ZipFile, entries: tuple[Entry, ...], limits: Limits) -> None:
        self.entries = entries
        self._zipped = zipped
        self._infos = zipped.infolist()
        self._limits = limits

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._zipped.close()

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """The file's bytes in pieces of at most 64 kB.

        Raises ArchiveRejected naming the entry when this one can't be had; the others still can. A wrong checksum
        is only known at the end, so keep nothing of what was read before.
        """
        info = self._infos[entry.position]
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise ArchiveRejected("entry-method", entry.name)
        if info.file_size > self._limits.entry_bytes:
            raise ArchiveRejected("entry-too-large", entry.name)
        left = info.file_size
        with _rejecting(entry), self._zipped.open(info) as source:
            # zipfile stops at the declared size however much more the data unpacks to, and checks the sum.
            while chunk := source.read(CHUNK):
                if left == info.file_size and is_archive(entry.name, chunk):
                    raise ArchiveRejected("nested", entry.name)
                left -= len(chunk)
                yield chunk
        if left:
            raise ArchiveRejected("entry-damaged", entry.name)

    def read(self, entry: Entry) -> bytes:
        """All of the file, at most 20 MB. Raises as `stream` does."""
        return b"".join(self.stream(entry))

    def copy(self, entry: Entry, target: IO[bytes]) -> int:
        """Write the file to `target`; returns its size in bytes. Raises as `stream` does, with a part written."""
        return sum(target.write(chunk) for chunk in self.stream(entry))


def open_archive(file: BinaryIO, limits: Limits = PICTURES) -> Archive:
    """Read the directory of the ZIP in a seekable file and refuse all that is wrong with the whole.

    Raises ArchiveRejected. What is wrong with one file alone (its size, its checksum, an archive in the archive)
    is raised when that file is read. Directories are passed over, and so is what Windows and macOS add.
    """
    try:
        zipped = ZipFile(_Guarded(file, max(2 * CHUNK, limits.entries * _DIRECTORY_PER_ENTRY)))
    except _UNREADABLE as error:
        raise ArchiveRejected(_unreadable(file)) from error
    infos = zipped.infolist()
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise ArchiveRejected("encrypted")
    entries = _entries(infos, limits)
    _refuse_overlaps(file, infos, zipped.start_dir)
    _refuse_bombs(infos, limits)
    return Archive(zipped, entries, limits)


class _Guarded:
    """A file that gives no more than so many bytes at once: zipfile reads a whole directory of any length."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most
        self.tell = file.tell

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 0 and offset < 0:
            raise BadZipFile
        return self._file.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise ArchiveRejected("too-many-files")
        # Without a size zipfile only reads the last 64 kB, from where it has gone before.
        return self._file.read(self._most if size < 0 else size)


def _unreadable(file: BinaryIO) -> ArchiveCode:
    file.seek(0)
    start = file.read(4)
    if start == _END_SIGNATURE:
        return "damaged"
    if start != _LOCAL_SIGNATURE:
        return "not-a-zip"
    size = file.seek(0, 2)
    file.seek(max(0, size - CHUNK - 22))
    return "damaged" if _END_SIGNATURE in file.read() else "truncated"


def _entries(infos: list[ZipInfo], limits: Limits) -> tuple[Entry, ...]:
    entries = []
    for position, info in enumerate(infos):
        name = shown_name(info)
        if limits.plain and is_unsafe(name):
            raise ArchiveRejected("unsafe-name", printable(name))
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveRejected("special-file", printable(name))
        if name.endswith("/") or (limits.plain and is_clutter(name)):
            continue
        entries.append(Entry(printable(name), info.file_size, position))
    if len(entries) > limits.entries:
        raise ArchiveRejected("too-many-files")
    return tuple(entries)


def _refuse_overlaps(file: BinaryIO, infos: list[ZipInfo], directory: int) -> None:
    """Each file has its bytes for itself, in front of the directory.

    A bomb lets thousands of entries point at the same packed bytes (D. Fifield, "A better zip bomb", 2019).
    """
    spans = sorted((info.header_offset, _end(file, info)) for info in infos)
    for (_, end), (start, _) in pairwise((*spans, (directory, directory))):
        if end > start:
            raise ArchiveRejected("overlapping")


def _end(file: BinaryIO, info: ZipInfo) -> int:
    """Where the packed bytes end. The lengths are those of the local header, for it decides where they begin."""
    try:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        signature, name, extra = _LOCAL_HEADER.unpack(header)
    except (struct.error, OverflowError, ValueError) as error:
        raise ArchiveRejected("damaged") from error
    if signature != _LOCAL_SIGNATURE:
        raise ArchiveRejected("damaged")
    return int(info.header_offset + _LOCAL_HEADER.size + name + extra + info.compress_size)


def _refuse_bombs(infos: list[ZipInfo], limits: Limits) -> None:
    """By what the directory says. It can't lie to good purpose: the packed sizes were found to fit into the file,
    and no more is unpacked than the other size says."""
    total = sum(info.file_size for info in infos)
    if total > limits.total_bytes:
        raise ArchiveRejected("too-large")
    for info in infos:
        if _is_bomb(info.file_size, info.compress_size, limits):
            raise ArchiveRejected("bomb", printable(shown_name(info)))
    if _is_bomb(total, sum(info.compress_size for info in infos), limits):
        raise ArchiveRejected("bomb")


def _is_bomb(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > _HARMLESS and unpacked > limits.ratio * packed


@contextmanager
def _rejecting(entry: Entry) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise ArchiveRejected("entry-damaged", entry.name) from error
