"""The board of offers that a search found, as an address describes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from accounts.models import User
from searches.addresses import changed
from searches.filters import MatchFilter
from searches.knownoffers import known_of
from searches.models import SearchCall, SearchJob
from searches.reckoned import Judged, Terms, figures_of, terms_of
from searches.sidebyside.board import Board, board_of
from searches.sidebyside.candidates import Candidate
from searches.sidebyside.chosen import chosen_from
from searches.tables import table_of


@dataclass(frozen=True, slots=True)
class SideBySide:
    """missing: how many of the chosen offers the search does not have, or no longer. waiting: for how many there is
    no place yet."""

    board: Board
    terms: Terms
    filters: MatchFilter
    missing: int
    waiting: int


def side_by_side_of(job: SearchJob, calls: Sequence[SearchCall], params: QueryDict, user: User) -> SideBySide:
    """What `params` choose (`match`), reckon with and ask to see (`differences`), as `user` sees it."""
    chosen = chosen_from(params.getlist("match"))
    found = job.matches.in_bulk(chosen.ids)
    matches = [found[pk] for pk in chosen.ids if pk in found]
    filters = MatchFilter(params)
    asked = filters.reckoned_with()
    judged: dict[int, Judged] = {}
    if "weights" in asked and matches:
        table = table_of(job, calls)
        terms = terms_of(job.team, asked, table.currencies)
        judged = figures_of(table, terms).judged(table, [match.pk for match in matches])
    else:
        terms = terms_of(job.team, asked, {match.currency for match in matches})
    known = known_of(job.team, user, matches) if matches else {}
    candidates = [
        Candidate(
            key=str(match.pk),
            offer=match,
            picture=match.image_url,
            known=known.get((match.marketplace, match.offer_id), ()),
            judged=judged.get(match.pk),
        )
        for match in matches
    ]
    board = board_of(
        candidates,
        terms,
        address=lambda keys: changed(params, match=[*keys, *map(str, chosen.waiting)]),
        only_differences=bool(params.get("differences")),
    )
    return SideBySide(board, terms, filters, len(chosen.ids) - len(matches), len(chosen.waiting))
