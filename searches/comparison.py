"""One search's offers as one page of a table, in the state that the address describes.

Everything is worked out over the search's table in memory (`searches.tables`); the database is asked for the rows of
one page, and for what the team knows of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page, Paginator
from django.forms import BoundField
from django.http import QueryDict

from accounts.models import User
from searches import facets, histogram
from searches.addresses import changed
from searches.chips import Chip, chips_of, is_best
from searches.columns import RANK, SORTS, OrderChoice, orders, shown_columns
from searches.facets import Counts, Totals
from searches.filters import BEST, MatchFilter, with_preset
from searches.formats import money
from searches.histogram import Bar
from searches.knownoffers import known_of, lists_to_fill
from searches.marketplaces import MARKETPLACES
from searches.models import QueryImage, SearchCall, SearchJob, SupplierMatch
from searches.offertable import OfferTable, Rows, Tally
from searches.orders import Header, Order, headers, order_of
from searches.rows import FIELDS, Best, Row, rows_of
from searches.side import Group, groups_of, preset_lacks, unmeetable
from searches.sightings import seen
from searches.tables import table_from, table_of

OFFERS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class View:
    """Which of a search's offers an address asks for, and in which order."""

    params: QueryDict
    filters: MatchFilter
    order: Order

    def rows(self, table: OfferTable) -> Rows:
        """Every row of the view, in order, over all its pages."""
        passing = Tally(table, self.filters.masks(table)).passing()
        return self.order.put(table, np.flatnonzero(passing))

    def ids(self, job: SearchJob, calls: Iterable[SearchCall]) -> list[int]:
        """The same by the ids of the search's matches. `calls`: the search's."""
        table = table_of(job, calls)
        return _ids(table, self.rows(table))

    def ids_of(self, job: SearchJob, calls: Iterable[SearchCall], chosen: Iterable[int]) -> list[int]:
        """Those of the ids that are the search's, in the view's order; its filters let all of them through."""
        table = table_of(job, calls)
        return _ids(table, self.order.put(table, np.sort(table.rows_of(chosen))))

    def ordered(self, matches: Iterable[SupplierMatch]) -> list[SupplierMatch]:
        """Matches of one search in the view's order; its filters let all of them through."""
        ranked = sorted(matches, key=lambda match: (match.rank, match.pk))
        table = table_from(ranked)
        return [ranked[row] for row in self.order.put(table, np.arange(len(table)))]


def _ids(table: OfferTable, rows: Rows) -> list[int]:
    ids: list[int] = table.ids[rows].tolist()
    return ids


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
    page: Page[int]
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
        form = self.view.filters
        return [form["title_any"], form["title_all"], form["title_none"]]

    @property
    def query(self) -> str:
        return self.view.params.urlencode()


def view_of(params: QueryDict, marketplaces: Iterable[str], order: str, *, photos: int = 1) -> View:
    """The state that the address describes; `order` and `photos`: what the search asked for, and with how many.

    The sort is spelled out in the answer's parameters, so that links from it mean the same later.
    """
    params = with_preset(params)
    order_asked = order_of(params.get("sort", ""), _usual_sort(marketplaces, order, photos), SORTS)
    spelled = params.copy()
    spelled["sort"] = order_asked.text
    return View(spelled, MatchFilter(spelled), order_asked)


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
    calls: Sequence[SearchCall],
    user: User,
    photos: Sequence[QueryImage] = (),
    unanswered: Sequence[int] = (),
) -> Comparison:
    """The comparison in the state of `params`, as `user` sees it. What cannot be read has no effect and is reported.

    calls: the search's. photos: the search's, in their order. unanswered: the numbers of those whose calls have all
    failed.
    """
    marketplaces = marketplaces_of(calls)
    view = view_of(params, marketplaces, job.order, photos=len(photos))
    table = table_of(job, calls)
    active = view.filters.active()
    tally = Tally(table, view.filters.masks(table))
    totals = facets.add_up(table, len(photos))
    counts = facets.count(table, tally, active, marketplaces, len(photos))
    columns = shown_columns(totals.missing)
    _hint_at_prices(view, totals)
    ids = _ids(table, view.order.put(table, np.flatnonzero(tally.passing())))
    page = Paginator(ids, OFFERS_PER_PAGE).get_page(params.get("page"))
    listed = _listed(list(page.object_list), with_sightings=len(photos) > 1)
    rows = rows_of(
        listed,
        _best(counts, totals),
        view.params,
        known_of(job.team, user, listed),
        columns=columns,
        name_marketplace=len(marketplaces) > 1,
        photos=photos,
    )
    return Comparison(
        view=view,
        totals=totals,
        counts=counts,
        groups=groups_of(totals, counts, unanswered),
        orders=orders(view.order, columns),
        prices=_prices(table, tally, view, totals),
        headers=headers(view.order, columns, view.params),
        chips=chips_of(active, view.params, totals.currency),
        rows=rows,
        page=page,
        lists=lists_to_fill(job.team, user),
        best_url=changed(view.params, **BEST),
        best_active=is_best(active),
        best_lacks=preset_lacks(totals),
        unmeetable=unmeetable(totals, active),
        clear_url=changed(QueryDict(), sort=view.order.text),
    )


def _listed(ids: list[int], *, with_sightings: bool) -> list[SupplierMatch]:
    """The rows of one page, in the order of their ids."""
    rows = SupplierMatch.objects.filter(pk__in=ids).only(*FIELDS)
    found = {row.pk: row for row in (rows.annotate(seen=seen()) if with_sightings else rows)}
    return [found[pk] for pk in ids if pk in found]


def _best(counts: Counts, totals: Totals) -> Best:
    """The figures to set off. Prices in several currencies have no lowest one, and one offer has nothing to beat."""
    if counts.offers < 2:
        return Best(None, None, None)
    return Best(
        price=counts.lowest_price if totals.currency else None,
        moq=counts.lowest_moq,
        similarity=counts.highest_similarity,
    )


def _hint_at_prices(view: View, totals: Totals) -> None:
    """The empty price fields say what there is."""
    for name, price in (("price_from", totals.lowest), ("price_to", totals.highest)):
        if price is not None:
            view.filters.fields[name].widget.attrs["placeholder"] = money(price, "").strip()


def _prices(table: OfferTable, tally: Tally, view: View, totals: Totals) -> Prices | None:
    lowest, highest = totals.lowest, totals.highest
    if lowest is None or highest is None or lowest == highest or not totals.currency:
        return None
    scale = histogram.scale_for(lowest, highest, histogram.common_price(table.price[~np.isnan(table.price)]))
    counted = histogram.count_prices(table.price[tally.passing(*facets.PRICES)], scale)
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
