"""Items that a form or a file is about: those that were ticked, or all that a page's address asks for."""

from collections.abc import Iterable

from django.http import QueryDict

from accounts.scope import id_of
from catalog.listing import narrowing_of
from catalog.models import Item, ItemQuerySet

MOST_CHOSEN = 1000


def ids_in(texts: Iterable[str]) -> list[int]:
    """What is no id is left aside."""
    return [pk for pk in map(id_of, list(texts)[:MOST_CHOSEN]) if pk is not None]


def chosen_items(team: int, data: QueryDict) -> ItemQuerySet:
    """`all`: every item that `query` asks for; else the ticked ones, `entry` (repeated). The team's in any case."""
    if data.get("all"):
        return narrowing_of(QueryDict(data.get("query", "").removeprefix("?"))).of(team)
    return Item.objects.filter(team=team, pk__in=ids_in(data.getlist("entry"))).order_by()
