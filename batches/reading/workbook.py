"""An XLSX workbook: its worksheets as tables of text, with the pictures that belong to each row."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from batches.reading.anchors import whole
from batches.reading.cellpictures import named_pictures, rich_pictures
from batches.reading.cells import number_format, unescaped
from batches.reading.markup import End, Start
from batches.reading.package import Package
from batches.reading.rejected import SheetRejected

# Parts that other programs' spreadsheets have: Excel's binary workbook, OpenDocument, Numbers.
_OTHERS = ("xl/workbook.bin", "content.xml", "index/document.iwa")
# Longer formats than Excel takes are passed over.
_MAX_FORMAT = 255


@dataclass(frozen=True, slots=True)
class Worksheet:
    title: str
    part: str
    hidden: bool


class Texts(Protocol):
    """Texts by their places, from 0."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> str: ...


class Workbook:
    """What all worksheets of a workbook share."""

    def __init__(self, package: Package) -> None:
        """Raises SheetRejected when the package is no workbook."""
        self.package = package
        roots = [relation.part for relation in self.package.relations("").values()]
        self._part = next((part for part in (*roots, "xl/workbook.xml") if part.endswith("workbook.xml")), "")
        if self._part not in self.package:
            other = any(part in self.package for part in _OTHERS)
            raise SheetRejected("legacy" if other else "not-a-sheet")
        self._relations = self.package.relations(self._part)
        self.since_1904 = False
        self.worksheets = tuple(self._worksheets())

    def _worksheets(self) -> Iterator[Worksheet]:
        for tag in self.package.tags(self._part):
            if not isinstance(tag, Start):
                continue
            if tag.name == "workbookPr":
                self.since_1904 = tag.attributes.get("date1904", "") in ("1", "true")
            if tag.name == "sheet":
                relation = self._relations.get(tag.attributes.get("id", ""))
                if relation is not None and relation.kind == "worksheet" and relation.part in self.package:
                    hidden = tag.attributes.get("state", "visible") != "visible"
                    yield Worksheet(tag.attributes.get("name", ""), relation.part, hidden)

    def _related(self, kind: str) -> str:
        return next((relation.part for relation in self._relations.values() if relation.kind == kind), "")

    @cached_property
    def strings(self) -> Texts:
        """The shared strings, which cells name by their places."""
        return list(self.shared_strings())

    def shared_strings(self) -> Iterator[str]:
        """In their order, without the readings that East Asian editions put above characters."""
        pieces: list[str] = []
        reading = 0
        for tag in self.package.tags(self._related("sharedStrings")):
            if tag.name == "rPh":
                reading += 1 if isinstance(tag, Start) else -1
            elif isinstance(tag, End) and tag.name == "t" and not reading:
                pieces.append(tag.text)
            elif isinstance(tag, End) and tag.name == "si":
                yield unescaped("".join(pieces))
                pieces = []

    @cached_property
    def formats(self) -> list[str]:
        """The number format of each cell style."""
        own: dict[int, str] = {}
        found: list[str] = []
        section = ""
        for tag in self.package.tags(self._related("styles")):
            if not isinstance(tag, Start):
                continue
            if tag.depth == 2:
                section = tag.name
            elif tag.name == "numFmt" and section == "numFmts":
                own[whole(tag.attributes.get("numFmtId", ""))] = tag.attributes.get("formatCode", "")[:_MAX_FORMAT]
            elif tag.name == "xf" and section == "cellXfs":
                found.append(number_format(whole(tag.attributes.get("numFmtId", "")), own))
        return found

    @cached_property
    def named_pictures(self) -> dict[str, str]:
        return named_pictures(self.package, self._relations)

    @cached_property
    def rich_pictures(self) -> dict[int, str]:
        return rich_pictures(self.package, self._relations)
