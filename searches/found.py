"""All offers of a search in the state of an address: which it lets through, and what is reckoned of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from accounts.models import User
from searches import facets
from searches.asked import View, marketplaces_of, view_of
from searches.facets import Counts, Totals
from searches.filters import Narrowing
from searches.knownoffers import Known, OfferKey, decided, known_in
from searches.models import QueryImage, SearchCall, SearchJob
from searches.offertable import OfferTable, Tally
from searches.reckoned import Figures, Terms, figures_of, terms_of
from searches.tables import table_of


@dataclass(frozen=True, slots=True)
class Found:
    """known: those of the offers that are on the team's lists. totals: before any filter; counts: beside each."""

    view: View
    table: OfferTable
    marketplaces: list[str]
    known: Mapping[OfferKey, list[Known]]
    tally: Tally
    totals: Totals
    counts: Counts
    terms: Terms
    figures: Figures


def found_of(
    job: SearchJob, params: QueryDict, calls: Sequence[SearchCall], user: User, photos: Sequence[QueryImage]
) -> Found:
    marketplaces = marketplaces_of(calls)
    view = view_of(params, marketplaces, job.order, photos=len(photos))
    table = table_of(job, calls)
    active = view.filters.active()
    known = known_in(job, user) if len(table) else {}
    narrowing = Narrowing.of(table, decided(known))
    tally = Tally(table, narrowing.masks(active))
    terms = terms_of(job.team, view.filters.reckoned_with(), table.currencies)
    return Found(
        view=view,
        table=table,
        marketplaces=marketplaces,
        known=known,
        tally=tally,
        totals=facets.add_up(table, len(photos)),
        counts=facets.count(narrowing, tally, active, marketplaces, len(photos)),
        terms=terms,
        figures=figures_of(table, terms),
    )
