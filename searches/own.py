"""The team's own catalogue among the marketplaces: how it is searched, the room above says in its `ready`.

Nobody is called and nothing is paid for it: no credential, no slot, no limit, no cached answer.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from django.utils import timezone

from accounts.models import Team
from searches import question
from searches.imaging import BASIC
from searches.marketplaces import CATALOG, Offer, SearchPage
from searches.models import SearchCall

# Of a team, by its id: the items that look like the picture (a prepared JPEG), as offers, best first, at most so many.
# Raises `MarketplaceError`.
Find: TypeAlias = Callable[[int, bytes, int], list[Offer]]
# Of teams, by their ids: those that have items to be found.
Searchable: TypeAlias = Callable[[Collection[int]], set[int]]
# By the addresses of items' pictures, as offers have them: the names of their files in the storage.
Files: TypeAlias = Callable[[Collection[str]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    find: Find
    searchable: Searchable
    files: Files


NOTHING = Catalogue(lambda _team, _picture, _most: [], lambda _teams: set(), lambda _addresses: {})
_registered: dict[str, Catalogue] = {}


def register(catalogue: Catalogue) -> None:
    _registered[CATALOG] = catalogue


def may_search(teams: Iterable[Team | int]) -> set[int]:
    """The ids of those of the teams whose catalogue has something to be found."""
    ids = {team if isinstance(team, int) else team.pk for team in teams}
    return _catalogue().searchable(ids) if ids else set()


def files_of(offers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files of those offers' pictures, of (marketplace, address) of each, that are the catalogue's, by address."""
    addresses = {address for marketplace, address in offers if marketplace == CATALOG and address}
    return _catalogue().files(addresses) if addresses else {}


def page_for(call: SearchCall) -> SearchPage:
    """What the catalogue of the call's team has of what is on its photo; all of it is the first page.

    Raises `ImageRejected` and `MarketplaceError`.
    """
    # As our eye sees photos everywhere (searches/looks): what is enhanced for a marketplace has other colours.
    picture = question.picture_of(call, BASIC, call.crop)
    offers = _catalogue().find(call.job.team_id, picture, call.page_size)
    return SearchPage(tuple(offers), len(offers), call.page, call.page, call.page_size, timezone.now())


def _catalogue() -> Catalogue:
    return _registered.get(CATALOG, NOTHING)
