"""The team's own catalogue: items that were bought, and their pictures."""

from catalog.models.imports import CatalogImport, ImportFile, ImportPicture, ImportTrouble
from catalog.models.items import Item, ItemQuerySet
from catalog.models.matching import MatchedItem, MatchedItemQuerySet, Matching
from catalog.models.pictures import ItemPicture, ItemPictureQuerySet
from catalog.models.vectors import VectorState

__all__ = [
    "CatalogImport",
    "ImportFile",
    "ImportPicture",
    "ImportTrouble",
    "Item",
    "ItemPicture",
    "ItemPictureQuerySet",
    "ItemQuerySet",
    "MatchedItem",
    "MatchedItemQuerySet",
    "Matching",
    "VectorState",
]
