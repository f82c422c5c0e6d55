"""At which quantity another offer becomes the cheapest, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from reckoning.words import money as rounded_money
from searches.addresses import changed
from searches.facets import price_of
from searches.formats import money
from searches.models import SupplierMatch
from searches.offertable import OfferTable, Rows
from searches.reckoned import Figures, Terms, changes_of_cheapest

# The page says what comes next, not everything up to a hundred million pieces.
CHANGES_TOLD = 3
LONGEST_TITLE = 24


@dataclass(frozen=True, slots=True)
class Change:
    """From `quantity` pieces on. url: the comparison at that quantity, by its prices, so that the offer is on top."""

    quantity: int
    title: str
    price: str
    url: str


@dataclass(frozen=True, slots=True)
class Cheapest:
    """now: the cheapest at the order's quantity; None when no offer can be had at it. then: those that follow."""

    now: Change | None
    then: list[Change]


@dataclass(frozen=True, slots=True)
class Turn:
    """An offer, by its id, that is the cheapest from `quantity` pieces on; price: in words, "" for none to tell."""

    quantity: int
    offer: int
    price: str


def turns_of(table: OfferTable, rows: Rows, terms: Terms, figures: Figures) -> list[Turn]:
    """Of these rows the cheapest at the order's quantity, if any, and the next few; nothing without a quantity, and
    where prices cannot be compared."""
    quantity = terms.quantity
    changes = changes_of_cheapest(table, rows, terms) if quantity else []
    if quantity is None or not changes:
        return []
    now = [row for at, row, _price in changes if at <= quantity][-1:]
    later = [change for change in changes if change[0] > quantity][:CHANGES_TOLD]
    told = [Turn(quantity, int(table.ids[row]), _price_now(table, row, terms, figures)) for row in now]
    return [*told, *(Turn(at, int(table.ids[row]), _money(table, row, price)) for at, row, price in later)]


def cheapest_of(
    turns: Sequence[Turn], offers: Mapping[int, SupplierMatch], terms: Terms, params: QueryDict
) -> Cheapest | None:
    """The same for the page. offers: those of the turns, by id."""
    if not turns:
        return None
    sort = "landed" if terms.costing else "unit"

    def change(turn: Turn) -> Change:
        offer = offers.get(turn.offer)
        title = (offer.title if offer else "") or _("an offer without a title")
        shown = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
        return Change(turn.quantity, shown, turn.price, changed(params, quantity=str(turn.quantity), sort=sort))

    changes = [change(turn) for turn in turns]
    if turns[0].quantity == terms.quantity:
        return Cheapest(changes[0], changes[1:])
    return Cheapest(None, changes)


def _price_now(table: OfferTable, row: int, terms: Terms, figures: Figures) -> str:
    """Of a piece at the order's quantity; landed, with a cost profile."""
    if terms.costing and figures.landed:
        return rounded_money(Decimal(float(figures.landed.piece.total[row])), terms.costing.target)
    return "" if figures.unit is None else _money(table, row, float(figures.unit[row]))


def _money(table: OfferTable, row: int, price: float) -> str:
    exact = price_of(price)
    return "" if exact is None else money(exact, table.currencies[table.currency[row]])
