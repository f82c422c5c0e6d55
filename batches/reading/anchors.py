"""Pictures that lie over a worksheet: which row each belongs to (ECMA-376 part 1, 20.5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from batches.reading.markup import End, Start
from batches.reading.package import Package
from batches.reading.rejected import SheetRejected

_EMU_PER_POINT = 12_700
_ANCHORS = ("twoCellAnchor", "oneCellAnchor")
# A photo of a product is some rows high.
_MOST_ROWS = 100
_MOST_PICTURES = 20_000
_MOST_DIGITS = 9


def whole(text: str, otherwise: int = 0) -> int:
    """A whole number as these files write it; `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else otherwise


@dataclass(slots=True)
class Heights:
    """Of the rows of a worksheet, in points; rows are numbered from 1."""

    usual: float = 15.0
    own: dict[int, float] = field(default_factory=dict)

    def of(self, row: int) -> float:
        """In EMU, 914,400 to the inch, as drawings measure."""
        return self.own.get(row, self.usual) * _EMU_PER_POINT


@dataclass(slots=True)
class _Anchor:
    """Where pictures begin and end. `numbers` are the texts of <from> and <to>: rows and columns from 0, offsets in
    EMU; without a <to> there is the `height`, in EMU."""

    numbers: dict[str, int] = field(default_factory=dict)
    height: int = 0
    blips: list[str] = field(default_factory=list)

    @property
    def column(self) -> int:
        return self.numbers.get("from col", 0)

    def row(self, heights: Heights) -> int:
        """The first row that a picture covers by half, else the one it covers most.

        People drag pictures by hand: one that begins at the lower edge of a row belongs to the next, and one over
        several rows to the first of them, where the values of merged cells stand.
        """
        best, most = self.numbers.get("from row", 0) + 1, 0.0
        for row, covered in self._covered(heights):
            if covered > 0 and covered >= heights.of(row) / 2:
                return row
            if covered > most:
                best, most = row, covered
        return best

    def _covered(self, heights: Heights) -> Iterator[tuple[int, float]]:
        """Each row from the first to the last, with how much of its height the picture takes."""
        first = self.numbers.get("from row", 0) + 1
        last = self.numbers.get("to row", first + _MOST_ROWS) + 1
        left = float(self.height) if "to row" not in self.numbers else float("inf")
        for row in range(first, min(last, first + _MOST_ROWS) + 1):
            top = min(self.numbers.get("from rowOff", 0), heights.of(row)) if row == first else 0
            bottom = self.numbers.get("to rowOff", 0) if row == last else heights.of(row)
            covered = min(bottom - top, left)
            yield row, covered
            left -= covered
            if left <= 0:
                return


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture: its row from 1, its column from 0, and the part that holds it."""

    row: int
    column: int
    part: str


def placed_pictures(package: Package, drawing: str, heights: Heights) -> list[Placed]:
    """The pictures of a drawing part in the order they were put there, each once.

    Those that are only linked, or placed by a distance from the corner instead of by a cell, are left out. Raises
    SheetRejected.
    """
    relations = package.relations(drawing)
    found: dict[Placed, None] = {}
    for anchor in _anchors(package, drawing):
        row = anchor.row(heights)
        for blip in anchor.blips:
            relation = relations.get(blip)
            if relation is not None and relation.part in package:
                found[Placed(row, anchor.column, relation.part)] = None
        if len(found) > _MOST_PICTURES:
            raise SheetRejected("too-large")
    return list(found)


def _anchors(package: Package, drawing: str) -> Iterator[_Anchor]:
    anchor, depth, corner = None, 0, ""
    for tag in package.tags(drawing):
        if anchor is None:
            if isinstance(tag, Start) and tag.name in _ANCHORS:
                anchor, depth = _Anchor(), tag.depth
        elif isinstance(tag, Start):
            if tag.depth == depth + 1:
                corner = tag.name
                if tag.name == "ext":
                    anchor.height = whole(tag.attributes.get("cy", ""))
            if tag.name == "blip" and "embed" in tag.attributes:
                anchor.blips.append(tag.attributes["embed"])
        elif isinstance(tag, End) and tag.depth == depth:
            yield anchor
            anchor = None
        elif corner in ("from", "to") and tag.depth == depth + 2:
            anchor.numbers[f"{corner} {tag.name}"] = whole(tag.text.strip())
