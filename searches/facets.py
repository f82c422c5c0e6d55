"""The counts beside the filters and the best figures: what the database adds up.

A count says how many offers would be listed with that choice and everything else as it is. So a filter's own
condition is left out of its own counts, and kept in all others'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from searches.filters import BEST, MatchFilter
from searches.formats import plain
from searches.marketplaces import MARKETPLACES
from searches.models import SupplierMatch

Matches = QuerySet[SupplierMatch]

SIMILARITIES = ("0.95", "0.9", "0.8", "0.6")
CREDITS = ("5", "4", "3")
QUANTITIES = ("1", "10", "50", "100", "500")
PLACES_SHOWN = 8
# These read texts, which is slow, and have no counts of their own: the rows are narrowed by them first.
TEXTS = ("title_any", "title_all", "title_none", "supplier")
PRICES = ("price_from", "price_to")


@dataclass(frozen=True, slots=True)
class Totals:
    """All offers of a search, before any filter. Prices are in `currency`, which is "" when they are in several."""

    offers: int
    suppliers: int
    currency: str
    lowest: Decimal | None
    highest: Decimal | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter, as the side shows it."""

    id: str
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """The filtered rows, added up."""

    offers: int
    best_suppliers: int
    lowest_price: Decimal | None
    lowest_moq: int | None
    highest_similarity: float | None
    similarities: list[Option]
    credits: list[Option]
    quantities: list[Option]
    marketplaces: list[Option]


def add_up(matches: Matches) -> Totals:
    """One query."""
    supplier = Coalesce(NullIf("supplier_id", Value("")), NullIf("supplier_name", Value("")))
    found = matches.aggregate(
        offers=Count("pk"),
        suppliers=Count(supplier, distinct=True),
        first_currency=Min("currency"),
        last_currency=Max("currency"),
        lowest=Min("price"),
        highest=Max("price"),
        mean=Avg("price"),
    )
    first, last = found.pop("first_currency"), found.pop("last_currency")
    return Totals(**found, currency=first if first == last else "")


def narrowed(matches: Matches, conditions: Mapping[str, Q], *, without: Iterable[str] = ()) -> Matches:
    return matches.filter(*(condition for name, condition in conditions.items() if name not in without))


def count(matches: Matches, filters: MatchFilter, marketplaces: list[str]) -> Counts:
    """One query, whatever the filters."""
    conditions = {name: condition for name, condition in filters.conditions().items() if name not in TEXTS}
    texts = {name: condition for name, condition in filters.conditions().items() if name in TEXTS}
    active = filters.active()
    choices = {
        "similarity_from": _numbers(SIMILARITIES, active.get("similarity_from")),
        "credit_from": _numbers(CREDITS, active.get("credit_from")),
        "moq_to": _numbers(QUANTITIES, active.get("moq_to")),
        "marketplace": marketplaces,
    }
    everything = Q(*conditions.values())
    best = Q(*(filters.filters[name].condition(BEST[name]) for name in ("credit_from", "similarity_from")))
    found = narrowed(matches, texts).aggregate(
        offers=Count("pk", filter=everything),
        best_suppliers=Count("pk", filter=_but(conditions, "credit_from", "similarity_from") & best),
        lowest_price=Min("price", filter=everything),
        lowest_moq=Min("moq", filter=everything),
        highest_similarity=Max("similarity", filter=everything),
        **{
            f"{name}_{number}": Count("pk", filter=_but(conditions, name) & _condition(filters, name, value))
            for name, values in choices.items()
            for number, value in enumerate(values)
        },
    )
    options = {name: _options(name, values, active.get(name), found) for name, values in choices.items()}
    return Counts(
        offers=found["offers"],
        best_suppliers=found["best_suppliers"],
        lowest_price=found["lowest_price"],
        lowest_moq=found["lowest_moq"],
        highest_similarity=found["highest_similarity"],
        similarities=options["similarity_from"],
        credits=options["credit_from"],
        quantities=options["moq_to"],
        marketplaces=options["marketplace"],
    )


def count_places(matches: Matches, filters: MatchFilter) -> list[Option]:
    """The places with most offers, and those chosen: one query."""
    chosen = filters.active().get("place", [])
    rows = narrowed(matches, filters.conditions(), without=("place",)).exclude(supplier_location="")
    found = dict(rows.order_by().values_list("supplier_location").annotate(number=Count("pk")))
    names = sorted(found, key=lambda name: (-found[name], name))[:PLACES_SHOWN]
    names += [name for name in chosen if name not in names]
    return [
        Option(f"id_place_{number}", name, name, found.get(name, 0), name in chosen)
        for number, name in enumerate(names)
    ]


def _numbers(offered: tuple[str, ...], chosen: Decimal | int | None) -> list[str]:
    """The offered numbers, and the one in the address if it is another."""
    if chosen is None or Decimal(chosen) in map(Decimal, offered):
        return list(offered)
    return [*offered, plain(Decimal(chosen))]


def _but(conditions: Mapping[str, Q], *names: str) -> Q:
    return Q(*(condition for name, condition in conditions.items() if name not in names))


def _condition(filters: MatchFilter, name: str, value: str) -> Q:
    condition: Q = filters.filters[name].condition([value] if name == "marketplace" else value)
    return condition


def _options(name: str, values: list[str], chosen: Any, found: Mapping[str, Any]) -> list[Option]:
    def is_chosen(value: str) -> bool:
        if isinstance(chosen, list):
            return value in chosen
        return chosen is not None and Decimal(value) == chosen

    return [
        Option(f"id_{name}_{number}", value, _label(name, value), found[f"{name}_{number}"], is_chosen(value))
        for number, value in enumerate(values)
    ]


def _label(name: str, value: str) -> str:
    if name == "marketplace":
        return str(MARKETPLACES[value].label) if value in MARKETPLACES else value
    if name == "moq_to":
        return _("up to %(number)s") % {"number": value}
    return _("%(number)s and up") % {"number": value}
