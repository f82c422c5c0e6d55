"""Where the pictures of a row are: in the workbook, in a ZIP beside the sheet, or at an address."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO, Self

from batches.reading.archives import Archive, open_archive
from batches.reading.grid import EmbeddedPicture
from batches.reading.items import MAX_PICTURES, FilePicture, Picture, UrlPicture, join_items
from batches.reading.mapping import ProductRow
from batches.reading.package import MOST_PART_BYTES, Package
from batches.reading.problems import Problem, ProblemCode
from batches.reading.rejected import ArchiveRejected, SheetRejected
from catalog.imports import troubles
from catalog.imports.rows import ItemRow
from catalog.imports.troubles import Code, Trouble
from catalog.imports.workbooks import large_package
from catalog.models import CatalogImport, ImportFile

# As `ImportPicture.sources` keeps it.
Source = list[str | int]


@dataclass(slots=True)
class Sources:
    """The files of an import that hold pictures. A block, at whose end they are closed."""

    of: CatalogImport
    _stack: ExitStack = field(default_factory=ExitStack)
    _archives: dict[int, Archive] = field(default_factory=dict)
    _workbook: Package | None = None
    # Each picture by its name, with its file and its place in that, which is -1 for a file of its own.
    _places: list[tuple[str, int, int]] = field(default_factory=list)

    def __enter__(self) -> Self:
        for file in self.of.files.all():
            if not file.is_here or file.is_sheet or file.error_message:
                continue
            if file.is_archive:
                self._open(file)
            else:
                self._places.append((file.name, file.pk, -1))
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def _open(self, file: ImportFile) -> None:
        try:
            archive = open_archive(self._opened(file))
        except (ArchiveRejected, OSError) as problem:
            # The page says it; the rows that name its pictures say that they are not there.
            message = problem.message if isinstance(problem, ArchiveRejected) else ""
            file.error_message = (message or "The file is not on the server any more. Upload it again.")[:500]
            file.save(update_fields=["error_message"])
            return
        self._archives[file.pk] = archive
        self._places += [(entry.name, file.pk, entry.position) for entry in archive.entries]

    def _opened(self, file: ImportFile) -> BinaryIO:
        return self._stack.enter_context(file.path.open("rb"))

    def of_rows(self, rows: Sequence[ItemRow]) -> Iterator[tuple[list[Source], list[Trouble]]]:
        """For each row its pictures in their order, and what is wrong with how it names them.

        A row takes the files that it names, else its pictures in the workbook, else those at its addresses, else the
        file called like its code.
        """
        products = [_product(row) for row in rows]
        items = join_items([name for name, _file, _entry in self._places], products)
        for item in items[: len(rows)]:
            yield [self._source(picture) for picture in item.pictures], list(_troubles(item.problems))

    def _source(self, picture: Picture) -> Source:
        match picture:
            case EmbeddedPicture():
                return ["cell", picture.part]
            case UrlPicture():
                return ["url", picture.url]
            case FilePicture():
                _name, file, entry = self._places[picture.position]
                return ["file", file, entry]

    def read(self, source: Source) -> bytes:
        """The bytes of a picture that is in a file here, at most 20 MB. Raises ArchiveRejected, SheetRejected, OSError,
        and KeyError for what is not there any more."""
        if source[0] == "cell":
            return self._package().read(str(source[1]))
        if source[2] == -1:
            path = self.of.files.get(pk=source[1]).path
            with path.open("rb") as file:
                # No more than tells that it is too large.
                return file.read(MOST_PART_BYTES + 1)
        archive = self._archives[int(source[1])]
        entry = next((entry for entry in archive.entries if entry.position == source[2]), None)
        if entry is None:
            raise KeyError(source[2])
        return archive.read(entry)

    def _package(self) -> Package:
        if self._workbook is None:
            sheet = self.of.files.filter(is_sheet=True).first()
            if sheet is None:
                raise KeyError("sheet")
            self._workbook = large_package(self._opened(sheet))
        return self._workbook


def _product(row: ItemRow) -> ProductRow:
    return ProductRow(
        row.number,
        code=row.code,
        file_name="\n".join(row.names),
        urls=tuple(row.urls),
        pictures=tuple(EmbeddedPicture(part, 0) for part in row.parts),
    )


def _troubles(problems: Iterable[Problem]) -> Iterator[Trouble]:
    for problem in problems:
        match problem.code:
            case ProblemCode.FILE_MISSING:
                yield troubles.of(Code.NO_FILE, text=problem.text, refused=False)
            case ProblemCode.FILE_AMBIGUOUS:
                yield troubles.of(Code.SEVERAL_FILES, text=problem.text, refused=False)
            case ProblemCode.TOO_MANY_PICTURES:
                yield troubles.of(Code.TOO_MANY_PICTURES, most=MAX_PICTURES, refused=False)


__all__ = ["ArchiveRejected", "SheetRejected", "Source", "Sources"]
