"""The way of large teams on PostgreSQL: pgvector's HNSW index, filtered while it is walked.

`near` is a column of item pictures that Django does not know of: the vector in halves of numbers. The index is on the
`near` of this VERSION alone, so a VERSION of other DIMENSIONS needs another index, but no migration. Where pgvector is
missing, too old or refused there is neither, and every team is searched the exact way.
"""

import re
import time
from collections.abc import Mapping

import numpy as np
from django.db import connection, transaction

from catalog.models import Item, ItemPicture
from catalog.vectors import rows
from catalog.vectors.tables import Vectors
from searches.visual import DIMENSIONS, VERSION

PICTURES, ITEMS = ItemPicture._meta.db_table, Item._meta.db_table
INDEX = f"{PICTURES}_near_{re.sub('[^a-z0-9]', '_', VERSION.lower())}"
# The index's own expression: the planner wants to see the same one again.
HALVES = f"near::halfvec({DIMENSIONS})"

# With a team, a vector and a limit. The VERSION is said in it since the planner has to see that it is the index's.
QUESTION = (
    f"SELECT picture.id, picture.item_id, picture.vector FROM {PICTURES} picture"  # noqa: S608  our own names
    f" JOIN {ITEMS} item ON item.id = picture.item_id AND item.archived_at IS NULL"
    f" WHERE picture.team_id = %s AND picture.vector_version = '{VERSION}' AND picture.near IS NOT NULL"
    f" ORDER BY picture.{{halves}} <#> %s::halfvec({DIMENSIONS}) LIMIT %s"
)

# Pictures of a team that are all compared sooner than an index is walked that is shared with other teams.
EXACT_UP_TO = 200_000
SECONDS_BETWEEN_LOOKS = 300.0
# How many neighbours are kept in hand on the way: more find more, and take longer. Measured: the decision record.
EF_SEARCH = 450

_large: dict[int, tuple[float, bool]] = {}


def is_for(team: int) -> bool:
    """Whether there is an index, and the team so large that it is worth it; looked at now and then."""
    if connection.vendor != "postgresql":
        return False
    seen_at, large = _large.get(team, (-SECONDS_BETWEEN_LOOKS, False))
    if time.monotonic() - seen_at > SECONDS_BETWEEN_LOOKS:
        large = rows.of_team(team)[: EXACT_UP_TO + 1].count() > EXACT_UP_TO and is_ready()
        _large[team] = (time.monotonic(), large)
    return large


def is_ready() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid", [INDEX])
        return cursor.fetchone() is not None


def has_column() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'near' AND NOT attisdropped",
            [PICTURES],
        )
        return cursor.fetchone() is not None


def write(data: Mapping[int, bytes], number: int) -> None:
    """Write vectors and their halves, by the pictures' ids: in one statement, since each makes a place in the index."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {PICTURES} SET vector = %s, near = %s::halfvec, vector_version = %s, vector_number = %s,"  # noqa: S608  our own names
            " trouble = '', lease_until = NULL WHERE id = %s",
            [(vector, literal(np.frombuffer(vector, "<f4")), VERSION, number, pk) for pk, vector in data.items()],
        )


def literal(vector: Vectors) -> str:
    """As pgvector reads it."""
    return f"[{','.join(map(str, vector.astype(np.float16).tolist()))}]"


def candidates(team: int, vector: Vectors, limit: int) -> list[tuple[int, int, bytes]]:
    """About the `limit` nearest pictures of the team's current items, with item and vector, in about their order.

    The index is walked until so many have passed the filter; where it gives up before, all are compared.
    """
    found = _ask(team, vector, limit, HALVES)
    # Without the cast it is not what the index is on, and the same otherwise.
    return found if len(found) == limit else _ask(team, vector, limit, "near")


def _ask(team: int, vector: Vectors, limit: int, halves: str) -> list[tuple[int, int, bytes]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'relaxed_order', true)",
            [str(EF_SEARCH)],
        )
        cursor.execute(QUESTION.format(halves=halves), [team, literal(vector), limit])
        return list(cursor.fetchall())
