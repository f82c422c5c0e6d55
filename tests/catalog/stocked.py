"""Items with real pictures, which our eye has seen: rendered products of the demo's catalogue."""

import io

from PIL import Image, ImageEnhance

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
    """A photo of the product that none of its pictures is: nearer, darker, and held a little askew."""
    with Image.open(io.BytesIO(picture(product))) as shown:
        turned = shown.convert("RGB").rotate(3, resample=Image.Resampling.BICUBIC, fillcolor=(235, 235, 235))
    width, height = turned.size
    nearer = turned.crop((width // 16, height // 16, width - width // 16, height - height // 16))
    file = io.BytesIO()
    ImageEnhance.Brightness(nearer).enhance(0.9).save(file, "JPEG", quality=80)
    return file.getvalue()


def stocked(team: Team, product: str = MUG, *, views: int = 2, seen: bool = True, **columns: object) -> Item:
    """An item of the team with pictures of the product; `seen`: with their vectors."""
    item: Item = ItemFactory(team=team, **columns)
    for view in range(1, views + 1):
        keep_picture(item=item, data=picture(product, view))
    while seen and embed_some():
        pass
    return item
