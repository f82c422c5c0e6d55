"""Items with real pictures, which our eye has seen: rendered products of the demo's catalogue."""

from accounts.models import Team
from catalog.embedding import embed_some
from catalog.models import Item
from catalog.pictures import keep_picture
from sandbox.manifest import DEFAULT_FOLDER
from tests.factories import ItemFactory

# A mug of the demo's catalogue, and what is quite another thing.
MUG, KETTLEBELL = "mug-01", "kettlebell-01"


def picture(product: str, view: int = 1) -> bytes:
    return (DEFAULT_FOLDER / "pictures" / f"{product}-{view}.jpg").read_bytes()


def query(product: str) -> bytes:
    """A photo of the product that none of its pictures is."""
    return (DEFAULT_FOLDER / "queries" / f"{product}.jpg").read_bytes()


def stocked(team: Team, product: str = MUG, *, views: int = 2, seen: bool = True, **columns: object) -> Item:
    """An item of the team with pictures of the product; `seen`: with their vectors."""
    item: Item = ItemFactory(team=team, **columns)
    for view in range(1, views + 1):
        keep_picture(item=item, data=picture(product, view))
    while seen and embed_some():
        pass
    return item
