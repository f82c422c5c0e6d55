"""From the rows of a reply to a page of offers: ranks, doubles, and how far the search goes."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime

from searches.marketplaces.offers import Offer, SearchPage
from searches.marketplaces.readers import as_object, as_whole

_MOST_OFFERS = 1_000_000_000  # a total beyond it is a misread one


def page_of_rows(
    rows: list[object],
    offer: Callable[[Mapping[str, object], int], Offer],
    *,
    page: int,
    page_size: int,
    total: object,
    has_next: bool | None,
    fetched_at: datetime,
) -> SearchPage:
    """The page of what `offer` makes of each row and its rank. A row without an id is left out; of two the first stays.

    page_size: as the marketplace states it, else as it was asked for; more rows than that make the page larger.
    total: as the marketplace states it. has_next: whether it says that there is a further page.
    """
    size = max(page_size, len(rows))
    offers: dict[str, Offer] = {}
    for rank, row in enumerate(rows, start=(page - 1) * size + 1):
        read = offer(as_object(row), rank)
        if read.offer_id:
            offers.setdefault(read.offer_id, read)
    known, pages = _extent(as_whole(total, low=0, high=_MOST_OFFERS), has_next, page=page, size=size, count=len(rows))
    return SearchPage(tuple(offers.values()), known, page, pages, size, fetched_at)


def _extent(total: int | None, has_next: bool | None, *, page: int, size: int, count: int) -> tuple[int, int]:
    """Offers and pages in all. An empty page ends the search, whatever the marketplace promised."""
    seen = (page - 1) * size + count
    if not count:
        known = seen if total is None else total
        return known, min(math.ceil(known / size), page)
    known = max(total or 0, seen)
    if has_next is False:
        return known, page
    pages = math.ceil(known / size)
    may_go_on = has_next or (total is None and count == size)
    return known, max(pages, page + 1) if may_go_on else pages
