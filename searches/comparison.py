"""One search's offers as one page of a table, in the state that the address describes.

Everything is worked out over the search's table in memory (`searches.tables`); the database is asked for the rows of
one page, for what the team knows of them, and for what it reckons with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from searches.addresses import changed
from searches.asked import View
from searches.cell import Best, Surroundings
from searches.cheapest import Cheapest, cheapest_of, turns_of
from searches.chips import Chip, chips_of, is_best
from searches.columns import OrderChoice, orders
from searches.facets import Counts, Totals, price_of
from searches.filters import BEST, BEST_IN_OTHER_VIEWS
from searches.formats import money
from searches.found import Found, found_of
from searches.knownoffers import lists_to_fill
from searches.layout import Choice, choices, kept_for, shown_columns
from searches.listing import Line, listing_of
from searches.looks.progress import IDLE, Looking
from searches.models import QueryImage, SearchCall, SearchJob, SupplierMatch
from searches.offertable import OfferTable, Rows, Tally
from searches.orders import Column, Header, headers
from searches.pricebars import Prices, prices_of
from searches.reckoned import Figures, Judged, Terms
from searches.rows import FIELDS, Row, rows_of
from searches.side import Group, groups_of, preset_lacks, unmeetable, whose_similarity
from searches.sightings import seen

# What the form of the side has fields for, and the form of the columns.
IN_SIDE = ("sort", "then", "group", "fold")
IN_CHOOSER = ("cols", "density")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page's table, its filters and its foot show."""

    view: View
    totals: Totals
    counts: Counts
    groups: list[Group]
    columns: Mapping[str, Column]
    prices: Prices | None
    chips: list[Chip]
    rows: list[Row]
    page: Page[int]
    lists: dict[int, str]
    terms: Terms
    cheapest: Cheapest | None
    above_quantity: int
    best_lacks: str
    unmeetable: list[str]
    looking: Looking

    @property
    def params(self) -> QueryDict:
        return self.view.params

    @property
    def query(self) -> str:
        return self.view.params.urlencode()

    @property
    def title_fields(self) -> list[BoundField]:
        form = self.view.filters
        return [form["title_any"], form["title_all"], form["title_none"]]

    @property
    def headers(self) -> list[Header]:
        return headers(self.view.order, self.columns, self.params)

    @property
    def orders(self) -> list[OrderChoice]:
        return orders(self.view.order, self.columns)

    @property
    def second_orders(self) -> list[OrderChoice]:
        return orders(self.view.order, self.columns, 1)

    @property
    def later_sorts(self) -> list[str]:
        return [sort.text for sort in self.view.order.sorts[2:]]

    @property
    def choices(self) -> list[Choice]:
        return choices(self.columns, self.terms.columns, self.totals.photos)

    @property
    def kept_by_side(self) -> list[tuple[str, str]]:
        return kept_for(self.params, *self.view.filters.fields, *IN_SIDE, "open")

    @property
    def kept_by_chooser(self) -> list[tuple[str, str]]:
        return kept_for(self.params, *IN_CHOOSER)

    @property
    def similarity_by(self) -> str:
        return whose_similarity(self.totals, self.looking)

    @property
    def costs(self) -> int | None:
        """The id of the chosen cost profile."""
        return self.view.filters.reckoned_with().get("costs")

    @property
    def weights(self) -> int | None:
        return self.view.filters.reckoned_with().get("weights")

    @property
    def best_url(self) -> str:
        return changed(self.params, **BEST)

    @property
    def best_active(self) -> bool:
        return is_best(self.view.filters.active())

    @property
    def other_views_url(self) -> str:
        """The preset where no marketplace says how alike offers are: with those that show the product otherwise."""
        is_on = is_best(self.view.filters.active(), BEST_IN_OTHER_VIEWS)
        more = self.counts.best_in_other_views > self.counts.best_suppliers
        return changed(self.params, **BEST_IN_OTHER_VIEWS) if more and not is_on and not self.totals.given else ""

    @property
    def clear_url(self) -> str:
        return changed(self.params, **dict.fromkeys(self.view.filters.active()))

    @property
    def usual_columns_url(self) -> str:
        return changed(self.params, cols=None)

    @property
    def todays_rates_url(self) -> str:
        """ "" where the exchange rates are today's, or none are used."""
        costing = self.terms.costing
        return changed(self.params, rates=None) if costing and costing.day < timezone.localdate() else ""

    @property
    def fitting_url(self) -> str:
        """The offers that the order's quantity is enough for."""
        return changed(self.params, moq_to=str(self.terms.quantity))


def compare(
    job: SearchJob,
    params: QueryDict,
    calls: Sequence[SearchCall],
    user: User,
    photos: Sequence[QueryImage] = (),
    unanswered: Sequence[int] = (),
    looking: Looking = IDLE,
) -> Comparison:
    """The comparison in the state of `params`, as `user` sees it. What cannot be read has no effect and is reported.

    calls: the search's. photos: the search's, in their order. unanswered: the numbers of those whose calls have all
    failed. looking: how far our own eye is.
    """
    found = found_of(job, params, calls, user, photos)
    view, totals, counts, terms = found.view, found.totals, found.counts, found.terms
    # Similarities that are on their way find their column there.
    missing = totals.missing - {"similarity"} if looking.is_unfinished else totals.missing
    columns = shown_columns(view.layout, missing, terms.columns, _labels(terms))
    shown = _shown(found, columns, photos, params.get("page"))
    active = view.filters.active()
    _hint_at_prices(view, totals)
    return Comparison(
        view=view,
        totals=totals,
        counts=counts,
        groups=groups_of(totals, counts, unanswered, looking),
        columns=columns,
        prices=prices_of(found.table, found.tally, view, totals),
        chips=chips_of(active, view.params, totals.currency),
        rows=shown.rows,
        page=shown.page,
        lists=lists_to_fill(job.team, user),
        terms=terms,
        cheapest=shown.cheapest,
        above_quantity=shown.above_quantity,
        best_lacks=preset_lacks(totals, looking),
        unmeetable=unmeetable(totals, active, looking),
        looking=looking,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """One page of them. above_quantity: of how many the smallest order is larger than what is to be ordered."""

    rows: list[Row]
    page: Page[int]
    cheapest: Cheapest | None
    above_quantity: int


def _shown(found: Found, columns: Mapping[str, Column], photos: Sequence[QueryImage], page: str | None) -> _Shown:
    view, table, terms, figures = found.view, found.table, found.terms, found.figures
    rows = view.order.put(table, np.flatnonzero(found.tally.passing()), figures.keys())
    listing = listing_of(table, rows, view.layout, page)
    turns = turns_of(table, np.sort(rows), terms, figures)
    matches = _matches([*listing.lines, *(Line(turn.offer) for turn in turns)], with_sightings=len(photos) > 1)
    best = _best(table, found.tally, found.counts, found.totals, figures)
    scores = figures.judged(table, [line.id for line in listing.lines])
    return _Shown(
        rows=rows_of(
            listing.lines,
            matches,
            found.known,
            _surroundings(view, best, photos, terms, scores),
            columns=columns,
            layout=view.layout,
            name_marketplace=len(found.marketplaces) > 1,
        ),
        page=listing.page,
        cheapest=cheapest_of(turns, matches, terms, view.params),
        above_quantity=_above(table, rows, terms.quantity),
    )


def _surroundings(
    view: View, best: Best, photos: Sequence[QueryImage], terms: Terms, scores: Mapping[int, Judged]
) -> Surroundings:
    return Surroundings(
        best=best,
        params=view.params,
        # Not `changed` for each row: fifty addresses that differ in one word.
        elsewhere=changed(view.params, supplier=None, open=None),
        photos=photos,
        terms=terms,
        scores=scores,
    )


def _labels(terms: Terms) -> dict[str, str | Promise]:
    """What the heads of reckoned columns say."""
    labels: dict[str, str | Promise] = {}
    if terms.quantity:
        labels["unit"] = _("At %(quantity)s") % {"quantity": f"{terms.quantity:,}"}
    if terms.costing:
        labels["landed"] = _("Landed, %(currency)s") % {"currency": terms.costing.target}
    return labels


def _matches(lines: Iterable[Line], *, with_sightings: bool) -> dict[int, SupplierMatch]:
    """The rows of one page, by their ids."""
    rows = SupplierMatch.objects.filter(pk__in=[line.id for line in lines]).only(*FIELDS)
    return {row.pk: row for row in (rows.annotate(seen=seen()) if with_sightings else rows)}


def _best(table: OfferTable, tally: Tally, counts: Counts, totals: Totals, figures: Figures) -> Best:
    """The figures to set off. Prices in several currencies have no lowest one, and one offer has nothing to beat."""
    if counts.offers < 2:
        return Best()
    unit = np.nan if figures.unit is None else np.fmin.reduce(figures.unit[tally.passing()], initial=np.nan)
    return Best(
        price=counts.lowest_price if totals.currency else None,
        moq=counts.lowest_moq,
        similarity=counts.highest_similarity,
        unit=price_of(float(unit)) if totals.currency else None,
    )


def _above(table: OfferTable, rows: Rows, quantity: int | None) -> int:
    """How many of the rows sell more at least than are to be ordered."""
    return int(np.count_nonzero(table.moq[rows] > quantity)) if quantity else 0


def _hint_at_prices(view: View, totals: Totals) -> None:
    """The empty price fields say what there is."""
    for name, price in (("price_from", totals.lowest), ("price_to", totals.highest)):
        if price is not None:
            view.filters.fields[name].widget.attrs["placeholder"] = money(price, "").strip()
