"""Items with pictures, and vectors that are alike in groups, as pictures of products are."""

import numpy as np

from accounts.models import Team
from catalog.models import Item, ItemPicture
from searches.visual import DIMENSIONS


def vectors(n, *, seed=1, groups=None, spread=0.7):
    """(n, DIMENSIONS), of unit length: about as many centres as `groups` (n / 5), each with its neighbours."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((groups or max(1, n // 5), DIMENSIONS), np.float32)
    drawn = centres[random.integers(len(centres), size=n)]
    drawn += spread * random.standard_normal((n, DIMENSIONS), np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def turned(away=0.0):
    """A vector of unit length whose cosine with `turned()` is 1 - `away`."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[0], vector[1] = 1 - away, np.sqrt(1 - (1 - away) ** 2)
    return vector


def add_items(team: Team, n, *, pictures=1):
    """`n` items without vectors, each with so many pictures; answers the pictures, item by item."""
    start = Item.objects.count()
    items = Item.objects.bulk_create(
        Item(team=team, code=f"C{number}", name="Bag") for number in range(start, start + n)
    )
    return ItemPicture.objects.bulk_create(
        ItemPicture(item=item, team=team, place=place, sha256=f"{place}", width=8, height=8)
        for item in items
        for place in range(pictures)
    )
