"""One search's offers as one page of a table, in the state that the address describes.

Seven queries whatever the state: all offers added up, the counts beside the filters, the places, the common price and
the prices' spread, the rows, and the team's lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, FilteredRelation, Q, QuerySet, When
from django.forms import BoundField
from django.http import QueryDict

from searches import facets, histogram
from searches.addresses import changed
from searches.chips import Chip, chips_of, is_best
from searches.columns import COLUMNS, RANK, SORTS, OrderChoice, orders, shown_columns
from searches.facets import Counts, Totals
from searches.filters import BEST, MatchFilter, with_preset
from searches.formats import money
from searches.histogram import Bar
from searches.marketplaces import MARKETPLACES
from searches.models import QueryImage, SearchCall, SearchJob, SupplierMatch
from searches.rows import FIELDS, Best, OnLists, Row, rows_of
from searches.side import Group, groups_of, preset_lacks, unmeetable
from searches.sightings import seen
from searches.sorting import Header, Sorting, headers, sorting_of

Matches = QuerySet[SupplierMatch]

OFFERS_PER_PAGE = 50
UNSCORED = Case(When(similarity__isnull=True, then=F("rank")))


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
        order = self.sorting.order()
        if self.sorting.column is COLUMNS["similarity"]:
            # Offers of marketplaces that only rank: these by their rank, before prices could part them.
            order.insert(1, UNSCORED.asc())
        return matches.order_by(*order, "rank", "pk")


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
    groups: list[Group]
    orders: list[OrderChoice]
    prices: Prices | None
    headers: list[Header]
    chips: list[Chip]
    rows: list[Row]
    page: Page[SupplierMatch]
    lists: dict[int, str]
    best_url: str
    best_active: bool
    best_lacks: str
    unmeetable: list[str]
    clear_url: str

    @property
    def params(self) -> QueryDict:
        return self.view.params

    @property
    def title_fields(self) -> list[BoundField]:
        form = self.view.filters.form
        return [form["title_any"], form["title_all"], form["title_none"]]

    @property
    def query(self) -> str:
        return self.view.params.urlencode()


def view_of(params: QueryDict, marketplaces: Iterable[str], order: str, *, photos: int = 1) -> View:
    """The state that the address describes; `order` and `photos`: what the search asked for, and with how many.

    The sort is spelled out in the answer's parameters, so that links from it mean the same later.
    """
    params = with_preset(params)
    sorting = sorting_of(params.get("sort", ""), _usual_sort(marketplaces, order, photos), SORTS)
    spelled = params.copy()
    spelled["sort"] = sorting.text
    return View(spelled, MatchFilter(spelled), sorting)


def _usual_sort(marketplaces: Iterable[str], order: str, photos: int) -> str:
    """As the search asked: of several photos all their ranks blended; by rank where a marketplace gives no similarity.

    A search that asked for prices gets the marketplace's ranks by price: blended, they would say nothing.
    """
    if order != SearchJob.Order.SIMILARITY:
        return order
    if photos > 1:
        return "-blend"
    known = [MARKETPLACES[key] for key in marketplaces if key in MARKETPLACES]
    return "-similarity" if any(marketplace.gives_similarity for marketplace in known) or not known else RANK.key


def marketplaces_of(calls: Iterable[SearchCall]) -> list[str]:
    return list(dict.fromkeys(call.marketplace for call in calls))


def compare(
    job: SearchJob,
    params: QueryDict,
    marketplaces: list[str],
    photos: Sequence[QueryImage] = (),
    unanswered: Sequence[int] = (),
) -> Comparison:
    """The comparison in the state of `params`. What cannot be read in them has no effect and is reported.

    photos: the search's, in their order. unanswered: the numbers of those whose calls have all failed.
    """
    view = view_of(params, marketplaces, job.order, photos=len(photos))
    matches: Matches = job.matches.all()
    totals = facets.add_up(matches, len(photos))
    counts = facets.count(matches, view.filters, marketplaces, len(photos))
    columns = shown_columns(totals.missing)
    _hint_at_prices(view, totals)
    everything = view.matches(job)
    page = KnownPaginator(everything, counts.offers).get_page(params.get("page"))
    on_page = everything[max(0, page.start_index() - 1) : page.end_index()]
    listed = _listed(on_page, view, with_sightings=len(photos) > 1)
    lists, on_lists = _kept_lists(job, listed)
    several = len(marketplaces) > 1
    best = _best(counts, totals)
    rows = rows_of(listed, best, view.params, on_lists, columns=columns, name_marketplace=several, photos=photos)
    active = view.filters.active()
    return Comparison(
        view=view,
        totals=totals,
        counts=counts,
        groups=groups_of(totals, counts, facets.count_places(matches, view.filters), unanswered),
        orders=orders(view.sorting, columns),
        prices=_prices(matches, view, totals),
        headers=headers(view.sorting, columns, view.params),
        chips=chips_of(active, view.params, totals.currency),
        rows=rows,
        page=page,
        lists=lists,
        best_url=changed(view.params, **BEST),
        best_active=is_best(active),
        best_lacks=preset_lacks(totals),
        unmeetable=unmeetable(totals, active),
        clear_url=changed(QueryDict(), sort=view.sorting.text),
    )


def _listed(matches: Matches, view: View, *, with_sightings: bool) -> list[SupplierMatch]:
    """The rows of one page. Only ids go through the long sort: carrying whole rows costs four times as much."""
    rows = SupplierMatch.objects.filter(pk__in=matches.values("pk")).only(*FIELDS)
    return list(view.ordered(rows.annotate(seen=seen()) if with_sightings else rows))


def _best(counts: Counts, totals: Totals) -> Best:
    """The figures to set off. Prices in several currencies have no lowest one, and one offer has nothing to beat."""
    if counts.offers < 2:
        return Best(None, None, None)
    return Best(
        price=counts.lowest_price if totals.currency else None,
        moq=counts.lowest_moq,
        similarity=counts.highest_similarity,
    )


def _kept_lists(job: SearchJob, listed: list[SupplierMatch]) -> tuple[dict[int, str], OnLists]:
    """The team's supplier lists by id, and which of them the listed offers are on, whatever search they came from."""
    # Never empty: a condition that nothing can meet would take the lists along.
    offers = [match.offer_id for match in listed] or [""]
    on_it = FilteredRelation("entries", condition=Q(entries__offer_id__in=offers))
    names: dict[int, str] = {}
    on_lists: OnLists = {}
    for pk, name, marketplace, offer_id in job.team.supplier_lists.annotate(on_it=on_it).values_list(
        "pk", "name", "on_it__marketplace", "on_it__offer_id"
    ):
        names[pk] = name
        on_lists.setdefault((marketplace, offer_id), []).append(name)
    return names, on_lists


def _hint_at_prices(view: View, totals: Totals) -> None:
    """The empty price fields say what there is."""
    for name, price in (("price_from", totals.lowest), ("price_to", totals.highest)):
        if price is not None:
            view.filters.form.fields[name].widget.attrs["placeholder"] = money(price, "").strip()


def _prices(matches: Matches, view: View, totals: Totals) -> Prices | None:
    lowest, highest = totals.lowest, totals.highest
    if lowest is None or highest is None or lowest == highest or not totals.currency:
        return None
    scale = histogram.scale_for(lowest, highest, histogram.common_price(matches, totals.priced))
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
