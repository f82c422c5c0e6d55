"""At which quantity another offer becomes the cheapest, in words."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from searches.addresses import changed
from searches.facets import price_of
from searches.formats import money
from searches.models import SupplierMatch
from searches.offertable import OfferTable, Rows
from searches.reckoned import Terms, changes_of_cheapest

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


def cheapest_of(table: OfferTable, rows: Rows, terms: Terms, params: QueryDict) -> Cheapest | None:
    """Of these rows; one query for their titles. None without a quantity, and where prices cannot be compared."""
    if not terms.quantity:
        return None
    quantity = terms.quantity
    changes = changes_of_cheapest(table, rows, terms)
    if not changes:
        return None
    before = [change for change in changes if change[0] <= quantity][-1:]
    after = [change for change in changes if change[0] > quantity][:CHANGES_TOLD]
    told = [*before, *after]
    ids = [int(table.ids[row]) for _quantity, row, _price in told]
    titles = dict(SupplierMatch.objects.filter(pk__in=ids).values_list("pk", "title"))
    sort = "landed" if terms.costing else "unit"

    def change(at: int, row: int, price: float) -> Change:
        title = titles.get(int(table.ids[row]), "") or _("an offer without a title")
        exact = price_of(price)
        return Change(
            quantity=at,
            title=title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…",
            price="" if exact is None else money(exact, table.currencies[table.currency[row]]),
            url=changed(params, quantity=str(max(at, quantity)), sort=sort),
        )

    return Cheapest(change(*before[0]) if before else None, [change(*one) for one in after])
