"""The counts beside the filters and the best figures: what the database adds up.

A count says how many offers would be listed with that choice and everything else as it is. So a filter's own
condition is left out of its own counts, and kept in all others'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from searches.badges import IDENTITIES, identity_label
from searches.filters import BEST, SHIPPING, MatchFilter
from searches.formats import plain
from searches.models import SupplierMatch
from searches.rows import marketplace_label

Matches = QuerySet[SupplierMatch]

# What is offered to choose from, besides any number in the address.
NUMBERS = {
    "similarity_from": ("0.95", "0.9", "0.8", "0.6"),
    "credit_from": ("5", "4", "3"),
    "moq_to": ("1", "10", "50", "100", "500"),
}
PLACES_SHOWN = 8
# Those that take any number of values.
SEVERAL = ("identity", "marketplace")
# What offers are or are not. A choice that would list nothing is not offered.
TRAITS = {"identity": [*IDENTITIES], "ships_within": ["", *SHIPPING], "dropshipping": ["1"]}
PRICES = ("price_from", "price_to")


@dataclass(frozen=True, slots=True)
class Totals:
    """All offers of a search, before any filter. Prices are in `currency`, which is "" when they are in several.

    similar, rated, sold, repurchased: how many say their similarity, credit, monthly sales, repurchase rate.
    photos: with how many photos the search was asked.
    """

    offers: int
    priced: int
    suppliers: int
    similar: int
    rated: int
    sold: int
    repurchased: int
    photos: int
    currency: str
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def missing(self) -> set[str]:
        """The columns of which no offer says anything, of those that are not shown then."""
        counted = {
            "similarity": self.similar,
            "credit": self.rated,
            "sold": self.sold,
            "repurchased": self.repurchased,
        }
        missing = {column for column, number in counted.items() if not number}
        return missing if self.photos > 1 else missing | {"blend"}


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
    """The filtered rows, added up. `options`: the choices of each filter that has counts, by its parameter."""

    offers: int
    best_suppliers: int
    lowest_price: Decimal | None
    lowest_moq: int | None
    highest_similarity: float | None
    options: dict[str, list[Option]]


def add_up(matches: Matches, photos: int) -> Totals:
    """One query."""
    supplier = Coalesce(NullIf("supplier_id", Value("")), NullIf("supplier_name", Value("")))
    found = matches.aggregate(
        offers=Count("pk"),
        priced=Count("price"),
        suppliers=Count(supplier, distinct=True),
        first_currency=Min("currency"),
        last_currency=Max("currency"),
        lowest=Min("price"),
        highest=Max("price"),
        similar=Count("similarity"),
        rated=Count("supplier_credit"),
        sold=Count("monthly_sales"),
        repurchased=Count("repurchase_rate"),
    )
    first, last = found.pop("first_currency"), found.pop("last_currency")
    return Totals(**found, photos=photos, currency=first if first == last else "")


def narrowed(matches: Matches, conditions: Mapping[str, Q], *, without: Iterable[str] = ()) -> Matches:
    return matches.filter(*(condition for name, condition in conditions.items() if name not in without))


def count(matches: Matches, filters: MatchFilter, marketplaces: list[str], photos: int = 1) -> Counts:
    """One query, whatever the filters. `photos`: with how many the search was asked."""
    active = filters.active()
    choices = {name: _numbers(offered, active.get(name)) for name, offered in NUMBERS.items()}
    several = tuple(str(number) for number in range(photos, 1, -1))
    choices["photos_from"] = _numbers(several, active.get("photos_from")) if several else []
    choices["marketplace"] = marketplaces if len(marketplaces) > 1 else []
    choices |= TRAITS
    # What has no counts of its own narrows the rows before any are counted, texts above all: these are slow to read.
    conditions = {name: condition for name, condition in filters.conditions().items() if name in choices}
    others = {name: condition for name, condition in filters.conditions().items() if name not in choices}
    everything = Q(*conditions.values())
    best = Q(*(filters.filters[name].condition(BEST[name]) for name in ("credit_from", "similarity_from")))
    found = narrowed(matches, others).aggregate(
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
    return Counts(
        offers=found["offers"],
        best_suppliers=found["best_suppliers"],
        lowest_price=found["lowest_price"],
        lowest_moq=found["lowest_moq"],
        highest_similarity=found["highest_similarity"],
        options={name: _options(name, values, active.get(name), found) for name, values in choices.items()},
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
    """Any number, the offered ones, and the one in the address if it is another."""
    if chosen is None or Decimal(chosen) in map(Decimal, offered):
        return ["", *offered]
    return ["", *offered, plain(Decimal(chosen))]


def _but(conditions: Mapping[str, Q], *names: str) -> Q:
    return Q(*(condition for name, condition in conditions.items() if name not in names))


def _condition(filters: MatchFilter, name: str, value: str) -> Q:
    """The condition of one choice; "" lets every row through."""
    if not value:
        return Q()
    condition: Q = filters.filters[name].condition([value] if name in SEVERAL else value)
    return condition


def _options(name: str, values: list[str], chosen: Any, found: Mapping[str, Any]) -> list[Option]:
    options = [
        Option(
            id=f"id_{name}_{number}",
            value=value,
            label=_label(name, value, values),
            count=found[f"{name}_{number}"],
            chosen=_is_chosen(value, chosen),
        )
        for number, value in enumerate(values)
    ]
    if name == "photos_from":
        # What all photos found is worth knowing even if it is nothing; every number between is not.
        return [option for option in options if option in options[:2] or option.count or option.chosen]
    if name not in TRAITS:
        return options
    offered = [option for option in options if not option.value or option.count or option.chosen]
    return offered if any(option.value for option in offered) else []


def _is_chosen(value: str, chosen: Any) -> bool:
    if isinstance(chosen, list):
        return value in chosen
    if isinstance(chosen, bool):
        return chosen
    if chosen is None or not value:
        return chosen is None and not value
    return Decimal(value) == Decimal(chosen)


def _label(name: str, value: str, values: list[str]) -> str:
    if name == "marketplace":
        return marketplace_label(value)
    if name == "identity":
        return identity_label(value)
    if name == "dropshipping":
        return _("sells single pieces")
    if not value:
        return _("any")
    if name == "photos_from" and value == values[1]:
        return _("all %(number)s photos") % {"number": value}
    texts = {
        "photos_from": _("%(number)s photos and up"),
        "moq_to": _("up to %(number)s"),
        "ships_within": _("within %(number)s h"),
    }
    return texts.get(name, _("%(number)s and up")) % {"number": value}
