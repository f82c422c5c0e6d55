"""What a team remembers of offers: in which of its searches it has seen them before, and at what price then.

Only what is in searches' own rows. What the team decided about an offer, its lists know (searches/knownoffers.py).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Count, F, Max, Min, QuerySet, Window
from django.db.models.functions import RowNumber

from searches.models import SearchJob, SupplierMatch

# As a marketplace tells its offers apart: its key, and the offer's id there.
Offer: TypeAlias = tuple[str, str]

LATEST = 2
_OFFER = ("offer_id", "marketplace")
_COLUMNS = (*_OFFER, "job", "job__title", "fetched_at", "price", "currency")
# Nothing but what the index `match_by_offer` has: the rows themselves are not touched.
_FIGURES = {"searches": Count("job"), "lowest": Min("price"), "highest": Max("price")}


@dataclass(frozen=True, slots=True)
class Seen:
    """An offer in one search. `price` is None where the marketplace gave none then; `at` is when it was fetched."""

    job: int
    title: str
    at: datetime
    price: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Memory:
    """An offer in a team's searches. `searches` counts them; `latest` are the last two, the newest first.

    `lowest` and `highest` are of all prices in `currency`, that of the newest price; None when there never was one.
    """

    searches: int
    latest: tuple[Seen, ...]
    lowest: Decimal | None
    highest: Decimal | None
    currency: str

    @property
    def last_price(self) -> Seen | None:
        """The newest of the latest sightings that has a price."""
        return next((seen for seen in self.latest if seen.price is not None), None)


def remembered(team: int, offers: Collection[Offer], *, besides: int | None = None) -> dict[Offer, Memory]:
    """What the team of this id remembers of the offers, by offer; without those that it has never seen.

    `besides`: the search that is on the screen does not count as another. Two queries, whose cost grows with the
    offers' sightings and not with the table. Never tells of another team's searches.
    """
    matches = _sightings(team, offers, besides)
    figures: dict[Offer, dict[str, Mapping[str, Any]]] = {}
    for line in matches.order_by().values(*_OFFER, "currency").annotate(**_FIGURES) if offers else ():
        figures.setdefault((line["marketplace"], line["offer_id"]), {})[line["currency"]] = line
    latest: dict[Offer, list[Seen]] = {}
    for line in _latest(matches) if figures else ():
        latest.setdefault((line["marketplace"], line["offer_id"]), []).append(_seen(line))
    # The query takes marketplaces and ids apart, and so may answer pairs that nobody asked for.
    return {offer: _memory(figures[offer], latest[offer]) for offer in offers if offer in figures and offer in latest}


def _sightings(team: int, offers: Collection[Offer], besides: int | None) -> QuerySet[SupplierMatch]:
    matches = SupplierMatch.objects.filter(
        job__in=SearchJob.objects.filter(team=team).order_by(),
        marketplace__in={marketplace for marketplace, _ in offers},
        offer_id__in={offer_id for _, offer_id in offers},
    )
    return matches if besides is None else matches.exclude(job=besides)


def _latest(matches: QuerySet[SupplierMatch]) -> Iterable[Mapping[str, Any]]:
    """The last sightings of each offer, the newest first."""
    newest_first = [F("fetched_at").desc(), F("job").desc()]
    numbered = matches.annotate(number=Window(RowNumber(), partition_by=[*_OFFER], order_by=newest_first))
    lines: Iterable[Mapping[str, Any]] = (
        numbered.filter(number__lte=LATEST).order_by(*_OFFER, "number").values(*_COLUMNS)
    )
    return lines


def _seen(line: Mapping[str, Any]) -> Seen:
    return Seen(line["job"], line["job__title"], line["fetched_at"], line["price"], line["currency"])


def _memory(figures: Mapping[str, Mapping[str, Any]], latest: list[Seen]) -> Memory:
    """`figures`: by currency."""
    told = next((seen for seen in latest if seen.price is not None), latest[0])
    # None when the prices in that currency were seen between the two queries, and not before.
    prices = figures.get(told.currency, {})
    return Memory(
        searches=sum(line["searches"] for line in figures.values()),
        latest=tuple(latest),
        lowest=prices.get("lowest"),
        highest=prices.get("highest"),
        currency=told.currency,
    )
