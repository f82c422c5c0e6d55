"""The rows with which something is wrong, as a file to mend and import again, with what is wrong.

Written by a worker, as other files are (exports/). A row that was imported without its picture is in it, too: imported
again, it changes nothing but that.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.imports import staged, troubles
from catalog.models import CatalogImport, ImportTrouble
from exports import writing
from exports.cells import safe_cell
from exports.models import Export
from exports.workbook import Book, Column
from exports.writers import Beat, Gone

WRITER = "catalogue-import"
ROWS_A_BEAT = 500
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
    lines = _lines(of, beat)
    headings = [*of.sheet["headings"], _("What is wrong")]
    if export.kind == Export.Kind.CSV:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(BYTE_ORDER_MARK)
            csv.writer(file).writerows([safe_cell(cell) for cell in line] for line in (headings, *lines))
        return
    columns = [Column(heading, 18, "plain") for heading in headings[:-1]]
    with Book(path, title=export.label, notice="") as book:
        sheet = book.sheet(_("To mend"), [*columns, Column(headings[-1], 60)])
        for line in lines:
            sheet.line(line)


def _lines(of: CatalogImport, beat: Beat) -> Iterator[list[str]]:
    """The cells of each row as they were, and all that is wrong with it."""
    width = len(of.sheet["headings"])
    found = ImportTrouble.objects.filter(of=of).order_by("row", "pk")
    number = found.values("row").distinct().count()
    by_row = groupby(found.iterator(1000), key=lambda trouble: trouble.row)
    for done, (_row, wrong) in enumerate(by_row):
        if done % ROWS_A_BEAT == 0:
            beat(done, number)
        told = list(wrong)
        row = staged.read_one(of.folder / of.rows_file, told[0].position)
        words = " ".join(troubles.in_words(one.code, one.details) for one in told)
        yield [*(row.texts.get(column, "") for column in range(width)), words]
