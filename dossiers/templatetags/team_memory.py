"""What a team knows of offers, for the pages of rooms below: `{% load team_memory %}`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dossiers.keys import SupplierKey
from searches.formats import money, price_range
from searches.memory import Memory, Seen, remembered
from searches.models import OfferFields, SearchJob
from searches.rows import Row

register = template.Library()


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """An offer in the team's other searches: `text` counts them, `price` is the last and when, `told` is all of it.

    `url`: the newest of them.
    """

    text: str
    price: str
    told: str
    url: str


@dataclass(frozen=True, slots=True)
class KnownOffer:
    """`seen` is None for what no other search found; `supplier_url` is "" where nobody said whose offer it is."""

    seen: SeenBefore | None
    supplier_url: str


@register.simple_tag
def team_memory(rows: Iterable[Row], job: SearchJob) -> dict[int, KnownOffer]:
    """What the search's team knows of the rows of its page, by the rows' ids. Two queries, however many rows."""
    matches = [row.match for row in rows]
    known = remembered(job.team_id, [(match.marketplace, match.offer_id) for match in matches], besides=job.pk)
    return {
        match.pk: KnownOffer(
            _seen_before(known.get((match.marketplace, match.offer_id))), supplier_page_of(match, job.team_id)
        )
        for match in matches
    }


@register.inclusion_tag("dossiers/_seen.html")
def seen_before(memory: Mapping[int, KnownOffer], row_id: int) -> dict[str, SeenBefore | None]:
    """The line of one row: nothing for an offer that is new to the team."""
    known = memory.get(row_id)
    return {"seen": known.seen if known else None}


@register.simple_tag
def supplier_page(memory: Mapping[int, KnownOffer], row_id: int) -> str:
    """The address of the page of a row's supplier."""
    known = memory.get(row_id)
    return known.supplier_url if known else ""


@register.simple_tag
def supplier_page_of(offer: OfferFields, team: int) -> str:
    """The address of the page of the supplier of a match or of a list's entry."""
    key = SupplierKey.of(offer.marketplace, offer.supplier_id, offer.supplier_name)
    return key.address(team) if key else ""


def _seen_before(memory: Memory | None) -> SeenBefore | None:
    if memory is None:
        return None
    newest = memory.latest[0]
    text = ngettext("seen in %(number)d other search", "seen in %(number)d other searches", memory.searches)
    told = [_told(seen) for seen in memory.latest]
    if memory.lowest is not None and memory.lowest != memory.highest:
        spread = price_range(memory.lowest, memory.highest, memory.currency)
        told.append(_("all prices: %(prices)s") % {"prices": spread})
    priced = memory.last_price
    return SeenBefore(
        text=text % {"number": memory.searches},
        price=_price_then(priced) if priced else "",
        told="\n".join(told),
        url=SearchJob(pk=newest.job).get_absolute_url(),
    )


def _price_then(seen: Seen) -> str:
    """`¥12.80 in March`; of another year, with the year."""
    local = timezone.localtime(seen.at)
    month = date_format(local, "F" if local.year == timezone.localtime().year else "YEAR_MONTH_FORMAT")
    return _("%(price)s in %(month)s") % {"price": _price(seen), "month": month}


def _told(seen: Seen) -> str:
    return f"{timezone.localtime(seen.at):%Y-%m-%d} · {_price(seen)} · {seen.title}"


def _price(seen: Seen) -> str:
    return _("no price") if seen.price is None else money(seen.price, seen.currency)
