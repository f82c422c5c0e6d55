"""A match as the comparison's line: every figure already in words, so that the template only places them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from searches.addresses import changed
from searches.formats import money
from searches.marketplaces import MARKETPLACES
from searches.models import SupplierMatch

# The columns that a line needs; an offer's extras are long and stay in the database.
FIELDS = (
    "marketplace",
    "offer_id",
    "title",
    "url",
    "image_url",
    "price",
    "currency",
    "tiers",
    "moq",
    "similarity",
    "rank",
    "supplier_name",
    "supplier_location",
    "supplier_credit",
)


# The names of the supplier lists that an offer is on, by marketplace and offer id.
OnLists: TypeAlias = dict[tuple[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; `tone` is "best" for the best of its column, "dim" for words about what is missing."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `percent` is the length of the similarity's bar, None without one."""

    id: int
    title: str
    url: str
    image_url: str
    price: Cell
    tier: str
    moq: Cell
    similarity: Cell
    percent: int | None
    supplier: Cell
    supplier_url: str
    credit: Cell
    location: Cell
    lists: list[str]
    marketplace: str


@dataclass(frozen=True, slots=True)
class Best:
    """The best figures of the filtered rows; None where none is to be set off."""

    price: Decimal | None
    moq: int | None
    similarity: float | None


def rows_of(
    matches: Iterable[SupplierMatch],
    best: Best,
    params: QueryDict,
    lists: OnLists,
    *,
    name_marketplace: bool,
) -> list[Row]:
    # Not `changed` for each row: fifty addresses that differ in one word.
    elsewhere = changed(params, supplier=None)
    return [_row(match, best, elsewhere, lists, name_marketplace=name_marketplace) for match in matches]


def _row(
    match: SupplierMatch,
    best: Best,
    elsewhere: str,
    lists: OnLists,
    *,
    name_marketplace: bool,
) -> Row:
    similarity = match.similarity
    return Row(
        id=match.pk,
        title=match.title or _("offer %(id)s, without a title") % {"id": match.offer_id},
        url=match.url,
        image_url=match.image_url,
        price=_price(match, best),
        tier=_tier(match.tiers, match.price, match.currency),
        moq=_figure(match.moq, _("no MOQ"), best.moq),
        similarity=_similarity(match, best),
        percent=None if similarity is None else round(100 * min(1.0, max(0.0, similarity))),
        supplier=Cell(match.supplier_name) if match.supplier_name else Cell(_("unknown supplier"), "dim"),
        supplier_url=f"{elsewhere}&{urlencode({'supplier': match.supplier_name})}" if match.supplier_name else "",
        credit=_figure(match.supplier_credit, _("no rating"), None),
        location=Cell(match.supplier_location) if match.supplier_location else Cell(_("unknown"), "dim"),
        lists=lists.get((match.marketplace, match.offer_id), []),
        marketplace=marketplace_label(match.marketplace) if name_marketplace else "",
    )


def marketplace_label(key: str) -> str:
    return _(MARKETPLACES[key].label) if key in MARKETPLACES else key


def _price(match: SupplierMatch, best: Best) -> Cell:
    if match.price is None:
        return Cell(_("no price"), "dim")
    return Cell(money(match.price, match.currency), "best" if match.price == best.price else "")


def _figure(value: int | None, missing: str, best: int | None) -> Cell:
    if value is None:
        return Cell(missing, "dim")
    return Cell(f"{value:,}", "best" if value == best else "")


def _similarity(match: SupplierMatch, best: Best) -> Cell:
    if match.similarity is None:
        return Cell(_("rank %(rank)d") % {"rank": match.rank}, "dim")
    return Cell(f"{match.similarity:.2f}", "best" if match.similarity == best.similarity else "")


def _tier(tiers: list[Any], price: Decimal | None, currency: str) -> str:
    """The cheapest of the tiers, when it is below the price: `¥21.00 from 100`."""
    try:
        quantity, lowest = min(((int(quantity), Decimal(text)) for quantity, text in tiers), key=lambda tier: tier[1])
    except (ValueError, TypeError, InvalidOperation):
        return ""
    if price is not None and lowest >= price:
        return ""
    return _("%(price)s from %(quantity)d") % {"price": money(lowest, currency), "quantity": quantity}
