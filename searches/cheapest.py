"""At which quantity another offer becomes the cheapest, in words."""

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


def cheapest_of(table: OfferTable, rows: Rows, terms: Terms, figures: Figures, params: QueryDict) -> Cheapest | None:
    """Of these rows; one query for their titles. None without a quantity, and where prices cannot be compared."""
    if not terms.quantity:
        return None
    quantity = terms.quantity
    changes = changes_of_cheapest(table, rows, terms)
    if not changes:
        return None
    before = [(row, _price_now(table, row, terms, figures)) for at, row, _price in changes if at <= quantity][-1:]
    after = [(at, row, price) for at, row, price in changes if at > quantity][:CHANGES_TOLD]
    ids = [int(table.ids[row]) for row in (*(row for row, _ in before), *(row for _, row, _ in after))]
    titles = dict(SupplierMatch.objects.filter(pk__in=ids).values_list("pk", "title"))
    sort = "landed" if terms.costing else "unit"

    def change(at: int, row: int, price: str) -> Change:
        title = titles.get(int(table.ids[row]), "") or _("an offer without a title")
        shown = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
        return Change(at, shown, price, url=changed(params, quantity=str(at), sort=sort))

    return Cheapest(
        now=change(quantity, *before[0]) if before else None,
        then=[change(at, row, _money(table, row, price)) for at, row, price in after],
    )


def _price_now(table: OfferTable, row: int, terms: Terms, figures: Figures) -> str:
    """Of a piece at the order's quantity; landed, with a cost profile."""
    if terms.costing and figures.landed:
        return rounded_money(Decimal(float(figures.landed.piece.total[row])), terms.costing.target)
    return "" if figures.unit is None else _money(table, row, float(figures.unit[row]))


def _money(table: OfferTable, row: int, price: float) -> str:
    exact = price_of(price)
    return "" if exact is None else money(exact, table.currencies[table.currency[row]])
