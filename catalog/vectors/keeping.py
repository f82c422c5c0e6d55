"""The one door by which vectors come into the catalogue."""

import time
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from catalog.models import ItemPicture, VectorState
from catalog.vectors import hnsw
from searches.visual import DIMENSIONS, VERSION


def keep(vectors: Mapping[int, NDArray[np.float32]]) -> int:
    """Write the vectors of these pictures, by the pictures' ids, so that `nearest` finds them from the commit on.

    Each as `searches.visual.embed` of this VERSION answers it: (DIMENSIONS,), unit length; another shape raises
    ValueError. Writes `vector`, `vector_version` and `vector_number`, and takes away the picture's `trouble` and its
    lease. Whoever writes `vector` without this function may not be found. Answers how many pictures there were to write
    to: those deleted meanwhile are left out. Archiving and deleting items, or pictures, needs no call.

    Other keepers of the same team wait until the transaction ends: keep it short, some hundred pictures at once.
    """
    data = {pk: _bytes(vector) for pk, vector in vectors.items()}
    with transaction.atomic():
        teams: dict[int, dict[int, bytes]] = defaultdict(dict)
        for pk, team in ItemPicture.objects.filter(pk__in=data).order_by("pk").values_list("pk", "team_id"):
            teams[team][pk] = data[pk]
        write = hnsw.write if hnsw.has_column() else _write
        # Always in this order, so that no two wait for each other.
        for team in sorted(teams):
            write(teams[team], _next_number(team))
    return sum(map(len, teams.values()))


def _write(data: Mapping[int, bytes], number: int) -> None:
    # Not by bulk_update: its one statement has a case for each picture and field, and takes longer to make than to run.
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {hnsw.PICTURES} SET vector = %s, vector_version = %s, vector_number = %s,"  # noqa: S608  our own names
            " trouble = '', lease_until = NULL WHERE id = %s",
            [(vector, VERSION, number, pk) for pk, vector in data.items()],
        )


def _bytes(vector: NDArray[np.float32]) -> bytes:
    if vector.shape != (DIMENSIONS,):
        raise ValueError(f"A vector of {DIMENSIONS} numbers is needed, not of shape {vector.shape}.")
    return vector.astype("<f4").tobytes()


def _next_number(team: int) -> int:
    """Larger than any before. The team's row is held until the commit, so numbers become visible in their order."""
    now = time.time_ns() // 1000
    VectorState.objects.get_or_create(team_id=team, defaults={"number": 0})
    state = VectorState.objects.select_for_update().get(team_id=team)
    state.number = max(state.number + 1, now)
    state.save(update_fields=["number"])
    return state.number
