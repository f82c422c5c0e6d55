"""What a supplier list can be sorted by."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from searches.sorting import Column, Sorting, filled, sorting_of
from suppliers.models import ListEntry

COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("title", _("Offer"), filled("title")),
            Column("price", _("Price"), F("price"), numeric=True),
            Column("moq", _("MOQ"), F("moq"), numeric=True, tie="price"),
            Column("similarity", _("Similarity"), F("similarity"), numeric=True, falling_first=True, tie="price"),
            Column("supplier", _("Supplier"), filled("supplier_name")),
            Column("credit", _("Credit"), F("supplier_credit"), numeric=True, falling_first=True),
            Column("note", _("Note"), filled("note")),
            Column("saved", _("Saved"), F("added_at"), falling_first=True),
        )
    }
)
NEWEST_FIRST = "-saved"


def sorting_from(text: str) -> Sorting:
    """The sort that an address names, or newest first when it names none of ours."""
    return sorting_of(text, NEWEST_FIRST, COLUMNS)


def in_order(entries: QuerySet[ListEntry], sorting: Sorting) -> QuerySet[ListEntry]:
    return entries.order_by(*sorting.order(), "-added_at", "-pk")
