"""One search's offers as one page of a table, in the state that the address describes.

Five queries whatever the state: all offers added up, the counts beside the filters, the places, the prices' spread,
and the rows; two more for the team's lists.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from searches import facets, histogram
from searches.addresses import changed
from searches.chips import Chip, chips_of, is_best
from searches.columns import COLUMNS, RANK, SORTS
from searches.facets import Counts, Option, Totals
from searches.filters import BEST, MatchFilter, with_preset
from searches.histogram import Bar
from searches.marketplaces import MARKETPLACES
from searches.models import SearchCall, SearchJob, SupplierMatch
from searches.rows import FIELDS, Best, Row, rows_of
from searches.sorting import Header, Sorting, headers, sorting_of

Matches = QuerySet[SupplierMatch]

OFFERS_PER_PAGE = 50


class KnownPaginator(Paginator[SupplierMatch]):
    """Its count was added up already."""

    def __init__(self, matches: Matches, count: int) -> None:
        super().__init__(matches, OFFERS_PER_PAGE)
        self.count = count


@dataclass(frozen=True, slots=True)
class View:
    """Which of a search's offers an address asks for, and in which order."""

    params: QueryDict
    filters: MatchFilter
    sorting: Sorting

    def matches(self, job: SearchJob) -> Matches:
        """Every row of the view, in order, over all its pages."""
        return self.ordered(facets.narrowed(job.matches.all(), self.filters.conditions()))

    def ordered(self, matches: Matches) -> Matches:
        """Of equals, the one that the marketplace ranks higher comes first."""
        return matches.order_by(*self.sorting.order(), "rank", "pk")


@dataclass(frozen=True, slots=True)
class Prices:
    """The histogram: its bars, and the whole of it in a sentence."""

    bars: list[Bar]
    summary: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page's table, its filters and its foot show."""

    view: View
    totals: Totals
    counts: Counts
    places: list[Option]
    prices: Prices | None
    headers: list[Header]
    chips: list[Chip]
    rows: list[Row]
    page: Page[SupplierMatch]
    several_marketplaces: bool
    best_url: str
    best_active: bool
    clear_url: str

    @property
    def params(self) -> QueryDict:
        return self.view.params

    @property
    def query(self) -> str:
        return self.view.params.urlencode()


def view_of(params: QueryDict, marketplaces: Iterable[str], order: str) -> View:
    """The state that the address describes; `order` is the one that the search asked for.

    The sort is spelled out in the answer's parameters, so that links from it mean the same later.
    """
    params = with_preset(params)
    sorting = sorting_of(params.get("sort", ""), _usual_sort(marketplaces, order), SORTS)
    spelled = params.copy()
    spelled["sort"] = sorting.text
    return View(spelled, MatchFilter(spelled), sorting)


def _usual_sort(marketplaces: Iterable[str], order: str) -> str:
    """As the search asked; by rank where a marketplace ranks but gives no similarity."""
    if order != SearchJob.Order.SIMILARITY:
        return order
    known = [MARKETPLACES[key] for key in marketplaces if key in MARKETPLACES]
    return "-similarity" if any(marketplace.gives_similarity for marketplace in known) or not known else RANK.key


def marketplaces_of(calls: Iterable[SearchCall]) -> list[str]:
    return list(dict.fromkeys(call.marketplace for call in calls))


def compare(job: SearchJob, params: QueryDict, marketplaces: list[str]) -> Comparison:
    """The comparison in the state of `params`. What cannot be read in them has no effect and is reported."""
    view = view_of(params, marketplaces, job.order)
    matches: Matches = job.matches.all()
    totals = facets.add_up(matches)
    counts = facets.count(matches, view.filters, marketplaces)
    everything = view.matches(job)
    page = KnownPaginator(everything, counts.offers).get_page(params.get("page"))
    listed = everything[max(0, page.start_index() - 1) : page.end_index()]
    active = view.filters.active()
    return Comparison(
        view=view,
        totals=totals,
        counts=counts,
        places=facets.count_places(matches, view.filters),
        prices=_prices(matches, view, totals),
        headers=headers(view.sorting, COLUMNS, view.params),
        chips=chips_of(active, view.params, totals.currency),
        rows=rows_of(
            _rows(listed, view),
            _best(counts, totals),
            view.params,
            _lists(job, listed),
            name_marketplace=len(marketplaces) > 1,
        ),
        page=page,
        several_marketplaces=len(marketplaces) > 1,
        best_url=changed(view.params, **BEST),
        best_active=is_best(active),
        clear_url=changed(QueryDict(), sort=view.sorting.text),
    )


def _rows(listed: Matches, view: View) -> Matches:
    """The rows of one page. Only ids go through the long sort: carrying whole rows costs four times as much."""
    return view.ordered(SupplierMatch.objects.filter(pk__in=listed.values("pk")).only(*FIELDS))


def _best(counts: Counts, totals: Totals) -> Best:
    """The figures to set off. Prices in several currencies have no lowest one, and one offer has nothing to beat."""
    if counts.offers < 2:
        return Best(None, None, None)
    return Best(
        price=counts.lowest_price if totals.currency else None,
        moq=counts.lowest_moq,
        similarity=counts.highest_similarity,
    )


def _lists(job: SearchJob, listed: Matches) -> dict[tuple[str, str], list[str]]:
    """The team's supplier lists that the listed offers are on, whatever search they came from."""
    entries = job.team.supplier_lists.filter(entries__offer_id__in=listed.values("offer_id")).values_list(
        "entries__marketplace", "entries__offer_id", "name"
    )
    lists: dict[tuple[str, str], list[str]] = {}
    for marketplace, offer_id, name in entries:
        lists.setdefault((marketplace, offer_id), []).append(name)
    return lists


def _prices(matches: Matches, view: View, totals: Totals) -> Prices | None:
    scale = histogram.scale_for(totals.lowest, totals.highest, totals.mean)
    if scale is None or not totals.currency:
        return None
    others = facets.narrowed(matches, view.filters.conditions(), without=facets.PRICES)
    counted = histogram.count_prices(others, scale)
    active = view.filters.active()
    bars = histogram.draw(
        scale,
        counted,
        link=lambda lowest, highest: changed(view.params, price_from=lowest, price_to=highest),
        lowest=active.get("price_from"),
        highest=active.get("price_to"),
        currency=totals.currency,
    )
    return Prices(bars, histogram.summary(scale, counted, totals.currency))
