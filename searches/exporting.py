"""A search's offers as a workbook: how a worker writes it, and how somebody asks for it."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from pathlib import Path
from tempfile import mkdtemp

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from exports import writing
from exports.cells import Cell
from exports.models import Export
from exports.workbook import ROW_PIXELS, Book, Column, Section, Sheet
from exports.writers import Beat, Gone
from searches.about import file_lines, question_lines, sources_section
from searches.exports import MATCH_COLUMNS, match_cells, notice_of
from searches.knownoffers import Known, known_of
from searches.models import SearchJob, SupplierMatch
from searches.offersheet import Field, Figured, cells_of, columns_of, fields_of, lead, tail
from searches.selection import Choice, Selection, selection_of
from searches.smallpictures import SmallPictures

WRITER = "search"
WIDTHS = {"title": 36.0, "url": 24.0, "image_url": 24.0, "supplier_name": 26.0, "fetched_at": 16.0}


def ask_for(*, job: SearchJob, user: User, query: str, choice: Choice, language: str) -> Export:
    """Have the view that the query string describes written, or the chosen offers of it.

    Raises `ValidationError`, as `writing.ask_for` does.
    """
    return writing.ask_for(
        user=user,
        team=job.team,
        writer=WRITER,
        kind=Export.Kind.XLSX,
        subject=job.pk,
        label=job.title,
        params={"query": query, "match": choice.ids, "in_own_order": choice.in_own_order},
        language=language,
    )


def shown(user: User, searches: Iterable[int]) -> set[int]:
    return set(SearchJob.objects.for_user(user).filter(pk__in=searches).values_list("pk", flat=True))


def address(export: Export) -> str:
    """Of the page as it was when the file was asked for."""
    query = export.params.get("query", "")
    return SearchJob(pk=export.subject).get_absolute_url() + (f"?{query}" if query else "")


def write(export: Export, path: Path, beat: Beat) -> None:
    """What a worker does (exports/writers.py). Raises OSError, `Gone`, and what `beat` raises."""
    job = SearchJob.objects.select_related("team", "owner").filter(pk=export.subject).first()
    if job is None:
        raise Gone
    params = QueryDict(export.params.get("query", ""))
    choice = Choice(export.params.get("match", []), export.params.get("in_own_order", False))
    selection = selection_of(job, export.asked_by, params, choice)
    folder = Path(mkdtemp(prefix="pictures-", dir=path.parent))
    done = 0

    def told(rows: int) -> None:
        nonlocal done
        done = rows
        beat(rows, len(selection.ids))

    told(0)
    try:
        with SmallPictures(folder, beat=lambda: told(done)) as pictures:
            _write(selection, export.asked_by, path, told, pictures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Offers:
    """The two sheets: the view with pictures, and everything that is known of the same offers."""

    def __init__(self, book: Book, selection: Selection) -> None:
        self.fields: list[Field] = [*lead(), *fields_of(selection.keys, selection.terms)]
        self.tail: list[Field] = tail()
        lists = Column(_("On lists"), 26)
        self.view: Sheet = book.sheet(_("Offers"), [*columns_of(self.fields), lists, *columns_of(self.tail)], fixed=2)
        self.raw: Sheet = book.sheet(
            _("All data"), [Column(name, WIDTHS.get(name, 11.0), "plain") for name in MATCH_COLUMNS], fixed=4
        )
        self.photos = len(selection.job.photos)

    def write(self, match: SupplierMatch, line: Figured, known: Sequence[Known], pictures: SmallPictures) -> None:
        picture = pictures.of_offer(match.image_url)
        # What cannot be had leaves its address.
        cells: list[Cell] = [None if picture else match.image_url, *cells_of(self.fields[1:], line)]
        lists = "; ".join(f"{one.list_name}: {one.told}" for one in known)
        cells += [lists, *cells_of(self.tail, line)]
        self.view.line(cells, pictures={0: picture} if picture else {}, height=ROW_PIXELS)
        self.raw.line(match_cells(match, self.photos))


def _write(selection: Selection, user: User, path: Path, told: Callable[[int], None], pictures: SmallPictures) -> None:
    job, done = selection.job, 0
    with Book(path, title=job.title, notice=notice_of(selection.calls)) as book:
        sheets = _Offers(book, selection)
        for lines, following in pairwise(chain(selection.lines(), [[]])):
            pictures.fetch(_pictures_of(lines))
            # The next are on their way while these are written.
            pictures.begin(_pictures_of(following))
            known = known_of(job.team, user, [match for match, _line in lines])
            for match, line in lines:
                sheets.write(match, line, known.get((match.marketplace, match.offer_id), []), pictures)
            done += len(lines)
            told(done)
        shots = [shot for photo in job.photos if (shot := pictures.of_photo(photo))]
        book.about(job.title, _sections(selection, user), photos=shots)


def _pictures_of(lines: Sequence[tuple[SupplierMatch, Figured]]) -> list[tuple[str, str]]:
    return [(match.marketplace, match.image_url) for match, _line in lines if match.image_url]


def _sections(selection: Selection, user: User) -> list[Section]:
    job = selection.job
    return [
        Section(_("This file"), file_lines(job.team, user)),
        Section(_("The search"), question_lines(job, selection.marketplaces, len(job.photos))),
        Section(_("The view"), selection.told()),
        sources_section(selection.calls),
    ]
