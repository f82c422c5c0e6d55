"""What an address asks of a search's offers: which of them, in which order, reckoned and laid out how."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from searches.columns import RANK, SORTS
from searches.filters import MatchFilter, Narrowing, with_preset
from searches.knownoffers import decided, known_in
from searches.layout import Layout, layout_of, spell_out
from searches.marketplaces import MARKETPLACES
from searches.models import SearchCall, SearchJob, SupplierMatch
from searches.offertable import OfferTable, Rows, Tally
from searches.orders import Order, order_of
from searches.reckoned import figures_of, terms_of
from searches.tables import table_from, table_of


@dataclass(frozen=True, slots=True)
class View:
    """The state that an address describes, whatever search it is used for."""

    params: QueryDict
    filters: MatchFilter
    order: Order
    layout: Layout

    def ids(self, job: SearchJob, calls: Iterable[SearchCall], user: User | None = None) -> list[int]:
        """Every match of the view, in order, over all its pages. `calls`: the search's.

        Folded offers are among them. user: who looks, since it is their lists that say what is decided.
        """
        table = table_of(job, calls)
        return self._in_order(job, table, self.passing(job, table, user))

    def passing(self, job: SearchJob, table: OfferTable, user: User | None) -> Rows:
        """The rows of the search's table that the filters let through, ascending. user: as for `ids`."""
        active = self.filters.active()
        left_out = decided(known_in(job, user)) if user and "hide" in active else []
        return np.flatnonzero(Tally(table, Narrowing.of(table, left_out).masks(active)).passing())

    def ids_of(self, job: SearchJob, calls: Iterable[SearchCall], chosen: Iterable[int]) -> list[int]:
        """Those of the ids that are the search's, in the view's order; its filters let all of them through."""
        table = table_of(job, calls)
        return self._in_order(job, table, np.sort(table.rows_of(chosen)))

    def ordered(self, matches: Iterable[SupplierMatch]) -> list[SupplierMatch]:
        """Matches of one search in the view's order; its filters let all of them through, and nothing is reckoned."""
        ranked = sorted(matches, key=lambda match: (match.rank, match.pk))
        table = table_from(ranked)
        return [ranked[row] for row in self.order.put(table, np.arange(len(table)))]

    def _in_order(self, job: SearchJob, table: OfferTable, rows: Rows) -> list[int]:
        asked = self.filters.reckoned_with()
        own = figures_of(table, terms_of(job.team, asked, table.currencies)).keys() if asked else {}
        return ids_at(table, self.order.put(table, rows, own))


def ids_at(table: OfferTable, rows: Rows) -> list[int]:
    """The database's ids of the table's rows."""
    ids: list[int] = table.ids[rows].tolist()
    return ids


def view_of(params: QueryDict, marketplaces: Iterable[str], order: str, *, photos: int = 1) -> View:
    """The state that the address describes; `order` and `photos`: what the search asked for, and with how many.

    The sort, and the day whose exchange rates are used, are spelled out in the answer's parameters, so that links from
    it mean the same later.
    """
    spelled = with_preset(params).copy()
    sorts = [spelled.get("sort", ""), *spelled.getlist("then")]
    put = order_of(",".join(filter(None, sorts)), _usual_sort(marketplaces, order, photos), SORTS)
    spelled.pop("then", None)
    spelled["sort"] = put.text
    spell_out(spelled)
    if spelled.get("costs") and not spelled.get("rates"):
        spelled["rates"] = timezone.localdate().isoformat()
    return View(spelled, MatchFilter(spelled), put, layout_of(spelled))


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
