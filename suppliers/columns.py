"""What a supplier list can be sorted by."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from searches.sorting import Column, Sorting, filled, sorting_of
from suppliers.models import ListEntry, Status

# In the order of the work, not of the alphabet.
STATUS_PLACE = Case(
    *(When(status=status, then=Value(place)) for place, status in enumerate(Status)),
    default=Value(len(Status)),
    output_field=IntegerField(),
)
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("title", _("Offer"), filled("title")),
            Column("status", _("Status"), F("status_place")),
            Column("price", _("Price"), F("price"), numeric=True),
            Column("moq", _("MOQ"), F("moq"), numeric=True, tie="price"),
            Column("quantity", _("Quantity"), F("target_quantity"), numeric=True, falling_first=True),
            Column("similarity", _("Similarity"), F("similarity"), numeric=True, falling_first=True, tie="price"),
            Column("supplier", _("Supplier"), filled("supplier_name")),
            Column("credit", _("Credit"), F("supplier_credit"), numeric=True, falling_first=True),
            Column("due", _("Who, until when"), F("due_on")),
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
    return entries.annotate(status_place=STATUS_PLACE).order_by(*sorting.order(), "-added_at", "-pk")
