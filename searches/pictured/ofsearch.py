"""All pictures of one search in the state that an address describes, worked out over its table in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.http import QueryDict

from accounts.models import User
from searches.addresses import changed
from searches.asked import View, marketplaces_of, view_of
from searches.chips import Chip, chips_of
from searches.models import SearchCall, SearchJob, SupplierMatch
from searches.pictured.boxes import PriceBoxes, boxes_of
from searches.pictured.histogram import PriceHistogram, histogram_of
from searches.pictured.measure import Measure, measure_of
from searches.pictured.places import Places, places_of
from searches.reckoned import Terms, figures_of, terms_of
from searches.sidebyside import chosen_from
from searches.tables import table_of

# So many heads of pins are told apart.
MOST_PINNED = 12


@dataclass(frozen=True, slots=True)
class Pictured:
    """offers: how many are filtered, of `all_offers`. priced: how many of them have what is measured.

    A picture is None where no offer tells what it shows.
    """

    view: View
    terms: Terms
    measure: Measure
    chips: list[Chip]
    offers: int
    all_offers: int
    priced: int
    prices: PriceHistogram | None
    boxes: PriceBoxes | None
    places: Places | None


def pictured_of(job: SearchJob, calls: Sequence[SearchCall], params: QueryDict, user: User) -> Pictured:
    """calls: the search's. user: who looks, since it is their lists that say what is decided."""
    view = view_of(params, marketplaces_of(calls), job.order, photos=len(job.photos))
    table = table_of(job, calls)
    rows = view.passing(job, table, user)
    terms = terms_of(job.team, view.filters.reckoned_with(), table.currencies)
    measure = measure_of(table, rows, terms, figures_of(table, terms))
    at = job.get_absolute_url()
    state = view.params.copy()
    state.pop("match", None)
    return Pictured(
        view=view,
        terms=terms,
        measure=measure,
        chips=chips_of(view.filters.active(), view.params, table.currencies[0] if len(table.currencies) == 1 else ""),
        offers=len(rows),
        all_offers=len(table),
        priced=int(np.count_nonzero(~np.isnan(measure.values[rows]))),
        prices=histogram_of(
            table,
            rows,
            measure,
            _chosen(job, params),
            lambda lowest, highest: at + changed(state, price_from=lowest, price_to=highest),
        ),
        boxes=boxes_of(table, rows, measure, lambda key: at + changed(state, marketplace=key)),
        places=places_of(table, rows, measure, lambda places: at + changed(state, place=[*places])),
    )


def _chosen(job: SearchJob, params: QueryDict) -> list[SupplierMatch]:
    """The offers to pin, in the order of the address."""
    chosen = chosen_from(params.getlist("match"))
    ids = [*chosen.ids, *chosen.waiting][:MOST_PINNED]
    found = job.matches.only("job", "title", "offer_id", "url").in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]
