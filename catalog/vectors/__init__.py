"""The vectors of items' pictures: kept by `keep`, searched by `nearest`."""

from catalog.vectors.keeping import keep
from catalog.vectors.search import Near, nearest

__all__ = ["Near", "keep", "nearest"]
