"""The team's own catalogue: items that were bought, and their pictures."""

from catalog.models.items import Item
from catalog.models.pictures import ItemPicture

__all__ = ["Item", "ItemPicture"]
