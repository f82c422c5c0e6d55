"""An import as its page tells of it: every figure in words, so that the template only places them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.imports import staged, troubles
from catalog.imports.comparing import shown
from catalog.imports.fields import LABELS, Field
from catalog.imports.opening import SAMPLE
from catalog.imports.rows import ItemRow, Reader
from catalog.imports.staged import StagedRow
from catalog.imports.tallies import Tally
from catalog.models import CatalogImport, ImportTrouble

State = CatalogImport.State
TONES = {State.DONE: "ok", State.REFUSED: "bad", State.CANCELLED: "wait", State.MAPPING: "wait", State.CHECKED: "wait"}
TROUBLES_SHOWN = 20
_SHOWN_OF_CELL = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: what stands in it, and the name of the field that it is taken for, "" for none."""

    number: int
    heading: str
    sample: list[str]
    field: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is read. `wrong`: why it is not, in words."""

    label: str
    text: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class PreviewRow:
    number: int
    cells: list[Cell]
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Rows with which the same is wrong."""

    words: str
    number: str
    first: int
    refused: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    row: int
    words: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found by a trial, or written."""

    tally: Tally
    changes: list[Change]
    restored: str
    pictures: str
    reasons: list[Reason] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    wrong_rows: int = 0

    @property
    def changes_nothing(self) -> bool:
        return not (self.tally.written or self.tally.pictures)


def first_rows(of: CatalogImport) -> list[StagedRow]:
    """None of them when the file of rows is gone."""
    try:
        return [row for row, _behind in islice(staged.read(of.folder / of.rows_file), SAMPLE)]
    except OSError:
        return []


def columns_of(of: CatalogImport, rows: Sequence[StagedRow]) -> list[Column]:
    return [
        Column(column, heading, [text for row in rows[:3] if (text := _cell(row, column))], of.columns[column])
        for column, heading in enumerate(of.sheet["headings"])
    ]


def preview(of: CatalogImport, rows: Sequence[StagedRow]) -> tuple[list[str], list[PreviewRow]]:
    """The first rows as they will be read: the labels of the fields that columns are taken for, and a line each."""
    reader = Reader(of.columns, of.sheet["headings"])
    mapped = set(of.columns)
    # Tiers of several columns are one value; a price may bring its currency along.
    fields = [
        which
        for which in Field
        if which is not Field.TIER
        and (which.value in mapped or (which is Field.TIERS and Field.TIER in mapped) or which is Field.CURRENCY)
    ]
    labels = [str(LABELS[which]) for which in fields]
    return labels, [_preview_row(reader.read(row), fields) for row in rows]


def _preview_row(row: ItemRow, fields: Sequence[Field]) -> PreviewRow:
    bad = {trouble.details.get("field") for trouble in row.troubles}
    cells = []
    for which in fields:
        if which is Field.CODE:
            text = row.code
        elif which is Field.PICTURE:
            text = ", ".join([_("picture")] * len(row.parts) + row.names + row.urls)
        else:
            text = shown(row.values[which]) if which in row.values else ""
        cells.append(Cell(str(LABELS[which]), _clipped(text), which.value in bad))
    return PreviewRow(row.number, cells, [troubles.in_words(one.code, one.details) for one in row.troubles])


def _cell(row: StagedRow, column: int) -> str:
    mark = _("picture") if any(at == column for _part, at in row.pictures) else ""
    return _clipped(row.texts.get(column, mark))


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN_OF_CELL else f"{text[: _SHOWN_OF_CELL - 1]}…"


def report_of(of: CatalogImport) -> Report:
    """Of the trial, or, once it began, of the writing; what is wrong with rows only when that is over."""
    writing = bool(of.written)
    tally = Tally.from_json(of.written if writing else of.found)
    # As long as it goes on they become more, and a page asks every second.
    found = ImportTrouble.objects.filter(of=of) if not of.is_busy else ImportTrouble.objects.none()
    by_reason = found.order_by().values("code", "refused").annotate(rows=Count("row", distinct=True), first=Min("row"))
    reasons = [
        Reason(troubles.reason_of(one["code"]), f"{one['rows']:,}", one["first"], one["refused"])
        for one in sorted(by_reason, key=lambda one: (not one["refused"], -one["rows"], one["first"]))
    ]
    wrong = [
        Wrong(one.row, troubles.in_words(one.code, one.details), one.refused)
        for one in found.order_by("row", "pk")[:TROUBLES_SHOWN]
    ]
    return Report(
        tally=tally,
        changes=[Change(str(LABELS[which]), f"{number:,}") for which, number in tally.by_field()],
        restored=_restored(tally.restored, done=writing) if tally.restored else "",
        pictures=_pictures(tally.pictures, done=writing) if tally.pictures else "",
        reasons=reasons,
        wrong=wrong,
        wrong_rows=found.values("row").distinct().count(),
    )


def _restored(number: int, *, done: bool) -> str:
    if done:
        text = ngettext(
            "%(number)s of them was archived and is back.", "%(number)s of them were archived and are back.", number
        )
    else:
        text = ngettext(
            "%(number)s of them is archived today and comes back.",
            "%(number)s of them are archived today and come back.",
            number,
        )
    return text % {"number": f"{number:,}"}


def _pictures(number: int, *, done: bool) -> str:
    if done:
        text = ngettext(
            "The rows brought %(number)s picture; one that an item had already was not added again.",
            "The rows brought %(number)s pictures; those that an item had already were not added again.",
            number,
        )
    else:
        text = ngettext(
            "The rows bring %(number)s picture; one that an item has already is not added again.",
            "The rows bring %(number)s pictures; those that an item has already are not added again.",
            number,
        )
    return text % {"number": f"{number:,}"}


def progress_of(of: CatalogImport) -> tuple[int, str]:
    """Percent and words."""
    match of.state:
        case State.READING:
            words = _("%(done)s rows read so far") % {"done": f"{of.rows_done:,}"}
            return 0, words if of.rows_done else str(of.get_state_display())
        case State.PICTURES:
            all_rows = max(1, of.rows_all)
            left = of.pictures.count()
            words = ngettext("pictures of %(number)s row to go", "pictures of %(number)s rows to go", left)
            return 100 * (all_rows - min(left, all_rows)) // all_rows, words % {"number": f"{left:,}"}
    percent = 100 * of.rows_done // of.rows_all if of.rows_all else 0
    return percent, _("%(done)s of %(all)s rows") % {"done": f"{of.rows_done:,}", "all": f"{of.rows_all:,}"}
