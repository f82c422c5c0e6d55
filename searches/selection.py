"""The offers of a view, or those of it that somebody chose, with all that is reckoned of them: for files and paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from django.http import QueryDict

from accounts.models import User
from reckoning.figures import Array
from searches import facets
from searches.about import Line, view_lines
from searches.asked import View, marketplaces_of, view_of
from searches.columns import TITLE
from searches.layout import shown_columns
from searches.models import SearchCall, SearchJob, SupplierMatch
from searches.offersheet import Figured
from searches.reckoned import Figures, Terms, figures_of, terms_of
from searches.tables import in_order, table_of

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Offers that somebody picked by their ids; none for all of the view. in_own_order: not in the view's."""

    ids: list[int] = field(default_factory=list)
    in_own_order: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """ids: of the offers, in the view's order. chosen: how many were picked; 0 for all of the view.

    keys: of the view's columns, without the offer's own. currency: of all prices; "" for several. scores: by id.
    """

    job: SearchJob
    calls: list[SearchCall]
    view: View
    terms: Terms
    ids: list[int]
    chosen: int
    keys: list[str]
    currency: str
    scores: Mapping[int, float]
    in_own_order: bool = False

    def told(self) -> list[Line]:
        """Which offers, in which order, reckoned with what."""
        return view_lines(self.view, self.terms, self.currency, chosen=self.chosen, in_own_order=self.in_own_order)

    @property
    def marketplaces(self) -> list[str]:
        return marketplaces_of(self.calls)

    def lines(self, at_once: int = AT_ONCE) -> Iterator[list[tuple[SupplierMatch, Figured]]]:
        """Some at a time, those deleted meanwhile left out."""
        matches = in_order(self.ids, at_once)
        while some := list(islice(matches, at_once)):
            yield [(match, self._figured(match)) for match in some]

    def _figured(self, match: SupplierMatch) -> Figured:
        return Figured(match, self.terms, self.scores.get(match.pk), match.photos_count)


def selection_of(job: SearchJob, user: User, params: QueryDict, choice: Choice) -> Selection:
    """What an address asks of a search. Without a choice: all that its filters let through, over all pages."""
    calls = list(job.calls.all())
    marketplaces, photos = marketplaces_of(calls), len(job.photos)
    view = view_of(params, marketplaces, job.order, photos=photos)
    table = table_of(job, calls)
    ids = view.ids_of(job, calls, choice.ids) if choice.ids else view.ids(job, calls, user)
    if choice.in_own_order and choice.ids:
        place = {pk: number for number, pk in enumerate(choice.ids)}
        ids.sort(key=place.__getitem__)
    totals = facets.add_up(table, photos)
    asked = view.filters.reckoned_with()
    terms = terms_of(job.team, asked, table.currencies) if asked else Terms()
    columns = shown_columns(view.layout, totals.missing, terms.columns, {})
    figures = figures_of(table, terms) if terms.weights else Figures()
    rows = table.rows_of(ids)
    return Selection(
        job=job,
        calls=calls,
        view=view,
        terms=terms,
        ids=ids,
        chosen=len(ids) if choice.ids else 0,
        keys=[key for key in columns if key != TITLE.key and (key != "blend" or photos > 1)],
        currency=totals.currency,
        scores=_scores(ids, figures.score.total[rows]) if figures.score else {},
        in_own_order=choice.in_own_order and bool(ids) and bool(choice.ids),
    )


def _scores(ids: Sequence[int], totals: Array) -> dict[int, float]:
    return {pk: float(total) for pk, total in zip(ids, totals, strict=True) if not np.isnan(total)}
