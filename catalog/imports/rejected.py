"""The rows with which something is wrong, as a file to mend and import again, with what is wrong.

Written by a worker, as other files are (exports/). A row that was imported without its picture is in it, too: imported
again, it changes nothing but that.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from django.utils.translation import gettext as _

from accounts.models import User
from batches.reading.package import Package
from batches.reading.rejected import ArchiveRejected, SheetRejected
from catalog.imports import staged, troubles
from catalog.imports.staged import StagedRow
from catalog.imports.workbooks import large_package
from catalog.models import CatalogImport, ImportTrouble
from catalog.pictures import KEPT
from exports import writing
from exports.cells import safe_cell
from exports.models import Export
from exports.workbook import ROW_PIXELS, Book, Column, Picture
from exports.writers import Beat, Gone
from searches.imaging import ImageRejected, prepare

WRITER = "catalogue-import"
ROWS_A_BEAT = 20
# More would make a file that nobody opens; their rows go without.
MOST_PICTURES = 5_000
BYTE_ORDER_MARK = "\ufeff"


def ask_for(*, of: CatalogImport, user: User, kind: str, language: str) -> Export:
    """Raises `ValidationError` for too many files at once."""
    return writing.ask_for(
        user=user,
        team=of.team,
        writer=WRITER,
        kind=kind,
        subject=of.pk,
        label=_("To mend: %(file)s") % {"file": of.title},
        # A trial's rows are not those of the import after it.
        params={"state": of.state, "columns": of.columns},
        language=language,
    )


def shown(user: User, imports: Iterable[int]) -> set[int]:
    return set(CatalogImport.objects.for_user(user).filter(pk__in=imports).values_list("pk", flat=True))


def address(export: Export) -> str:
    return CatalogImport(pk=export.subject).get_absolute_url()


def write(export: Export, path: Path, beat: Beat) -> None:
    """What a worker does (exports/writers.py). Raises OSError, `Gone`, and what the beat raises."""
    of = CatalogImport.objects.filter(pk=export.subject).exclude(rows_file="").first()
    if of is None or not (of.folder / of.rows_file).exists():
        raise Gone
    rows = _rows(of, beat)
    headings = [*of.sheet["headings"], _("What is wrong")]
    if export.kind == Export.Kind.CSV:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(BYTE_ORDER_MARK)
            lines = (_cells(row, words, len(headings)) for row, words in rows)
            csv.writer(file).writerows([safe_cell(cell) for cell in line] for line in (headings, *lines))
        return
    columns = [Column(heading, 18, "plain") for heading in headings[:-1]]
    with (
        TemporaryDirectory(dir=path.parent) as folder,
        _Pictures(of, Path(folder)) as pictures,
        Book(path, title=export.label, notice="") as book,
    ):
        sheet = book.sheet(_("To mend"), [*columns, Column(headings[-1], 60)])
        for row, words in rows:
            found = pictures.of_row(row)
            height = ROW_PIXELS if found else None
            sheet.line(_cells(row, words, len(headings)), pictures=found, height=height)


def _rows(of: CatalogImport, beat: Beat) -> Iterator[tuple[StagedRow, str]]:
    """Each row with all that is wrong with it."""
    found = ImportTrouble.objects.filter(of=of).order_by("row", "pk")
    number = found.values("row").distinct().count()
    by_row = groupby(found.iterator(1000), key=lambda trouble: trouble.row)
    for done, (_row, wrong) in enumerate(by_row):
        if done % ROWS_A_BEAT == 0:
            beat(done, number)
        told = list(wrong)
        words = " ".join(troubles.in_words(one.code, one.details) for one in told)
        yield staged.read_one(of.folder / of.rows_file, told[0].position), words


def _cells(row: StagedRow, words: str, width: int) -> list[str]:
    return [*(row.texts.get(column, "") for column in range(width - 1)), words]


@dataclass(slots=True)
class _Pictures:
    """Those in the cells of the workbook, as long as it is here: a block, after which they are gone."""

    of: CatalogImport
    folder: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _package: Package | None = None
    _made: int = 0

    def __enter__(self) -> Self:
        sheet = self.of.files.filter(is_sheet=True).first()
        # A CSV file, one that was removed: then the rows go without.
        with suppress(OSError, SheetRejected):
            if sheet is not None:
                self._package = large_package(self._stack.enter_context(sheet.path.open("rb")))
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def of_row(self, row: StagedRow) -> dict[int, Picture]:
        """The first of each cell, by column. What is no picture stays out: that is what is wrong with the row."""
        found: dict[int, Picture] = {}
        for part, column in row.pictures:
            if self._package is None or column in found or self._made == MOST_PICTURES:
                continue
            with suppress(ArchiveRejected, ImageRejected, KeyError):
                prepared = prepare(self._package.read(part), preset=KEPT)
                self._made += 1
                path = self.folder / f"{self._made}.jpg"
                path.write_bytes(prepared.jpeg)
                found[column] = Picture(path, prepared.width, prepared.height)
        return found
