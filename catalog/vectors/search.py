"""Which of a team's items look most like a picture."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.vectors import hnsw, rows
from catalog.vectors.exact import SNAPSHOTS
from catalog.vectors.snapshots import best_first
from searches.visual import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Near:
    """An item, its picture that is nearest to the vector that was asked for (ids), and the cosine between the two."""

    item: int
    picture: int
    cosine: float


def nearest(teams: Collection[int], vector: NDArray[np.float32], *, limit: int = 50) -> list[Near]:
    """The items of these teams (ids) whose pictures are nearest to `vector`, best first, equal ones by id.

    At most `limit` items, each once, by its best picture; archived items and pictures whose vector is missing or of
    another VERSION are not among them. `vector`: (DIMENSIONS,), of unit length; another shape, or what is no number,
    raises ValueError.

    Finds everything, except in teams of more than `hnsw.EXACT_UP_TO` pictures on a PostgreSQL with pgvector: there at
    least 98 of 100 (docs/decisions/0015-nearest-vectors.md).
    """
    if vector.shape != (DIMENSIONS,):
        raise ValueError(f"A vector of {DIMENSIONS} numbers is needed, not of shape {vector.shape}.")
    if not np.isfinite(vector).all():
        raise ValueError("A vector of numbers is needed.")
    vector = np.ascontiguousarray(vector, np.float32)
    found: list[Near] = []
    for team in set(teams):
        found += _by_index(team, vector, limit) if hnsw.is_for(team) else _exactly(team, vector, limit)
    return _best_of(found, limit)


def _exactly(team: int, vector: NDArray[np.float32], limit: int) -> list[Near]:
    """Best first through what the team has, asking the database which of it still counts."""
    snapshot = SNAPSHOTS.get(team)
    cosines = snapshot.cosines(vector)
    found: dict[int, Near] = {}
    for places in best_first(cosines, snapshot.ids, at_once=2 * limit):
        ids = snapshot.ids[places]
        current = rows.current(team, ids)
        for pk, number, cosine in zip(
            ids.tolist(), snapshot.numbers[places].tolist(), cosines[places].tolist(), strict=True
        ):
            item, number_now = current.get(pk, (0, None))
            if number == number_now and item not in found:
                found[item] = Near(item, pk, cosine)
        if len(found) >= limit:
            break
    return list(found.values())


def _by_index(team: int, vector: NDArray[np.float32], limit: int) -> list[Near]:
    """The index knows halves of numbers: what it finds is put in order by the whole ones."""
    asked = 2 * limit
    while True:
        candidates = hnsw.candidates(team, vector, asked)
        if len(candidates) < asked or len({item for _pk, item, _vector in candidates}) >= limit:
            break
        asked *= 4
    table = np.frombuffer(b"".join(data for _pk, _item, data in candidates), "<f4").reshape(-1, DIMENSIONS)
    cosines = np.vecdot(table, vector).tolist()
    found: dict[int, Near] = {}
    for near in (Near(item, pk, cosine) for (pk, item, _data), cosine in zip(candidates, cosines, strict=True)):
        best = found.get(near.item)
        if best is None or (-near.cosine, near.picture) < (-best.cosine, best.picture):
            found[near.item] = near
    return list(found.values())


def _best_of(found: list[Near], limit: int) -> list[Near]:
    return sorted(found, key=lambda near: (-near.cosine, near.item))[:limit]
