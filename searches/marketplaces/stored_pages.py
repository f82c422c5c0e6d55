"""Pages as plain JSON, for a result cache: what is read is checked, since a newer version may have written it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, TypeVar

from searches.marketplaces.offers import JSON, Identity, Offer, PriceKind, SearchPage, Tier
from searches.marketplaces.search_request import Region

Value = TypeVar("Value")


def page_to_json(page: SearchPage) -> dict[str, JSON]:
    """Plain JSON; `page_from_json` gives the equal page back."""
    return {
        "offers": [_offer_to_json(offer) for offer in page.offers],
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "page_size": page.page_size,
        "fetched_at": page.fetched_at.isoformat(),
        "regions": [asdict(region) for region in page.regions],
    }


def page_from_json(data: object) -> SearchPage:
    """The page that `page_to_json` wrote. Raises ValueError for anything else: the caller asks anew."""
    stored = _mapping(data)
    try:
        return SearchPage(
            offers=_each(_offer_from_json)(stored["offers"]),
            total=_whole(stored["total"]),
            page=_whole(stored["page"]),
            pages=_whole(stored["pages"]),
            page_size=_whole(stored["page_size"]),
            fetched_at=_moment(stored["fetched_at"]),
            regions=_each(_region)(stored["regions"]),
        )
    except KeyError as missing:
        raise ValueError(f"a stored page has no {missing}") from None


def _offer_to_json(offer: Offer) -> dict[str, JSON]:
    return {name: _plain(getattr(offer, name)) for name in _READERS}


def _plain(value: Any) -> JSON:
    match value:
        case Decimal():
            return str(value)
        case Tier():
            return [value.quantity, str(value.price)]
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case _:
            plain: JSON = value
            return plain


def _offer_from_json(data: object) -> Offer:
    stored = _mapping(data)
    return Offer(**{name: read(stored[name]) for name, read in _READERS.items()})


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("stored data is not an object")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a stored text is none")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a stored whole number is none")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("a stored flag is none")
    return value


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(_text(value))
    except InvalidOperation:
        raise ValueError("a stored price is no decimal number") from None
    if not number.is_finite():
        raise ValueError("a stored price is not finite")
    return number


def _within(lowest: float, highest: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError("a stored number is none")
        if not lowest <= value <= highest:
            raise ValueError("a stored number is out of range")
        return value

    return read


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError("a stored page's time has no zone")
    return moment


def _tier(value: object) -> Tier:
    if not (isinstance(value, list) and len(value) == 2):
        raise ValueError("a stored tier is no pair")
    return Tier(quantity=_whole(value[0]), price=_decimal(value[1]))


def _prices(value: object) -> dict[PriceKind, Decimal]:
    return {PriceKind(name): _decimal(price) for name, price in _mapping(value).items()}


def _region(value: object) -> Region:
    stored = _mapping(value)
    return Region(*(_whole(stored[name]) for name in ("x", "y", "width", "height")))


def _each(read: Callable[[object], Value]) -> Callable[[object], tuple[Value, ...]]:
    def read_all(value: object) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise ValueError("a stored list is none")
        return tuple(read(item) for item in value)

    return read_all


def _or_none(read: Callable[[object], Value]) -> Callable[[object], Value | None]:
    return lambda value: None if value is None else read(value)


# By what annotates a field of Offer; a field that needs another bound is named below.
_BY_TYPE: Mapping[object, Callable[[object], object]] = MappingProxyType(
    {
        str: _text,
        int: _whole,
        Decimal | None: _or_none(_decimal),
        int | None: _or_none(_whole),
        float | None: _or_none(_within(0, 1)),
        bool | None: _or_none(_flag),
        tuple[Tier, ...]: _each(_tier),
        tuple[Identity, ...]: _each(lambda value: Identity(_text(value))),
        Mapping[PriceKind, Decimal]: _prices,
        Mapping[str, JSON]: _mapping,
    }
)
_READERS: Mapping[str, Callable[[object], Any]] = MappingProxyType(
    {field.name: _BY_TYPE[field.type] for field in fields(Offer)} | {"supplier_score": _or_none(_within(0, 5))}
)
