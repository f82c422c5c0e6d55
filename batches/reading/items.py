"""The items of a batch: rows of a sheet joined with the uploaded files, and files that no row asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from batches.reading.grid import EmbeddedPicture
from batches.reading.mapping import ProductRow
from batches.reading.picture_names import folded, last, path, stem
from batches.reading.problems import Problem, ProblemCode, problem

MAX_PICTURES = 8
_BETWEEN_NAMES = re.compile(r"\s*[\n;|,，；、]\s*")
_MOST_NAMES = 20
_MOST_FOLDERS = 8


@dataclass(frozen=True, slots=True)
class FilePicture:
    """An uploaded file, or one in an uploaded archive. `position` is its place in the names that were given."""

    position: int
    name: str


@dataclass(frozen=True, slots=True)
class UrlPicture:
    url: str


Picture = FilePicture | EmbeddedPicture | UrlPicture


@dataclass(frozen=True, slots=True)
class Item:
    """One product to search for. `row` is its number in the sheet, None for a file without a row. Without `pictures`
    it can't be searched, and `problems` say why. `left_out`: pictures of it that are too many."""

    row: int | None
    code: str
    name: str
    target_price: Decimal | None
    quantity: int | None
    keywords: str
    pictures: tuple[Picture, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[Picture, ...] = ()


def join_items(names: Sequence[str], rows: Sequence[ProductRow] = ()) -> tuple[Item, ...]:
    """The rows in their order, then each file that belongs to no row as an item of its own, called by its name.

    A row takes the files it names, else the pictures in it, else those at its addresses, else the file called like
    its code: the first is the one that somebody chose with care, and the same photo in better quality. Names are
    compared exactly first, then without case, then without folders, then without the extension.
    """
    files = _Files(names)
    taken: set[int] = set()
    items = []
    for row in rows:
        item = _item(row, files)
        taken.update(
            picture.position for picture in (*item.pictures, *item.left_out) if isinstance(picture, FilePicture)
        )
        items.append(item)
    items.extend(_alone(FilePicture(position, name)) for position, name in enumerate(names) if position not in taken)
    return tuple(items)


def _alone(file: FilePicture) -> Item:
    return Item(None, "", stem(path(file.name)), None, None, "", (file,), ())


def _item(row: ProductRow, files: "_Files") -> Item:
    problems = list(row.problems)
    pictures: Sequence[Picture] = files.named(row.file_name, problems) if row.file_name else ()
    pictures = pictures or row.pictures or [UrlPicture(url) for url in row.urls]
    if not pictures and row.code and len(found := files.called(row.code)) == 1:
        pictures = found
        problems = [problem for problem in problems if problem.code is not ProblemCode.NO_PICTURE]
    if not pictures and not problems:
        # Its picture cell holds nothing but commas.
        problems.append(Problem(ProblemCode.NO_PICTURE))
    if len(pictures) > MAX_PICTURES:
        problems.append(Problem(ProblemCode.TOO_MANY_PICTURES))
    return Item(
        row=row.number,
        code=row.code,
        name=row.name,
        target_price=row.target_price,
        quantity=row.quantity,
        keywords=row.keywords,
        pictures=tuple(pictures[:MAX_PICTURES]),
        problems=tuple(problems),
        left_out=tuple(pictures[MAX_PICTURES:]),
    )


class _Files:
    """Uploaded files by their names, as exactly as possible."""

    def __init__(self, names: Sequence[str]) -> None:
        # From the most exact way to call a file to the least.
        self._ways: tuple[dict[str, list[FilePicture]], ...] = ({}, {}, {}, {}, {})
        for position, name in enumerate(names):
            for way, keys in zip(self._ways, _keys(path(name)), strict=True):
                for key in keys:
                    way.setdefault(key, []).append(FilePicture(position, name))

    def called(self, name: str) -> list[FilePicture]:
        """The files that the name may mean, in the most exact way that finds any; one is a match."""
        own = path(name)
        wanted = (own, folded(own), folded(own), folded(last(own)), folded(stem(own)))
        found = (way[key] for way, key in zip(self._ways, wanted, strict=True) if key and key in way)
        return next(found, [])

    def named(self, cell: str, problems: list[Problem]) -> list[FilePicture]:
        """The files that cells name, each in a line: one, or several with commas, semicolons or line ends between."""
        if len(whole := self.called(cell)) == 1:
            return whole
        matches: dict[FilePicture, None] = {}
        for name in self._names(cell):
            found = self.called(name)
            if len(found) == 1:
                matches[found[0]] = None
            else:
                code = ProblemCode.FILE_AMBIGUOUS if found else ProblemCode.FILE_MISSING
                problems.append(problem(code, name))
        return list(matches)

    def _names(self, cell: str) -> Iterator[str]:
        """A line that is a file's name, commas and all, is one."""
        for line in cell.split("\n", maxsplit=_MOST_NAMES):
            if len(self.called(line)) == 1:
                yield line
            else:
                yield from filter(None, _BETWEEN_NAMES.split(line.strip(), maxsplit=_MOST_NAMES))


def _keys(name: str) -> tuple[list[str], ...]:
    """What a file is called: its path, that without case, ends of it ("photos/red/1.jpg" is "red/1.jpg" too), its
    name without folders, and that without the extension."""
    own = folded(name)
    folders = own.split("/")
    ends = ["/".join(folders[at:]) for at in range(max(0, len(folders) - _MOST_FOLDERS), len(folders))]
    return [name], [own], ends, [last(own)], [folded(stem(name))]
