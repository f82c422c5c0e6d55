"""Offers as lines of a workbook: the columns of a view as figures that a spreadsheet goes on reckoning with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exports.cells import Cell, safe_cell
from exports.workbook import PICTURE_COLUMN, Column
from reckoning.landed import Landed, Missing
from reckoning.tiers import unit_price
from reckoning.words import missing_words
from searches.exports import source_name, whole_address
from searches.models import OfferFields
from searches.reckoned import Terms


@dataclass(frozen=True)
class Figured:
    """An offer with what is reckoned of it, once. score: 0 to 100. photos: how many of the search's found it."""

    offer: OfferFields
    terms: Terms
    score: float | None = None
    photos: int | None = None

    @cached_property
    def unit(self) -> Decimal | None:
        quantity = self.terms.quantity
        return unit_price(quantity, self.offer.price, self.offer.price_tiers) if quantity else None

    @cached_property
    def landed(self) -> Landed[Decimal] | None:
        """None without a cost profile and a quantity."""
        quantity, costing = self.terms.quantity, self.terms.costing
        if costing is None or quantity is None:
            return None
        return costing.landed(quantity=quantity, price=self.unit, currency=self.offer.currency)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the sheet, and what stands in it."""

    column: Column
    value: Callable[[Figured], Cell]


def lead() -> list[Field]:
    """What each sheet of offers begins with; the picture is laid into the first."""
    return [
        Field(Column(_("Picture"), PICTURE_COLUMN), lambda line: None),
        Field(Column(_("Offer"), 40), lambda line: line.offer.title),
        Field(Column(_("Link"), 7, "link"), lambda line: whole_address(line.offer.url)),
    ]


def fields_of(keys: Iterable[str], terms: Terms) -> list[Field]:
    """The sheet's columns for those of a view (searches/columns.py), in their order."""
    wanted = list(keys)
    if "similarity" in wanted:
        # Which brings ours along.
        wanted = [key for key in wanted if key != "visual"]
    return [field for key in wanted for field in FIELDS[key](terms)]


def tail() -> list[Field]:
    """What identifies an offer, and whose word it is."""
    return [
        Field(Column(_("Source"), 9), lambda line: source_name(line.offer.marketplace)),
        Field(Column(_("Offer number"), 16, "plain"), lambda line: line.offer.offer_id),
        Field(Column(_("Fetched"), 16, "time"), lambda line: line.offer.fetched_at),
    ]


def columns_of(fields: Iterable[Field]) -> list[Column]:
    return [field.column for field in fields]


def cells_of(fields: Iterable[Field], line: Figured) -> list[Cell]:
    return [field.value(line) for field in fields]


def tiers_text(offer: OfferFields) -> str:
    return "; ".join(f"{quantity}+ {safe_cell(price)}" for quantity, price in offer.price_tiers)


def _price(_terms: Terms) -> list[Field]:
    return [
        Field(Column(_("Price"), 10, "money"), lambda line: line.offer.price),
        Field(Column(_("Currency"), 9), lambda line: line.offer.currency),
        Field(Column(_("Prices by quantity"), 22), lambda line: tiers_text(line.offer)),
    ]


def _unit(terms: Terms) -> list[Field]:
    quantity = terms.quantity
    if quantity is None:
        return []
    told = {"quantity": f"{quantity:,}"}
    return [
        Field(Column(_("Price at %(quantity)s") % told, 11, "money"), lambda line: line.unit),
        Field(
            Column(_("Goods for %(quantity)s") % told, 13, "money"),
            lambda line: None if line.unit is None else line.unit * quantity,
        ),
    ]


def _landed(terms: Terms) -> list[Field]:
    if terms.costing is None or terms.quantity is None:
        return []
    target = {"currency": terms.costing.target}
    parts: Mapping[str, Callable[[Landed[Decimal]], Decimal]] = {
        _("Landed, %(currency)s a piece") % target: lambda found: found.piece.total,
        _("Goods, %(currency)s") % target: lambda found: found.piece.goods,
        _("Freight, %(currency)s") % target: lambda found: found.piece.freight,
        _("Inspection, %(currency)s") % target: lambda found: found.piece.inspection,
        _("Other costs, %(currency)s") % target: lambda found: found.piece.other,
        _("Agent fee, %(currency)s") % target: lambda found: found.piece.agent_fee,
        _("Duty, %(currency)s") % target: lambda found: found.piece.duty,
        _("Order landed, %(currency)s") % target: lambda found: found.order.total,
    }
    return [
        *(Field(Column(heading, 11, "money"), _part(part)) for heading, part in parts.items()),
        Field(Column(_("Missing for the landed cost"), 22), _missing),
        Field(Column(_("Exchange rate"), 10, "rate"), _rate),
    ]


def _part(part: Callable[[Landed[Decimal]], Decimal]) -> Callable[[Figured], Cell]:
    def value(line: Figured) -> Cell:
        found = line.landed
        # Unknown is empty, and never zero.
        return None if found is None or found.missing else part(found)

    return value


def _missing(line: Figured) -> Cell:
    found = line.landed
    return ", ".join(missing_words(Missing(int(found.missing)))) if found and found.missing else None


def _rate(line: Figured) -> Cell:
    return line.terms.costing.rate(line.offer.currency) if line.terms.costing else None


def _score(_terms: Terms) -> list[Field]:
    return [Field(Column(pgettext("of a supplier", "Score"), 8, "share"), lambda line: line.score)]


def _similarity(terms: Terms) -> list[Field]:
    given = Field(Column(_("Similarity by the marketplace"), 12, "share"), lambda line: line.offer.similarity)
    return [given, *_visual(terms)]


def _visual(_terms: Terms) -> list[Field]:
    """Entries of lists keep the marketplace's word alone."""
    ours = Field(Column(_("Similarity by our eye"), 10, "share"), lambda line: getattr(line.offer, "visual", None))
    return [ours]


def _blend(_terms: Terms) -> list[Field]:
    return [Field(Column(_("Photos"), 8, "number"), lambda line: line.photos)]


def _one(
    heading: Callable[[], str], width: float, form: str, value: Callable[[Figured], Cell]
) -> Callable[[Terms], list[Field]]:
    """A column that is the same whatever is reckoned with."""
    return lambda _terms: [Field(Column(heading(), width, form), value)]


FIELDS: Mapping[str, Callable[[Terms], Sequence[Field]]] = MappingProxyType(
    {
        "price": _price,
        "unit": _unit,
        "landed": _landed,
        "score": _score,
        "blend": _blend,
        "moq": _one(lambda: _("MOQ"), 8, "number", lambda line: line.offer.moq),
        # Two columns: in a file nobody sees whose a figure is unless its head says so.
        "similarity": _similarity,
        "visual": _visual,
        "rank": _one(lambda: _("Rank"), 7, "number", lambda line: line.offer.rank),
        "supplier": _one(lambda: _("Supplier"), 26, "text", lambda line: line.offer.supplier_name),
        "credit": _one(lambda: _("Credit"), 8, "number", lambda line: line.offer.supplier_credit),
        "sold": _one(lambda: _("Sold a month"), 9, "number", lambda line: line.offer.monthly_sales),
        "repurchased": _one(lambda: _("Repurchased"), 10, "percent", lambda line: line.offer.repurchase_rate),
        "location": _one(lambda: _("Location"), 14, "text", lambda line: line.offer.supplier_location),
        "years": _one(lambda: _("Years"), 7, "number", lambda line: line.offer.supplier_years),
        "medal": _one(lambda: _("Medal"), 7, "number", lambda line: line.offer.supplier_medal),
        "service": _one(lambda: _("Service"), 8, "share", lambda line: line.offer.supplier_score),
        "ships": _one(lambda: _("Ships within, hours"), 10, "number", lambda line: line.offer.ships_within_hours),
        "marketplace": _one(lambda: _("Marketplace"), 14, "text", lambda line: line.offer.marketplace),
    }
)
