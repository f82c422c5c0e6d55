"""What an entry's offer shows today, beside the snapshot: from the newest search of the team that found it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from django.db.models import F, Max, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from searches.formats import day_and_clock, money, percent
from searches.models import OfferFields, SearchCall, SearchJob, SupplierMatch
from suppliers.models import ListEntry

OfferKey: TypeAlias = tuple[str, str]
COMPARED = ("marketplace", "offer_id", "price", "currency", "tiers", "moq", "supplier_credit", "fetched_at", "job_id")


@dataclass(frozen=True, slots=True)
class Today:
    """`match`: the offer as it was found last, None when never again. `missing_since`: when its photo's newest search,
    which asked the same marketplace, did not find it any more."""

    match: SupplierMatch | None
    missing_since: datetime | None = None


NOTHING = Today(None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One property then and now, in words. `tone`: "better" or "worse" for the buyer, "" for neither."""

    key: str
    label: str
    then: str
    now: str
    tone: str = ""
    change: str = ""


def today_of(entries: Sequence[ListEntry], team_id: int) -> dict[int, Today]:
    """By the entries' ids: three queries, whatever their number."""
    if not entries:
        return {}
    newest = _newest(entries, team_id)
    searches = _latest_searches(entries, team_id)
    return {entry.pk: _today(entry, newest, searches) for entry in entries}


def differences(entry: OfferFields, match: OfferFields | None) -> list[Difference]:
    """What differs, in the order of its weight; nothing without a newer state."""
    if match is None:
        return []
    found = [_price(entry, match), _tiers(entry, match), _moq(entry, match), _credit(entry, match)]
    return [difference for difference in found if difference is not None]


def is_newer(entry: ListEntry, match: SupplierMatch | None) -> bool:
    """Whether somebody has seen the offer since its snapshot was taken."""
    return match is not None and match.fetched_at > entry.fetched_at


def told(today: Today, entry: ListEntry) -> str:
    """The state of the offer in a sentence; "" when nothing newer is known."""
    if today.missing_since:
        return _("Not found any more on %(when)s, with the same photo.") % {"when": day_and_clock(today.missing_since)}
    if today.match is not None and is_newer(entry, today.match):
        return _("Seen again on %(when)s.") % {"when": day_and_clock(today.match.fetched_at)}
    return ""


@dataclass(frozen=True, slots=True)
class _Searches:
    """The newest finished searches with the entries' photos, by photo and marketplace (id and when), and what each of
    them found."""

    latest: Mapping[tuple[int, str], tuple[int, datetime]]
    found: frozenset[tuple[int, str, str]]


def _newest(entries: Iterable[ListEntry], team_id: int) -> dict[OfferKey, SupplierMatch]:
    """The newest sighting of each entry's offer by the team's searches."""
    order = [F("fetched_at").desc(), F("pk").desc()]
    number = Window(RowNumber(), partition_by=[F("marketplace"), F("offer_id")], order_by=order)
    of_team = SearchJob.objects.filter(team=team_id).order_by()
    matches = _of_offers(SupplierMatch.objects.filter(job__in=of_team), entries)
    newest = matches.annotate(number=number).filter(number=1).only(*COMPARED)
    return {(match.marketplace, match.offer_id): match for match in newest}


def _latest_searches(entries: Iterable[ListEntry], team_id: int) -> _Searches:
    photos = {entry.query_image_id for entry in entries if entry.query_image_id}
    if not photos:
        return _Searches({}, frozenset())
    done = SearchCall.objects.filter(
        image__in=photos,
        status=SearchCall.Status.DONE,
        job__team=team_id,
        job__status=SearchJob.Status.DONE,
        job__finished_at__isnull=False,
    )
    newest = done.order_by().values_list("image", "marketplace").annotate(Max("job"), Max("job__finished_at"))
    latest = {(image, marketplace): (job, at) for image, marketplace, job, at in newest}
    jobs = {job for job, _at in latest.values()}
    found = _of_offers(SupplierMatch.objects.filter(job__in=jobs), entries)
    return _Searches(latest, frozenset(found.values_list("job", "marketplace", "offer_id")))


def _of_offers(matches: QuerySet[SupplierMatch], entries: Iterable[ListEntry]) -> QuerySet[SupplierMatch]:
    keys = {(entry.marketplace, entry.offer_id) for entry in entries}
    return matches.filter(
        marketplace__in={marketplace for marketplace, _id in keys}, offer_id__in={offer for _marketplace, offer in keys}
    )


def _today(entry: ListEntry, newest: Mapping[OfferKey, SupplierMatch], searches: _Searches) -> Today:
    key = (entry.marketplace, entry.offer_id)
    match = newest.get(key)
    search = searches.latest.get((entry.query_image_id or 0, entry.marketplace))
    if search is None or (search[0], *key) in searches.found:
        return Today(match)
    finished_at = search[1]
    last_seen = max(entry.fetched_at, match.fetched_at if match else entry.fetched_at)
    return Today(match, finished_at if finished_at > last_seen else None)


def _price(entry: OfferFields, match: OfferFields) -> Difference | None:
    if (entry.price, entry.currency) == (match.price, match.currency):
        return None
    tone = change = ""
    if entry.price and match.price is not None and entry.currency == match.currency:
        tone = "better" if match.price < entry.price else "worse"
        share = float(abs(match.price - entry.price) / entry.price)
        change = f"{'−' if match.price < entry.price else '+'}{percent(share)}"
    return _difference("price", _money(entry), _money(match), tone, change)


def _tiers(entry: OfferFields, match: OfferFields) -> Difference | None:
    if entry.price_tiers == match.price_tiers:
        return None
    return _difference("tiers", _tier_lines(entry), _tier_lines(match))


def _moq(entry: OfferFields, match: OfferFields) -> Difference | None:
    if entry.moq == match.moq:
        return None
    tone = ""
    if entry.moq is not None and match.moq is not None:
        tone = "better" if match.moq < entry.moq else "worse"
    return _difference("moq", _count(entry.moq), _count(match.moq), tone)


def _credit(entry: OfferFields, match: OfferFields) -> Difference | None:
    then, now = entry.supplier_credit, match.supplier_credit
    if then == now:
        return None
    tone = "" if then is None or now is None else "better" if now > then else "worse"
    return _difference("credit", _count(then), _count(now), tone)


def _difference(key: str, then: str, now: str, tone: str = "", change: str = "") -> Difference:
    return Difference(key, str(LABELS[key]), then, now, tone, change)


def _money(offer: OfferFields) -> str:
    return _("no price") if offer.price is None else money(offer.price, offer.currency)


def _tier_lines(offer: OfferFields) -> str:
    return "\n".join(_tier(offer, *tier) for tier in offer.price_tiers) or _("none")


def _tier(offer: OfferFields, quantity: int, price: Decimal) -> str:
    return _("%(price)s from %(quantity)s") % {"price": money(price, offer.currency), "quantity": f"{quantity:,}"}


def _count(number: int | None) -> str:
    return _("unknown") if number is None else f"{number:,}"


LABELS = MappingProxyType(
    {
        "price": gettext_lazy("Price"),
        "tiers": gettext_lazy("Price tiers"),
        "moq": gettext_lazy("MOQ"),
        "credit": gettext_lazy("Credit"),
    }
)
