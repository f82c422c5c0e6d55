"""The comparison's columns, and what it can be sorted by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from searches.orders import Column, Order

TITLE = Column("title", _("Offer"))
# Shown as far as offers say anything of it, in this order, unless somebody chose other columns.
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("price", _("Price"), numeric=True),
            Column("moq", _("MOQ"), numeric=True, tie="price"),
            # The source document's order: by similarity, then by price.
            # Of several photos only.
            Column("blend", _("Photos"), numeric=True, falling_first=True, tie="price"),
            Column("similarity", _("Similarity"), numeric=True, falling_first=True, tie="price"),
            Column("supplier", _("Supplier")),
            Column("credit", _("Credit"), numeric=True, falling_first=True),
            Column("sold", _("Sold a month"), numeric=True, falling_first=True),
            Column("repurchased", _("Repurchased"), numeric=True, falling_first=True),
            Column("location", _("Location")),
        )
    }
)
# The marketplace's own order, which takes the similarity's column where there is none.
RANK = Column("rank", _("Rank"), numeric=True)
# There when what they are reckoned with is given: see `searches.reckoned`.
RECKONED: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("unit", _("At the quantity"), numeric=True),
            Column("landed", _("Landed"), numeric=True),
            Column("score", pgettext_lazy("of a supplier", "Score"), numeric=True, falling_first=True),
        )
    }
)
# Those that somebody may choose. What else there is to see of a supplier stands below their name already.
OPTIONAL: Mapping[str, Column] = MappingProxyType(
    {
        **COLUMNS,
        **RECKONED,
        RANK.key: RANK,
        **{
            column.key: column
            for column in (
                # Beside the marketplace's own, where that gives one.
                Column("visual", _("Similarity by our eye"), numeric=True, falling_first=True, tie="price"),
                Column("years", _("Years"), numeric=True, falling_first=True),
                Column("medal", _("Medal"), numeric=True, falling_first=True),
                Column("service", _("Service"), numeric=True, falling_first=True),
                Column("ships", _("Ships within"), numeric=True),
                Column("marketplace", _("Marketplace")),
            )
        },
    }
)
SORTS: Mapping[str, Column] = MappingProxyType({TITLE.key: TITLE, **OPTIONAL})
# What the choice of orders offers; the heads of the columns offer the rest.
ORDERS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "-blend": _("by all photos together"),
        "-similarity": _("most similar first"),
        "price": _("cheapest first"),
        "unit": _("cheapest at the quantity first"),
        "landed": _("lowest landed cost first"),
        "-score": _("best score first"),
        "-price": _("dearest first"),
        "moq": _("smallest MOQ first"),
        "-credit": _("best credit first"),
        "-sold": _("most sold first"),
        "-repurchased": _("most repurchased first"),
        "rank": _("as the marketplace ranks"),
    }
)


@dataclass(frozen=True, slots=True)
class OrderChoice:
    value: str
    label: str | Promise
    chosen: bool


def orders(order: Order, columns: Mapping[str, Column], place: int = 0) -> list[OrderChoice]:
    """The choice of what comes first in the order (place 0), or second, with what is in force in it."""
    offered = {text: label for text, label in ORDERS.items() if text.removeprefix("-") in {*columns, RANK.key}}
    if place < len(order.sorts) and (current := order.sorts[place]).text not in offered:
        offered[current.text] = ORDERS.get(current.text, current.column.label)
    chosen = order.sorts[place].text if place < len(order.sorts) else ""
    return [OrderChoice(value, label, value == chosen) for value, label in offered.items()]
