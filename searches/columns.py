"""What the comparison can be sorted by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from searches.orders import Column, Order

COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("title", _("Offer")),
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
SORTS: Mapping[str, Column] = MappingProxyType({**COLUMNS, RANK.key: RANK})
# What the choice of orders offers; the heads of the columns offer the rest.
ORDERS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "-blend": _("by all photos together"),
        "-similarity": _("most similar first"),
        "price": _("cheapest first"),
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


def shown_columns(missing: Collection[str]) -> Mapping[str, Column]:
    """The columns without those of which no offer says anything; without similarities, the ranks in their place."""
    stand_ins = {"similarity": RANK}
    shown = [stand_ins.get(key) if key in missing else column for key, column in COLUMNS.items()]
    return {column.key: column for column in shown if column}


def orders(order: Order, columns: Mapping[str, Column]) -> list[OrderChoice]:
    """The choice of orders by the shown `columns`, with the one in force in it."""
    offered = {text: label for text, label in ORDERS.items() if text.removeprefix("-") in {*columns, RANK.key}}
    first = order.first
    current = {} if first.text in offered else {first.text: ORDERS.get(first.text, first.column.label)}
    return [OrderChoice(value, label, value == first.text) for value, label in {**offered, **current}.items()]
