"""A supplier's offers as a table: the newest state of each, and how its price went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dossiers.charts import Chart, Point, chart_of
from dossiers.decisions import Decision
from dossiers.keys import offers_of
from dossiers.models import Supplier
from searches.badges import Badge, badges_of
from searches.formats import money, percent, price_range
from searches.memory import Memory, Offer, remembered
from searches.models import SearchJob, SupplierMatch
from searches.rows import marketplace_label
from searches.sorting import Column, Sorting, filled, sorting_of

OFFERS_PER_PAGE = 25
# A price that was asked every day for two months; the figures beside it count all of them.
MOST_PRICES = 60
NEWEST_FIRST = "-seen"
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("title", gettext_lazy("Offer"), filled("title")),
            Column("price", gettext_lazy("Price"), F("price"), numeric=True),
            Column("moq", gettext_lazy("MOQ"), F("moq"), numeric=True, tie="price"),
            Column("sold", gettext_lazy("Sold a month"), F("monthly_sales"), numeric=True, falling_first=True),
            Column("seen", gettext_lazy("Last seen"), F("fetched_at"), falling_first=True),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One price of an offer. `change` against the one before, "" for none."""

    day: str
    price: str
    change: str
    search: str
    search_url: str


@dataclass(frozen=True, slots=True)
class History:
    """How an offer's price went: drawn small and large, told in a sentence, and written out, the newest first."""

    small: Chart
    large: Chart
    told: str
    lines: list[Line]
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    title: str
    url: str
    image_url: str
    marketplace: str
    badges: list[Badge]
    price: str
    range: str
    moq: str
    sold: str
    seen: str
    searches: str
    search: str
    search_url: str
    history: History | None
    decisions: list[Decision]


def seen_offers(supplier: Supplier) -> QuerySet[SupplierMatch]:
    """Every sighting of every offer of all that is shown as this supplier, in searches of its team."""
    jobs = SearchJob.objects.filter(team=supplier.team_id).order_by()
    return SupplierMatch.objects.filter(offers_of(supplier.keys), job__in=jobs)


def newest_states(supplier: Supplier) -> QuerySet[SupplierMatch]:
    """Each offer once, as it was seen last."""
    numbered = seen_offers(supplier).annotate(
        number=Window(
            RowNumber(),
            partition_by=[F("offer_id"), F("marketplace")],
            order_by=[F("fetched_at").desc(), F("pk").desc()],
        )
    )
    return SupplierMatch.objects.filter(pk__in=numbered.filter(number=1).values("pk"))


def sorting_from(text: str) -> Sorting:
    return sorting_of(text, NEWEST_FIRST, COLUMNS)


def page_of(supplier: Supplier, sorting: Sorting, number: str | None) -> Page[SupplierMatch]:
    newest = newest_states(supplier).select_related("job").defer("extras")
    return Paginator(newest.order_by(*sorting.order(), "-fetched_at", "-pk"), OFFERS_PER_PAGE).get_page(number)


def rows_of(supplier: Supplier, page: Sequence[SupplierMatch], decisions: Mapping[Offer, list[Decision]]) -> list[Row]:
    """Three queries: the figures of all sightings, the last ones, and the prices."""
    offers = [(match.marketplace, match.offer_id) for match in page]
    known = remembered(supplier.team_id, offers)
    prices = _prices(supplier, offers)
    return [
        _row(match, known.get(offer), prices.get(offer, []), decisions.get(offer, []))
        for match, offer in zip(page, offers, strict=True)
    ]


def _prices(supplier: Supplier, offers: list[Offer]) -> dict[Offer, list[dict[str, Any]]]:
    """The last prices of each offer, the oldest first."""
    matches = SupplierMatch.objects.filter(
        job__in=SearchJob.objects.filter(team=supplier.team_id).order_by(),
        offer_id__in={offer_id for _, offer_id in offers},
        marketplace__in={marketplace for marketplace, _ in offers},
    ).exclude(price=None)
    newest_first = [F("fetched_at").desc(), F("job").desc()]
    numbered = matches.annotate(
        number=Window(RowNumber(), partition_by=[F("offer_id"), F("marketplace")], order_by=newest_first)
    ).filter(number__lte=MOST_PRICES)
    columns = ("marketplace", "offer_id", "fetched_at", "price", "currency", "job", "job__title")
    prices: dict[Offer, list[dict[str, Any]]] = {}
    for line in numbered.order_by("fetched_at", "job").values(*columns):
        prices.setdefault((line["marketplace"], line["offer_id"]), []).append(line)
    return prices


def _row(match: SupplierMatch, known: Memory | None, prices: list[dict[str, Any]], decisions: list[Decision]) -> Row:
    searches = known.searches if known else 1
    spread = known and known.lowest is not None and known.lowest != known.highest
    return Row(
        id=match.pk,
        title=match.title or _("offer %(id)s, without a title") % {"id": match.offer_id},
        url=match.url,
        image_url=match.image_url,
        marketplace=marketplace_label(match.marketplace),
        badges=badges_of(match),
        price="" if match.price is None else money(match.price, match.currency),
        range=price_range(known.lowest, known.highest, known.currency) if known and spread else "",
        moq="" if match.moq is None else f"{match.moq:,}",
        sold="" if match.monthly_sales is None else f"{match.monthly_sales:,}",
        seen=f"{timezone.localtime(match.fetched_at):%Y-%m-%d}",
        searches=ngettext("in %(number)d search", "in %(number)d searches", searches) % {"number": searches},
        search=match.job.title,
        search_url=match.job.get_absolute_url(),
        history=_history([line for line in prices if line["currency"] == match.currency]),
        decisions=decisions,
    )


def _history(prices: list[dict[str, Any]]) -> History | None:
    """None for a single price, which the table has already."""
    if len(prices) < 2:
        return None
    days = [f"{timezone.localtime(line['fetched_at']):%Y-%m-%d}" for line in prices]
    texts = [money(line["price"], line["currency"]) for line in prices]
    points = [
        Point(line["fetched_at"], float(line["price"]), f"{day}: {text}")
        for line, day, text in zip(prices, days, texts, strict=True)
    ]
    small, large = chart_of(points, width=96, height=28), chart_of(points, width=320, height=120)
    if small is None or large is None:
        return None
    changes = ["", *(_change(before["price"], line["price"]) for before, line in pairwise(prices))]
    lines = [
        Line(day, text, change, line["job__title"], reverse("searches:detail", args=[line["job"]]))
        for line, day, text, change in zip(prices, days, texts, changes, strict=True)
    ]
    told = _("%(first)s on %(since)s, %(last)s on %(until)s") % {
        "first": texts[0],
        "since": days[0],
        "last": texts[-1],
        "until": days[-1],
    }
    lowest, highest = min(prices, key=lambda line: line["price"]), max(prices, key=lambda line: line["price"])
    return History(
        small,
        large,
        told,
        lines[::-1],
        lowest=money(lowest["price"], lowest["currency"]),
        highest=money(highest["price"], highest["currency"]),
    )


def _change(before: Decimal, now: Decimal) -> str:
    """`+4%`, `−12%`, or nothing where nothing changed. What was for nothing has no percentage."""
    if before == now or not before:
        return ""
    share = float((now - before) / before)
    return f"{'+' if share > 0 else '−'}{percent(abs(share))}"
