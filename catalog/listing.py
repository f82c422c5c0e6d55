"""Which items a page of the catalogue shows: by its words, filters and sort, all of which are in its address.

A table of hundreds of thousands answers as one of a hundred: nobody turns ten thousand rows over, so what is beyond
them is counted as "more", and found by a word or a filter instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.models import Item, ItemPicture, ItemQuerySet
from searches.addresses import changed
from searches.filters import words_of
from searches.sorting import Column, Sorting, sorting_of

ITEMS_PER_PAGE = 50
MOST_SHOWN = 10_000
LONGEST_ASKED = 200
NEWEST_FIRST = "-changed"
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("code", gettext_lazy("Own code"), F("code")),
            Column("name", gettext_lazy("Name"), F("name")),
            Column("supplier", gettext_lazy("Supplier"), F("supplier_name")),
            Column("price", gettext_lazy("Price"), F("price"), numeric=True),
            Column("moq", gettext_lazy("MOQ"), F("moq"), numeric=True),
            Column("bought", gettext_lazy("Last bought"), F("last_bought"), falling_first=True),
            Column("changed", gettext_lazy("Changed"), F("changed_at"), falling_first=True),
        )
    }
)
# What has a value in every row is sorted as it lies in an index.
ALWAYS_KNOWN: Mapping[str, str] = MappingProxyType({"code": "code", "name": "name", "supplier": "supplier_name"})
FILTERS = ("q", "supplier", "archived", "without")


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter; its address takes it away."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """words: each is in code, name, supplier or notes. supplier: its whole name. archived: those, and no others."""

    params: QueryDict
    words: str = ""
    supplier: str = ""
    archived: bool = False
    without_picture: bool = False

    @property
    def is_active(self) -> bool:
        return bool(self.words or self.supplier or self.archived or self.without_picture)

    @property
    def chips(self) -> list[Chip]:
        named = {
            "q": self.words,
            "supplier": self.supplier,
            "archived": pgettext("of items", "archived") if self.archived else "",
            "without": _("without a picture") if self.without_picture else "",
        }
        return [Chip(label, changed(self.params, **{name: None})) for name, label in named.items() if label]

    def of(self, team: int) -> ItemQuerySet:
        """The team's items that are asked for, in no order."""
        items = Item.objects.filter(team=team, archived_at__isnull=not self.archived).order_by()
        for word in words_of(self.words):
            items = items.filter(
                Q(code__icontains=word)
                | Q(name__icontains=word)
                | Q(supplier_name__icontains=word)
                | Q(notes__icontains=word)
            )
        if self.supplier:
            items = items.filter(supplier_name=self.supplier)
        if self.without_picture:
            items = items.filter(~Exists(ItemPicture.objects.filter(item=OuterRef("pk"))))
        return items


def narrowing_of(params: QueryDict) -> Narrowing:
    def text(name: str) -> str:
        # PostgreSQL refuses NUL in a text.
        return params.get(name, "").replace("\0", "").strip()[:LONGEST_ASKED]

    return Narrowing(
        params,
        words=text("q"),
        supplier=text("supplier"),
        archived=bool(text("archived")),
        without_picture=bool(text("without")),
    )


def sorting_from(text: str) -> Sorting:
    return sorting_of(text, NEWEST_FIRST, COLUMNS)


def in_order(items: ItemQuerySet, sorting: Sorting) -> ItemQuerySet:
    """Equal ones the newest first; what is unknown last."""
    direction = "-" if sorting.falling else ""
    if sorting.column.key == "changed":
        return items.order_by(f"{direction}changed_at", f"{direction}pk")
    if sorting.column.key in ALWAYS_KNOWN:
        return items.order_by(f"{direction}{ALWAYS_KNOWN[sorting.column.key]}", "-pk")
    return items.order_by(*sorting.order(), "-pk")


class ItemPaginator(Paginator[int]):
    """Pages of ids. `found`: how many there are at least; `is_all`: and no more."""

    def __init__(self, ids: "Sequence[int] | Any", found: int, *, is_all: bool) -> None:
        super().__init__(ids, ITEMS_PER_PAGE)
        self.found, self.is_all = found, is_all

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_SHOWN)


def page_of(items: ItemQuerySet, sorting: Sorting, number: str | None, *, narrowed: bool) -> Page[int]:
    """A page of ids. What is narrowed by more than an index knows is read once, for the page and for its number."""
    ids = in_order(items, sorting).values_list("pk", flat=True)
    if not narrowed:
        found = items.count()
        return ItemPaginator(ids, found, is_all=True).get_page(number)
    shown = list(ids[: MOST_SHOWN + 1])
    return ItemPaginator(shown, len(shown[:MOST_SHOWN]), is_all=len(shown) <= MOST_SHOWN).get_page(number)
