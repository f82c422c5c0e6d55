"""Entries as lines of a workbook: what was kept, what is decided, what it is today; and their history."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exports.cells import Cell
from exports.workbook import PICTURE_COLUMN, Column
from reckoning.tiers import unit_price
from searches.exports import source_name, whole_address
from searches.offersheet import tiers_text
from suppliers.models import Approval, ListEntry, Stage
from suppliers.timeline import Line
from suppliers.today import Today, differences, is_newer, told


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with all that is told of it. Needs its approvals prefetched. history: the oldest first."""

    entry: ListEntry
    today: Today
    history: Sequence[Line]

    @property
    def approval(self) -> Approval | None:
        """The latest, where the choice was proposed at all."""
        return next(iter(self.entry.approvals.all()), None) if self.entry.stage else None

    @property
    def unit(self) -> Cell:
        """The price a piece at the entry's own quantity."""
        quantity = self.entry.target_quantity
        return unit_price(quantity, self.entry.price, self.entry.price_tiers) if quantity else None

    @property
    def changes(self) -> str:
        """What is other today than when it was kept."""
        newer = self.today.match if is_newer(self.entry, self.today.match) else None
        found = [f"{one.label}: {one.then} → {one.now}" for one in differences(self.entry, newer) if one.key != "tiers"]
        return "; ".join(filter(None, [*found, told(self.today, self.entry)]))


@dataclass(frozen=True, slots=True)
class Field:
    column: Column
    value: Callable[[Told], Cell]


def fields() -> list[Field]:
    """The pictures are laid into the first two."""
    return [*_offer(), *_decision(), *_figures(), *_origin()]


def columns_of(fields: Sequence[Field]) -> list[Column]:
    return [field.column for field in fields]


def cells_of(fields: Sequence[Field], told: Told) -> list[Cell]:
    return [field.value(told) for field in fields]


def history_columns() -> list[Column]:
    return [
        Column(_("Offer"), 36),
        Column(_("When"), 16, "plain"),
        Column(_("Who"), 16),
        Column(_("What"), 28),
        Column(_("Before"), 28),
        Column(_("After"), 40),
    ]


def history_lines(told: Told) -> Iterator[list[Cell]]:
    for line in told.history:
        yield [told.entry.title, line.when, line.who, line.what, line.before, line.after]


def _offer() -> list[Field]:
    return [
        Field(Column(_("Picture"), PICTURE_COLUMN), lambda told: None),
        Field(Column(_("Searched with"), PICTURE_COLUMN), lambda told: None),
        Field(Column(_("Offer"), 36), lambda told: told.entry.title),
        Field(Column(_("Link"), 7, "link"), lambda told: whole_address(told.entry.url)),
    ]


def _decision() -> list[Field]:
    return [
        Field(Column(_("Status"), 14), lambda told: told.entry.get_status_display()),
        Field(Column(_("Reason"), 22), lambda told: told.entry.reason),
        Field(Column(_("Approval"), 12), lambda told: str(Stage(told.entry.stage).label) if told.entry.stage else ""),
        Field(Column(_("Proposed by"), 12), lambda told: _who(told.approval, "proposed_by")),
        Field(Column(_("Answered by"), 12), lambda told: _who(told.approval, "decided_by")),
        Field(Column(_("Answered on"), 16, "time"), lambda told: told.approval.decided_at if told.approval else None),
        Field(Column(_("Answer"), 22), lambda told: told.approval.answer if told.approval else ""),
        Field(Column(_("Looked after by"), 14), lambda told: str(told.entry.assignee or "")),
        Field(Column(_("Due"), 11), lambda told: told.entry.due_on),
        Field(Column(_("Tags"), 16), lambda told: ", ".join(told.entry.tag_list)),
        Field(Column(_("Note"), 30), lambda told: told.entry.note),
    ]


def _figures() -> list[Field]:
    return [
        Field(Column(_("Quantity"), 10, "number"), lambda told: told.entry.target_quantity),
        Field(Column(_("Target price"), 10, "money"), lambda told: told.entry.target_price),
        Field(Column(_("Price"), 10, "money"), lambda told: told.entry.price),
        Field(Column(_("Price at the quantity"), 11, "money"), lambda told: told.unit),
        Field(Column(_("Currency"), 9), lambda told: told.entry.currency),
        Field(Column(_("Prices by quantity"), 22), lambda told: tiers_text(told.entry)),
        Field(Column(_("Exchange rate"), 10, "rate"), lambda told: told.entry.rate),
        Field(Column(_("into"), 7), lambda told: told.entry.rate_currency),
        Field(Column(_("Rate of"), 11), lambda told: told.entry.rate_on),
        Field(Column(_("MOQ"), 8, "number"), lambda told: told.entry.moq),
        Field(Column(_("Since then"), 30), lambda told: told.changes),
    ]


def _origin() -> list[Field]:
    return [
        Field(Column(_("Supplier"), 26), lambda told: told.entry.supplier_name),
        Field(Column(_("Location"), 14), lambda told: told.entry.supplier_location),
        Field(Column(_("Credit"), 8, "number"), lambda told: told.entry.supplier_credit),
        Field(Column(_("Similarity"), 10, "share"), lambda told: told.entry.similarity),
        Field(Column(_("Saved by"), 12), lambda told: str(told.entry.added_by or "")),
        Field(Column(_("Saved"), 16, "time"), lambda told: told.entry.added_at),
        Field(Column(_("Source"), 9), lambda told: source_name(told.entry.marketplace)),
        Field(Column(_("Offer number"), 16, "plain"), lambda told: told.entry.offer_id),
        Field(Column(_("Fetched"), 16, "time"), lambda told: told.entry.fetched_at),
    ]


def _who(approval: Approval | None, role: str) -> str:
    return str(getattr(approval, role) or "") if approval else ""
