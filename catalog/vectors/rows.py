"""A team's vectors as the database has them: the truth, of which tables are copies."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from django.db.models import QuerySet

from catalog.models import ItemPicture
from catalog.vectors.tables import Integers, Vectors
from searches.visual import DIMENSIONS, VERSION

AT_ONCE = 2000
# A question for more pictures than this is one for all of the team's.
MOST_IDS = 5000
BYTES = 4 * DIMENSIONS


def of_team(team: int, *, after: int = -1) -> QuerySet[ItemPicture]:
    """The team's pictures that have a vector of this VERSION, kept under a larger number than `after`."""
    return ItemPicture.objects.filter(team=team, vector_version=VERSION, vector_number__gt=after)


def ids_and_numbers(team: int) -> tuple[Integers, Integers]:
    """Of all the team's vectors, by id."""
    rows = of_team(team).order_by("pk").values_list("pk", "vector_number")
    pairs = np.fromiter(rows.iterator(AT_ONCE), np.dtype((np.int64, 2)))
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def in_parts(team: int, *, after: int = -1) -> Iterator[tuple[Integers, Integers, Vectors]]:
    """Ids, numbers and vectors, some thousand at once, in no order; those of a wrong length are left out."""
    rows = of_team(team, after=after).order_by().values_list("pk", "vector_number", "vector")
    left = ((pk, number, vector) for pk, number, vector in rows.iterator(AT_ONCE) if vector and len(vector) == BYTES)
    while some := list(islice(left, AT_ONCE)):
        ids, numbers, vectors = zip(*some, strict=True)
        table = np.frombuffer(b"".join(vectors), "<f4").reshape(-1, DIMENSIONS)
        yield np.array(ids, np.int64), np.array(numbers, np.int64), table


def current(team: int, ids: Integers) -> dict[int, tuple[int, int]]:
    """Which of these pictures may be shown: their items, which are not archived, and numbers, by id."""
    if len(ids) > MOST_IDS:
        rows = of_team(team).filter(item__archived_at=None).order_by().values_list("pk", "item_id", "vector_number")
        return {pk: (item, number) for pk, item, number in rows.iterator(AT_ONCE)}
    # By id alone: SQLite, told the team as well, would rather look through all of the team's.
    fields = ("pk", "item_id", "vector_number", "team_id", "vector_version", "item__archived_at")
    found = ItemPicture.objects.filter(pk__in=ids.tolist()).order_by().values_list(*fields)
    return {pk: (item, number) for pk, item, number, *others in found if others == [team, VERSION, None]}
