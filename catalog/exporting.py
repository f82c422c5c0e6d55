"""The catalogue as a workbook with pictures, or as CSV: under headings that an import reads again.

A workbook has its pictures as they are kept, so that the same file, imported, brings no other pictures; so there is
a limit to how many. A CSV file has none.
"""

import csv
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User
from catalog.imports.fields import LABELS, Field
from catalog.imports.values import tiers_text
from catalog.listing import in_order, narrowing_of, sorting_from
from catalog.models import Item, ItemPicture, ItemQuerySet
from catalog.rows import pictures_of
from exports import writing
from exports.cells import Cell, safe_cell
from exports.models import Export
from exports.workbook import PICTURE_COLUMN, ROW_PIXELS, Book, Column, Picture, Section, Sheet
from exports.writers import Beat, Gone
from searches.about import file_lines

WRITER = "catalogue"
AT_ONCE = 100
# With 100 kB a picture, one workbook is then half a gigabyte at most.
MOST_PICTURED = 5_000
BYTE_ORDER_MARK = "\ufeff"
# In the order of the columns, with width and format of each.
_COLUMNS: Sequence[tuple[Field, float, str]] = (
    (Field.CODE, 16, "plain"),
    (Field.NAME, 42, "text"),
    (Field.SUPPLIER, 26, "text"),
    (Field.PRICE, 11, "money"),
    (Field.CURRENCY, 9, "plain"),
    (Field.MOQ, 9, "number"),
    (Field.TIERS, 24, "text"),
    (Field.LAST_BOUGHT, 12, "day"),
    (Field.NOTES, 36, "text"),
    (Field.URL, 20, "plain"),
)


def ask_for(*, team: Team, user: User, kind: str, query: str, items: Sequence[int] | None, language: str) -> Export:
    """Have a file written of these items (ids), or of all that the query string of the page asks for.

    Raises `ValidationError` for too many files at once, and for no item at all.
    """
    if items is not None and not items:
        raise ValidationError(_("No item was chosen: tick those that the file is to be of."))
    params = {"query": query} if items is None else {"query": query, "items": list(items)}
    return writing.ask_for(
        user=user,
        team=team,
        writer=WRITER,
        kind=kind,
        subject=team.pk,
        label=_("Catalogue of %(team)s") % {"team": team.name},
        params=params,
        language=language,
    )


def shown(user: User, teams: Iterable[int]) -> set[int]:
    return set(Membership.objects.filter(user=user, team__in=list(teams)).values_list("team_id", flat=True))


def address(export: Export) -> str:
    query = export.params.get("query", "")
    return f"{reverse('catalog:index')}?{query or f'team={export.subject}'}"


def write(export: Export, path: Path, beat: Beat) -> None:
    """What a worker does (exports/writers.py). Raises OSError, `Gone`, and what the beat raises."""
    team = Team.objects.filter(pk=export.subject).first()
    if team is None:
        raise Gone
    ids = _ids(export)
    beat(0, len(ids))
    if export.kind == Export.Kind.CSV:
        _write_csv(ids, path, beat)
    else:
        _write_workbook(team, export.asked_by, ids, path, beat)


def _ids(export: Export) -> list[int]:
    """In the order of the page. Ids are few bytes, and the rows stay those that there were."""
    params = QueryDict(export.params.get("query", ""))
    chosen = export.params.get("items")
    items: ItemQuerySet = (
        narrowing_of(params).of(export.subject)
        if chosen is None
        else Item.objects.filter(team=export.subject, pk__in=chosen)
    )
    return list(in_order(items, sorting_from(params.get("sort", ""))).values_list("pk", flat=True))


def _items(ids: Sequence[int], beat: Beat) -> Iterator[tuple[list[Item], dict[int, list[ItemPicture]]]]:
    """Some at a time, with their pictures; those deleted meanwhile are left out."""
    left, done = iter(ids), 0
    while some := list(islice(left, AT_ONCE)):
        known = Item.objects.in_bulk(some)
        yield [known[pk] for pk in some if pk in known], pictures_of(some)
        done += len(some)
        beat(done, len(ids))


def _cells(item: Item) -> list[Cell]:
    return [
        item.code,
        item.name,
        item.supplier_name,
        item.price,
        item.currency,
        item.moq,
        tiers_text(item.tiers),
        item.last_bought,
        item.notes,
        item.url,
    ]


def _write_csv(ids: Sequence[int], path: Path, beat: Beat) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        lines = csv.writer(file)
        lines.writerow(str(LABELS[field]) for field, _width, _format in _COLUMNS)
        for items, _pictures in _items(ids, beat):
            lines.writerows([safe_cell(cell) for cell in _cells(item)] for item in items)


def _write_workbook(team: Team, user: User, ids: Sequence[int], path: Path, beat: Beat) -> None:
    folder = Path(mkdtemp(prefix="pictures-", dir=path.parent))
    pictured = len(ids) <= MOST_PICTURED
    title = _("Catalogue of %(team)s") % {"team": team.name}
    columns = [Column(str(LABELS[Field.PICTURE]), PICTURE_COLUMN)] if pictured else []
    columns += [Column(str(LABELS[field]), width, form) for field, width, form in _COLUMNS]
    try:
        with Book(path, title=title, notice="") as book:
            sheet = book.sheet(_("Catalogue"), columns, fixed=3 if pictured else 2)
            for items, pictures in _items(ids, beat):
                for item in items:
                    _line(sheet, item, pictures.get(item.pk, []), folder if pictured else None)
            about: list[Sequence[Cell]] = [
                (_("Items"), len(ids)),
                (_("Pictures"), _("in the first column") if pictured else _("left out: more than 5,000 items")),
            ]
            book.about(title, [Section(_("This file"), [*file_lines(team, user), *about])])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _line(sheet: Sheet, item: Item, pictures: Sequence[ItemPicture], folder: Path | None) -> None:
    if folder is None:
        sheet.line(_cells(item))
        return
    found = _on_disk(pictures[0], folder) if pictures else None
    sheet.line([None, *_cells(item)], pictures={0: found} if found else {}, height=ROW_PIXELS)


def _on_disk(picture: ItemPicture, folder: Path) -> Picture | None:
    """As it is kept, for the workbook, which reads it when it is closed."""
    path = folder / f"{picture.pk}.jpg"
    try:
        with picture.file.storage.open(picture.file.name or "") as file:
            path.write_bytes(file.read())
    except FileNotFoundError:
        return None
    return Picture(path, picture.width, picture.height)
