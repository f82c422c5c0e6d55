"""All offers of a search as columns in memory: filtering, counting, sorting, grouping and folding them, in numpy.

A leaf: it knows neither Django nor the rest of the project. Rows are addressed by their positions, 0 to n - 1, in the
marketplace's own order; a mask is an array of n truths, and `rows` are positions in some order.
"""

from searches.offertable.building import FIELDS, build
from searches.offertable.counting import Tally, count_codes
from searches.offertable.folding import (
    Folded,
    best_buys_first,
    equal_offers,
    fold,
    joined,
    led_by,
    same_photos,
    unknown_apart,
)
from searches.offertable.masks import MASKS, mask_of
from searches.offertable.ordering import KEYS, ordered, tie_by_price
from searches.offertable.table import UNKNOWN, OfferTable
from searches.offertable.types import Floats, Integers, Mask, Rows

__all__ = (
    "FIELDS",
    "KEYS",
    "MASKS",
    "UNKNOWN",
    "Floats",
    "Folded",
    "Integers",
    "Mask",
    "OfferTable",
    "Rows",
    "Tally",
    "best_buys_first",
    "build",
    "count_codes",
    "equal_offers",
    "fold",
    "joined",
    "led_by",
    "mask_of",
    "ordered",
    "same_photos",
    "tie_by_price",
    "unknown_apart",
)
