"""Which rows a filter lets through: one mask a filter, so that the side can count with it as well as without it."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from searches.offertable.table import OfferTable
from searches.offertable.types import Floats, Mask

# The second is the filter's value, of a type that the filter's name tells.
Condition: TypeAlias = Callable[[OfferTable, Any], Mask]
Numbers: TypeAlias = Callable[[OfferTable], Floats]


def at_least(numbers: Numbers) -> Condition:
    """What is unknown is never enough."""
    return lambda table, value: np.greater_equal(numbers(table), float(value))


def at_most(numbers: Numbers) -> Condition:
    return lambda table, value: np.less_equal(numbers(table), float(value))


def has_trait(table: OfferTable, bits: int) -> Mask:
    """At least one of the bits."""
    having: Mask = np.not_equal(table.traits & np.uint16(bits), 0)
    return having


def title_has_any(table: OfferTable, words: Sequence[str]) -> Mask:
    return reduce(or_, map(table.titles.containing, words)) if words else table.everything


def title_has_all(table: OfferTable, words: Sequence[str]) -> Mask:
    return reduce(and_, map(table.titles.containing, words)) if words else table.everything


def title_has_none(table: OfferTable, words: Sequence[str]) -> Mask:
    return ~title_has_any(table, words) if words else table.everything


def supplier_named(table: OfferTable, text: str) -> Mask:
    """Whose name contains the text, whatever its case."""
    text = text.casefold()
    named = [text in name.casefold() for name in table.names]
    # The last: where the code of the unknown points.
    return np.array([*named, False], dtype=np.bool_)[table.name]


def in_place(table: OfferTable, values: Sequence[str]) -> Mask:
    return _one_of(table.place, table.places, values)


def at_marketplace(table: OfferTable, values: Sequence[str]) -> Mask:
    return _one_of(table.marketplace, table.marketplaces, values)


def _one_of(codes: Any, texts: Sequence[str], values: Sequence[str]) -> Mask:
    wanted = np.array([*(text in values for text in texts), False], dtype=np.bool_)
    chosen: Mask = wanted[codes]
    return chosen


# By the parameter of the address.
MASKS: Mapping[str, Condition] = MappingProxyType(
    {
        "price_from": at_least(lambda table: table.price),
        "price_to": at_most(lambda table: table.price),
        "similarity_from": at_least(lambda table: table.similarity),
        "photos_from": lambda table, value: np.greater_equal(table.photos, int(value)),
        "credit_from": at_least(lambda table: table.credit),
        "years_from": at_least(lambda table: table.years),
        "medal_from": at_least(lambda table: table.medal),
        "service_from": at_least(lambda table: table.service),
        "moq_to": at_most(lambda table: table.moq),
        "title_any": title_has_any,
        "title_all": title_has_all,
        "title_none": title_has_none,
        "supplier": supplier_named,
        "place": in_place,
        "marketplace": at_marketplace,
        "traits": has_trait,
    }
)


def mask_of(table: OfferTable, rows: Any) -> Mask:
    """The rows as a mask."""
    mask = np.zeros(len(table), dtype=np.bool_)
    mask[rows] = True
    return mask
