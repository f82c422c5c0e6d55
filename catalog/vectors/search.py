"""Which of a team's items look most like a picture."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.models import ItemPicture
from searches.visual import DIMENSIONS, VERSION


@dataclass(frozen=True, slots=True)
class Near:
    """An item, its picture that is nearest to the vector that was asked for (ids), and the cosine between the two."""

    item: int
    picture: int
    cosine: float


def nearest(teams: Collection[int], vector: NDArray[np.float32], *, limit: int = 50) -> list[Near]:
    """The items of these teams (ids) whose pictures are nearest to `vector`, best first, equal ones by id.

    At most `limit` items, each once, by its best picture; archived items and pictures whose vector is missing or of
    another VERSION are not among them. `vector`: (DIMENSIONS,), of unit length; another shape raises ValueError.
    """
    if vector.shape != (DIMENSIONS,):
        raise ValueError(f"A vector of {DIMENSIONS} numbers is needed, not of shape {vector.shape}.")
    rows = ItemPicture.objects.filter(team__in=teams, vector_version=VERSION, item__archived_at=None)
    best: dict[int, Near] = {}
    for picture, item, data in rows.values_list("pk", "item_id", "vector"):
        cosine = round(float(np.frombuffer(bytes(data or b""), "<f4") @ vector), 6)
        if item not in best or (-cosine, picture) < (-best[item].cosine, best[item].picture):
            best[item] = Near(item, picture, cosine)
    return sorted(best.values(), key=lambda near: (-near.cosine, near.item))[:limit]
