"""The counts beside the filters and the best figures, added up over the table.

A count says how many offers would be listed with that choice and everything else as it is. So a filter's own
condition is left out of its own counts, and kept in all others'. What offers may be left out for is counted by what
it would leave out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from searches.badges import IDENTITIES, identity_label
from searches.filters import BEST, BEST_IN_OTHER_VIEWS, SHIPPING, Narrowing
from searches.formats import plain
from searches.offertable import Floats, OfferTable, Tally, count_codes
from searches.rows import marketplace_label

# What is offered to choose from, besides any number in the address.
NUMBERS = {
    "similarity_from": ("0.95", "0.9", "0.8", "0.6"),
    "credit_from": ("5", "4", "3"),
    "years_from": ("10", "5", "3", "1"),
    "medal_from": ("5", "4", "3"),
    "service_from": ("4.8", "4.5", "4"),
    "moq_to": ("1", "10", "50", "100", "500"),
}
PLACES_SHOWN = 8
# Those that take any number of values.
SEVERAL = ("identity", "marketplace", "place", "hide")
# What offers are or are not. A choice that would list nothing is not offered.
TRAITS = {"identity": [*IDENTITIES], "ships_within": ["", *SHIPPING], "dropshipping": ["1"]}
# What may be left out, where there is any of it.
LEAVING_OUT = {"decided": gettext_lazy("what we chose or rejected"), "ads": gettext_lazy("advertised offers")}
PRICES = ("price_from", "price_to")


@dataclass(frozen=True, slots=True)
class Totals:
    """All offers of a search, before any filter. Prices are in `currency`, which is "" when they are in several.

    said: of how many offers something is known, by the key of the column that shows it. given: how many similarities
    are the marketplace's; the others are our own eye's. by_medal: how many credits are trade medals.
    photos: with how many photos the search was asked.
    """

    offers: int
    suppliers: int
    said: Mapping[str, int]
    given: int
    by_medal: int
    photos: int
    currency: str
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def similar(self) -> int:
        return self.said["similarity"]

    @property
    def ours(self) -> int:
        """How many offers have a similarity by our own eye alone."""
        return self.similar - self.given

    @property
    def rated(self) -> int:
        return self.said["credit"]

    @property
    def missing(self) -> set[str]:
        """The columns of which no offer says anything, of those that are not shown then."""
        missing = {column for column, number in self.said.items() if not number}
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
    best_in_other_views: int
    lowest_price: Decimal | None
    lowest_moq: int | None
    highest_similarity: float | None
    options: dict[str, list[Option]]


def add_up(table: OfferTable, photos: int) -> Totals:
    numbers = {
        "similarity": table.similarity,
        "credit": table.credit,
        "years": table.years,
        "medal": table.medal,
        "service": table.service,
        "sold": table.sold,
        "repurchased": table.repurchased,
        "ships": table.ships,
    }
    return Totals(
        offers=len(table),
        suppliers=int(np.count_nonzero(np.bincount(table.supplier[table.supplier >= 0]))),
        said={column: int(np.count_nonzero(~np.isnan(values))) for column, values in numbers.items()},
        given=int(np.count_nonzero(~np.isnan(table.given))),
        by_medal=int(np.count_nonzero(np.isnan(table.rated) & ~np.isnan(table.credit))),
        photos=photos,
        currency=table.currencies[0] if len(table.currencies) == 1 else "",
        lowest=_price(table.price, np.fmin),
        highest=_price(table.price, np.fmax),
    )


def count(
    narrowing: Narrowing, tally: Tally, active: Mapping[str, Any], marketplaces: Sequence[str], photos: int = 1
) -> Counts:
    """active: the filters in force, which the tally holds the masks of. photos: with how many the search was asked."""
    table = narrowing.table
    choices = _choices(narrowing, active, marketplaces, photos)
    passing = tally.passing()
    options = {
        name: _options(name, values, active.get(name), [_count(narrowing, tally, name, value) for value in values])
        for name, values in choices.items()
    }
    return Counts(
        offers=int(np.count_nonzero(passing)),
        best_suppliers=_preset(narrowing, tally, BEST),
        best_in_other_views=_preset(narrowing, tally, BEST_IN_OTHER_VIEWS),
        lowest_price=_price(table.price[passing], np.fmin),
        lowest_moq=_whole(np.fmin.reduce(table.moq[passing], initial=np.nan)),
        highest_similarity=_known(np.fmax.reduce(table.similarity[passing], initial=np.nan)),
        options=options | {"place": _places(table, tally, active.get("place", []))},
    )


def _preset(narrowing: Narrowing, tally: Tally, values: Mapping[str, str]) -> int:
    credit, similarity = (narrowing.mask(name, values[name]) for name in ("credit_from", "similarity_from"))
    return tally.count(credit & similarity, "credit_from", "similarity_from")


def _choices(
    narrowing: Narrowing, active: Mapping[str, Any], marketplaces: Sequence[str], photos: int
) -> dict[str, list[str]]:
    """The values of each filter that has counts, by its parameter; "" for any."""
    choices = {name: _numbers(offered, active.get(name)) for name, offered in NUMBERS.items()}
    several = tuple(str(number) for number in range(photos, 1, -1))
    choices["photos_from"] = _numbers(several, active.get("photos_from")) if several else []
    choices["marketplace"] = list(marketplaces) if len(marketplaces) > 1 else []
    left_out = active.get("hide", [])
    choices["hide"] = [value for value, mask in narrowing.hidden.items() if value in left_out or mask.any()]
    return choices | TRAITS


def price_of(number: float) -> Decimal | None:
    """A price of the table as the database has it."""
    return None if np.isnan(number) else Decimal(f"{number:.4f}")


def _price(prices: Floats, best: np.ufunc) -> Decimal | None:
    return price_of(float(best.reduce(prices, initial=np.nan)))


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _whole(number: float) -> int | None:
    return None if np.isnan(number) else int(number)


def _count(narrowing: Narrowing, tally: Tally, name: str, value: str) -> int:
    """How many offers there are with this choice; "" lets every row through."""
    if not value:
        return int(np.count_nonzero(tally.passing(name)))
    if name == "hide":
        # What it would leave out: beside those words, what it would list reads as its opposite.
        return tally.count(~narrowing.mask(name, [value]), name)
    return tally.count(narrowing.mask(name, [value] if name in SEVERAL else value), name)


def _places(table: OfferTable, tally: Tally, chosen: Collection[str]) -> list[Option]:
    """The places with most offers, and those chosen."""
    counted = count_codes(table.place, tally.passing("place"), len(table.places))
    found = {table.places[code]: int(counted[code]) for code in np.flatnonzero(counted)}
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


def _options(name: str, values: list[str], chosen: Any, counted: Sequence[int]) -> list[Option]:
    options = [
        Option(
            id=f"id_{name}_{number}",
            value=value,
            label=_label(name, value, values),
            count=counted[number],
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
    if name == "hide":
        return str(LEAVING_OUT[value])
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
