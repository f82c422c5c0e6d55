"""The parts of an XLSX file and how they refer to each other (Open Packaging Conventions, ECMA-376 part 2)."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from batches.reading.archives import WORKBOOK, Archive, Entry, Limits, open_archive
from batches.reading.markup import MAX_ELEMENTS, Budget, End, Start, tags
from batches.reading.rejected import ArchiveCode, ArchiveRejected, SheetCode, SheetRejected

_AS_SHEET: Mapping[ArchiveCode, SheetCode] = {
    "encrypted": "password",
    "too-many-files": "too-large",
    "too-large": "too-large",
    "entry-too-large": "too-large",
    "bomb": "unsafe",
    "overlapping": "unsafe",
    "unsafe-name": "unsafe",
    "special-file": "unsafe",
    "nested": "unsafe",
}

# What is read as a whole: a picture.
MOST_PART_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to. `kind` is the last word of the type, such as "worksheet"; `part` is a name that
    `Package` knows, perhaps of a part that is not there."""

    kind: str
    part: str


class Package:
    """An XLSX file whose ZIP was found safe. Parts are known by their path in small letters."""

    def __init__(self, file: BinaryIO, limits: Limits = WORKBOOK, *, elements: int = MAX_ELEMENTS) -> None:
        """elements: how many may be read of it, in all. Raises SheetRejected for all that `open_archive` refuses."""
        try:
            self._archive: Archive = open_archive(file, limits)
        except ArchiveRejected as error:
            raise as_sheet(error) from error
        self._entries: dict[str, Entry] = {}
        for entry in self._archive.entries:
            self._entries.setdefault(_key(entry.name), entry)
        self._budget = Budget(elements)

    def __contains__(self, part: str) -> bool:
        return part in self._entries

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def tags(self, part: str) -> Iterator[Start | End]:
        """The part's tags, none when it is missing. Raises SheetRejected."""
        entry = self._entries.get(part)
        if entry is None:
            return
        try:
            yield from tags(self._archive.stream(entry), self._budget)
        except ArchiveRejected as error:
            raise as_sheet(error) from error

    def read(self, part: str) -> bytes:
        """The part's bytes, at most 20 MB. Raises ArchiveRejected when they can't be had, KeyError without it."""
        entry = self._entries[part]
        if entry.size > MOST_PART_BYTES:
            raise ArchiveRejected("entry-too-large", part)
        return self._archive.read(entry)

    def relations(self, part: str) -> dict[str, Relation]:
        """What the part refers to inside of the file, by the id it uses. "" is the package itself."""
        folder, name = posixpath.split(part)
        found = {}
        for tag in self.tags(posixpath.join(folder, "_rels", f"{name}.rels")):
            if not isinstance(tag, Start) or tag.name != "Relationship":
                continue
            target = tag.attributes.get("Target", "")
            if tag.attributes.get("TargetMode") != "External":
                kind = tag.attributes.get("Type", "").rpartition("/")[2]
                found[tag.attributes.get("Id", "")] = Relation(kind, _key(posixpath.join("/", folder, target)))
        return found


def _key(name: str) -> str:
    """Names of parts don't differ by case (ECMA-376 part 2, 6.2.2.3), and some programs write a slash in front."""
    return posixpath.normpath(posixpath.join("/", name)).lstrip("/").lower()


def as_sheet(error: ArchiveRejected) -> SheetRejected:
    """The same refusal, told of a workbook."""
    return SheetRejected(_AS_SHEET.get(error.code, "damaged"))
