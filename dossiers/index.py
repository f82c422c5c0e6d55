"""All suppliers of a user's teams as lines, each counted once, whatever was merged into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dossiers.models import Supplier, SupplierQuerySet
from dossiers.stock import NAME_IN_KEY
from searches.filters import words_of
from searches.rows import marketplace_label
from searches.sorting import Column, Sorting, sorting_of
from suppliers.models import ListEntry

NEWEST_FIRST = "-seen"
_NO_TEXT = Value("", output_field=TextField())
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("name", _("Supplier"), F("called")),
            Column("offers", _("Offers seen"), F("offers_count"), numeric=True, falling_first=True),
            Column("lists", _("On lists"), F("on_lists"), numeric=True, falling_first=True),
            Column("seen", _("Last seen"), F("last_seen_at"), falling_first=True),
        )
    }
)


# As `Supplier.__str__`; the newest name comes first in the names.
_CALLED = Coalesce(
    NullIf(Cast("display_name", TextField()), _NO_TEXT),
    NullIf("names", _NO_TEXT),
    NullIf(Cast("supplier_name", TextField()), _NO_TEXT),
    Cast("supplier_id", TextField()),
)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A supplier as a line. `also`: other names, its own and those of what was merged into it."""

    supplier: Supplier
    url: str
    name: str
    also: list[str]
    marketplaces: list[str]
    location: str
    offers: str
    entries: int
    last_seen: str
    team: str


def sorting_from(text: str) -> Sorting:
    return sorting_of(text, NEWEST_FIRST, COLUMNS)


def found_by_words(suppliers: SupplierQuerySet, words: str) -> SupplierQuerySet:
    """Those that have every word in one of their names, or in a name of what was merged into them."""
    for word in words_of(words):
        named = Q(names__icontains=word) | Q(display_name__icontains=word) | Q(supplier_name__icontains=word)
        merged = Supplier.objects.filter(named, survivor__isnull=False).values("survivor")
        suppliers = suppliers.filter(named | Q(pk__in=merged))
    return suppliers


def in_order(suppliers: SupplierQuerySet, sorting: Sorting, on_lists: Mapping[int, int]) -> QuerySet[Supplier]:
    if sorting.column.key == "name":
        suppliers = suppliers.annotate(called=_CALLED)
    if sorting.column.key == "lists":
        suppliers = suppliers.annotate(on_lists=_as_column(on_lists))
    return suppliers.order_by(*sorting.order(), F("last_seen_at").desc(nulls_last=True), "-pk")


def _as_column(on_lists: Mapping[int, int]) -> Case:
    """Few numbers, each of many suppliers: one condition a number."""
    by_number: dict[int, list[int]] = {}
    for pk, number in on_lists.items():
        by_number.setdefault(number, []).append(pk)
    conditions = [When(pk__in=pks, then=Value(number)) for number, pks in sorted(by_number.items())]
    return Case(*conditions, default=Value(0), output_field=IntegerField())


def entries_by_supplier(user: User) -> dict[int, int]:
    """How many entries on lists that `user` sees are of each supplier that has some: one query."""
    record = Supplier.objects.filter(
        team=OuterRef("supplier_list__team"),
        marketplace=OuterRef("marketplace"),
        supplier_id=OuterRef("supplier_id"),
        supplier_name=OuterRef("named"),
    ).annotate(shown=Coalesce("survivor", "pk"))
    entries = ListEntry.objects.for_user(user).annotate(named=NAME_IN_KEY)
    shown = entries.annotate(shown=Subquery(record.values("shown")[:1])).exclude(shown=None)
    return dict(shown.order_by().values_list("shown").annotate(number=Count("pk")))


def index_rows(
    suppliers: list[Supplier], user: User, entries: Mapping[int, int] | None = None, *, teams: bool = False
) -> list[IndexRow]:
    """One query for what was merged into them, one for the entries unless they are known. `teams`: name the teams."""
    known = entries_by_supplier(user) if entries is None else entries
    members: dict[int, list[Supplier]] = {}
    for record in Supplier.objects.filter(survivor__in=[supplier.pk for supplier in suppliers]).order_by("pk"):
        members.setdefault(record.survivor_id or 0, []).append(record)
    return [_row(supplier, members.get(supplier.pk, []), known.get(supplier.pk, 0), teams) for supplier in suppliers]


def _row(supplier: Supplier, members: list[Supplier], entries: int, teams: bool) -> IndexRow:
    group = [supplier, *members]
    name = str(supplier)
    names = dict.fromkeys(
        called for record in group for called in (record.display_name, record.supplier_name, *record.name_list)
    )
    return IndexRow(
        supplier=supplier,
        url=supplier.get_absolute_url(),
        name=name,
        also=[called for called in names if called and called != name],
        marketplaces=list(dict.fromkeys(marketplace_label(record.marketplace) for record in group)),
        location=supplier.location,
        offers=f"{supplier.offers_count:,}",
        entries=entries,
        last_seen=f"{timezone.localtime(supplier.last_seen_at):%Y-%m-%d}" if supplier.last_seen_at else "",
        team=supplier.team.name if teams else "",
    )
