"""Tables that are sorted by their address: `?sort=price`, `?sort=-price`, and the heads that link there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import NullIf
from django.http import QueryDict
from django.utils.functional import Promise

from searches.addresses import changed


@dataclass(frozen=True, slots=True)
class Column:
    """One sortable property. `falling_first`: the first click wants the largest on top.

    `tie`: a field that decides between equals, the smallest first, before the table's own order does.
    """

    key: str
    label: str | Promise
    by: F | NullIf
    numeric: bool = False
    falling_first: bool = False
    tie: str = ""


@dataclass(frozen=True, slots=True)
class Sorting:
    """A sort as an address gives it. `unknown` holds what the address said when it named no column."""

    column: Column
    falling: bool
    unknown: str = ""

    @property
    def text(self) -> str:
        return f"-{self.column.key}" if self.falling else self.column.key

    def order(self) -> list[OrderBy]:
        """What is unknown comes last, whichever way."""
        by = self.column.by
        first = by.desc(nulls_last=True) if self.falling else by.asc(nulls_last=True)
        return [first, F(self.column.tie).asc(nulls_last=True)] if self.column.tie else [first]


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head: its link sorts by it, or turns the order round."""

    key: str
    label: str | Promise
    url: str
    numeric: bool
    aria_sort: str
    arrow: str


def filled(field: str) -> NullIf:
    """The text, or nothing at all when it is empty."""
    return NullIf(field, Value(""))


def sorting_of(text: str, default: str, columns: Mapping[str, Column]) -> Sorting:
    """The sort named by `text`; `default` when it is empty or names none of `columns`."""
    key = text.removeprefix("-")
    if key in columns:
        return Sorting(columns[key], text.startswith("-"))
    return Sorting(columns[default.removeprefix("-")], default.startswith("-"), unknown=text)


def headers(sorting: Sorting, columns: Mapping[str, Column], params: QueryDict) -> list[Header]:
    return [_header(column, sorting, params) for column in columns.values()]


def _header(column: Column, sorting: Sorting, params: QueryDict) -> Header:
    current = column is sorting.column
    falls_next = not sorting.falling if current else column.falling_first
    state = ("descending" if sorting.falling else "ascending") if current else ""
    return Header(
        key=column.key,
        label=column.label,
        url=changed(params, sort=f"-{column.key}" if falls_next else column.key),
        numeric=column.numeric,
        aria_sort=state,
        arrow={"ascending": "↑", "descending": "↓"}.get(state, ""),
    )
