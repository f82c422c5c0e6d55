"""An eye of our own: pictures in, vectors out, and how alike two of them are. Knows nothing of Django."""

from searches.visual.closeness import similarities, similarity
from searches.visual.embedding import embed
from searches.visual.model import DIMENSIONS, VERSION, ModelUnavailable

__all__ = ["DIMENSIONS", "VERSION", "ModelUnavailable", "embed", "similarities", "similarity"]
