"""A supplier list as a workbook: what was kept of each offer, what it is today, what was decided, and who did what."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from exports import writing
from exports.cells import Cell
from exports.models import Export
from exports.workbook import ROW_PIXELS, Book, Picture, Section, Sheet
from exports.writers import Beat, Gone
from searches.about import Line, file_lines
from searches.smallpictures import SmallPictures
from suppliers.columns import COLUMNS, in_order, sorting_from
from suppliers.entrysheet import Told, cells_of, columns_of, fields, history_columns, history_lines
from suppliers.models import Approval, KeptPicture, ListEntry, SupplierList
from suppliers.narrowing import narrowing_of
from suppliers.selection import entries_in_view, notice_of_entries
from suppliers.timeline import timelines
from suppliers.today import today_of

WRITER = "list"
AT_ONCE = 100


def ask_for(*, supplier_list: SupplierList, user: User, query: str, language: str) -> Export:
    """Have the view of the list that the query string describes written.

    Raises `ValidationError`, as `writing.ask_for` does.
    """
    return writing.ask_for(
        user=user,
        team=supplier_list.team,
        writer=WRITER,
        kind=Export.Kind.XLSX,
        subject=supplier_list.pk,
        label=supplier_list.name,
        params={"query": query},
        language=language,
    )


def shown(user: User, lists: Iterable[int]) -> set[int]:
    return set(SupplierList.objects.for_user(user).filter(pk__in=lists).values_list("pk", flat=True))


def address(export: Export) -> str:
    query = export.params.get("query", "")
    return SupplierList(pk=export.subject).get_absolute_url() + (f"?{query}" if query else "")


def write(export: Export, path: Path, beat: Beat) -> None:
    """What a worker does (exports/writers.py). Raises OSError, `Gone`, and what `beat` raises."""
    found = SupplierList.objects.select_related("team", "owner").filter(pk=export.subject).first()
    if found is None:
        raise Gone
    view = View(found, export.asked_by, QueryDict(export.params.get("query", "")))
    number, done = view.entries.count(), 0

    def told(rows: int) -> None:
        nonlocal done
        done = rows
        beat(rows, number)

    told(0)
    folder = Path(mkdtemp(prefix="pictures-", dir=path.parent))
    try:
        with SmallPictures(folder, beat=lambda: told(done)) as pictures:
            _write(view, path, told, pictures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class View:
    """A list as an address shows it to somebody."""

    def __init__(self, supplier_list: SupplierList, user: User, params: QueryDict) -> None:
        self.supplier_list = supplier_list
        self.user = user
        self.narrowing = narrowing_of(params)
        self.sorting = sorting_from(params.get("sort", ""))
        approvals = Approval.objects.select_related("proposed_by", "decided_by")
        entries = entries_in_view(supplier_list, self.narrowing, user).select_related(
            "added_by", "assignee", "picture", "query_image", "source_match__job"
        )
        self.entries: QuerySet[ListEntry] = entries.prefetch_related(Prefetch("approvals", approvals))

    @property
    def notice(self) -> str:
        return notice_of_entries(self.entries.prefetch_related(None))

    def told(self, at_once: int = AT_ONCE) -> Iterator[list[Told]]:
        """Some entries at a time, in the view's order, with all that is told of them."""
        left = in_order(self.entries, self.sorting).iterator(chunk_size=at_once)
        while some := list(islice(left, at_once)):
            today, lines = today_of(some, self.supplier_list.team_id), timelines(some)
            yield [Told(entry, today[entry.pk], lines[entry.pk]) for entry in some]

    def lines(self) -> list[Line]:
        """What the list is, and what of it is shown."""
        found, narrowing = self.supplier_list, self.narrowing
        names = {str(user.pk): str(user) for user in found.team.members.all()} if narrowing.who else {}
        filters = [choice.label for choice in narrowing.statuses_with({}) if choice.is_on]
        filters += [chip.label for chip in narrowing.chips(names)]
        direction = _("%(column)s, falling") if self.sorting.text.startswith("-") else _("%(column)s, rising")
        column = COLUMNS[self.sorting.text.removeprefix("-")].label
        return [
            (_("Supplier list"), found.name),
            (_("Kept by"), str(found.owner or "")),
            (_("Filters"), "; ".join(filters) or _("none")),
            (_("Order"), direction % {"column": column}),
        ]


def _write(view: View, path: Path, told: Callable[[int], None], pictures: SmallPictures) -> None:
    name, done = view.supplier_list.name, 0
    with Book(path, title=name, notice=view.notice) as book:
        shown_fields = fields()
        offers = book.sheet(_("Offers"), columns_of(shown_fields), fixed=3)
        history = book.sheet(_("Who did what"), history_columns())
        for some in view.told():
            _fetch(some, pictures)
            for entry in some:
                _line(offers, cells_of(shown_fields, entry), entry, pictures)
                for cells in history_lines(entry):
                    history.line(cells)
            done += len(some)
            told(done)
        book.about(
            name,
            [
                Section(_("This file"), file_lines(view.supplier_list.team, view.user)),
                Section(_("The list"), view.lines()),
            ],
        )


def _fetch(some: Sequence[Told], pictures: SmallPictures) -> None:
    """Those that are not kept yet."""
    entries = [told.entry for told in some if not _kept(told.entry)]
    pictures.fetch((entry.marketplace, entry.image_url) for entry in entries if entry.image_url)


def _kept(entry: ListEntry) -> str:
    picture = entry.picture
    return picture.file_name if picture is not None and picture.state == KeptPicture.State.KEPT else ""


def _line(sheet: Sheet, cells: list[Cell], told: Told, pictures: SmallPictures) -> None:
    entry = told.entry
    shown: dict[int, Picture | None] = {
        0: pictures.of_stored(_kept(entry)) or pictures.of_offer(entry.image_url),
        1: pictures.of_photo(entry.query_image),
    }
    found = {place: picture for place, picture in shown.items() if picture}
    # What cannot be had leaves its address.
    cells[0] = None if 0 in found else entry.image_url
    sheet.line(cells, pictures=found, height=ROW_PIXELS)
