"""What is asked of a marketplace and what comes back: the same for every protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import urlsplit

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"

# The largest price asked for or believed, in the offer's currency. Dearer is a misread number.
MAX_PRICE = Decimal(999_999_999)
MAX_URL_LENGTH = 1000


class Sort(StrEnum):
    """The order in which a marketplace is asked for its offers."""

    SIMILARITY = "similarity"
    PRICE = "price"
    PRICE_DESC = "-price"


class InvalidRequest(ValueError):
    """A search that no call is spent on: `field` names what has to be corrected, the text says how."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One call's question: one page of offers for one picture.

    image: a prepared JPEG; or image_url: where the marketplace can fetch the picture. Exactly one of the two.
    page counts from 1. Prices are in the marketplace's currency, both ends included.
    Raises InvalidRequest. What only one marketplace limits (its largest page) is its client's to refuse.
    """

    image: bytes | None = field(default=None, repr=False)
    image_url: str | None = None
    page: int = 1
    page_size: int = 50
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    wholesale_only: bool = False
    sort: Sort = Sort.SIMILARITY

    def __post_init__(self) -> None:
        if bool(self.image) == bool(self.image_url):
            raise InvalidRequest("image", "Give either a picture or the URL of one.")
        if self.image_url and not is_web_url(self.image_url):
            raise InvalidRequest("image_url", "Give the picture's full address, beginning with http:// or https://.")
        if self.page < 1:
            raise InvalidRequest("page", "Pages count from 1.")
        if self.page_size < 1:
            raise InvalidRequest("page_size", "A page holds at least one offer.")
        for name, price in (("price_from", self.price_from), ("price_to", self.price_to)):
            if price is not None and not (price.is_finite() and 0 <= price <= MAX_PRICE):
                raise InvalidRequest(name, f"A price lies between 0 and {MAX_PRICE}.")
        if self.price_from is not None and self.price_to is not None and self.price_from > self.price_to:
            raise InvalidRequest("price_to", "The highest price is below the lowest.")


@dataclass(frozen=True, slots=True)
class Tier:
    """From `quantity` pieces on, one piece costs `price` (阶梯价)."""

    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A product listing as the marketplace showed it.

    price: for one piece, in `currency`; None when none was given or it could not be read (then it is in extras).
    moq: smallest order, in pieces. similarity: 0 to 1, None where the marketplace gives none.
    rank: place in the marketplace's own order over all pages of the search, from 1.
    supplier_credit: 0 to 5. extras: what the protocol sent beyond these fields, and odd originals of them.
    Texts are "" when unknown, hold no control characters, and fit these lengths: ids 64, title 500, URLs 1000,
    supplier name 200, location 100. URLs are http or https, or "".
    """

    marketplace: str
    offer_id: str
    title: str
    url: str
    image_url: str
    price: Decimal | None
    currency: str
    tiers: tuple[Tier, ...]
    moq: int | None
    similarity: float | None
    rank: int
    supplier_id: str
    supplier_name: str
    supplier_location: str
    supplier_credit: int | None
    extras: Mapping[str, JSON] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of offers.

    total: offers the marketplace says it has, over all pages (at least, where it does not say).
    pages: how many pages that makes; at least `page + 1` while there may be more.
    page_size: offers a page, as the marketplace cut them. fetched_at: when it answered, aware.
    """

    offers: tuple[Offer, ...]
    total: int
    page: int
    pages: int
    page_size: int
    fetched_at: datetime

    def to_json(self) -> dict[str, JSON]:
        """Plain JSON for a result cache; `from_json` gives the equal page back."""
        return {
            "offers": [_offer_to_json(offer) for offer in self.offers],
            "total": self.total,
            "page": self.page,
            "pages": self.pages,
            "page_size": self.page_size,
            "fetched_at": self.fetched_at.isoformat(),
        }

    @classmethod
    def from_json(cls, data: object) -> "SearchPage":
        """The page that `to_json` wrote. Raises ValueError for anything else: the caller asks the marketplace anew."""
        stored = _mapping(data)
        fetched_at = datetime.fromisoformat(_text(stored, "fetched_at"))
        if fetched_at.utcoffset() is None:
            raise ValueError("a stored page's time has no zone")
        return cls(
            offers=tuple(_offer_from_json(offer) for offer in _list(stored, "offers")),
            total=_number(stored, "total"),
            page=_number(stored, "page"),
            pages=_number(stored, "pages"),
            page_size=_number(stored, "page_size"),
            fetched_at=fetched_at,
        )


def is_web_url(text: str) -> bool:
    """Whether it is an absolute http(s) URL that can be stored, linked and sent: no user name, no blanks."""
    if len(text) > MAX_URL_LENGTH or not text.isprintable() or any(character in text for character in ' "<>\\'):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError for a port that is none
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _offer_to_json(offer: Offer) -> dict[str, JSON]:
    return {
        "marketplace": offer.marketplace,
        "offer_id": offer.offer_id,
        "title": offer.title,
        "url": offer.url,
        "image_url": offer.image_url,
        "price": None if offer.price is None else str(offer.price),
        "currency": offer.currency,
        "tiers": [[tier.quantity, str(tier.price)] for tier in offer.tiers],
        "moq": offer.moq,
        "similarity": offer.similarity,
        "rank": offer.rank,
        "supplier_id": offer.supplier_id,
        "supplier_name": offer.supplier_name,
        "supplier_location": offer.supplier_location,
        "supplier_credit": offer.supplier_credit,
        "extras": dict(offer.extras),
    }


def _offer_from_json(data: object) -> Offer:
    stored = _mapping(data)
    similarity, price = _value(stored, "similarity"), _value(stored, "price")
    if isinstance(similarity, bool) or not isinstance(similarity, int | float | None):
        raise ValueError("a stored offer's similarity is no number")
    if similarity is not None and not 0 <= similarity <= 1:  # NaN, too, is not between them
        raise ValueError("a stored offer's similarity is out of range")
    return Offer(
        marketplace=_text(stored, "marketplace"),
        offer_id=_text(stored, "offer_id"),
        title=_text(stored, "title"),
        url=_text(stored, "url"),
        image_url=_text(stored, "image_url"),
        price=None if price is None else _decimal(price),
        currency=_text(stored, "currency"),
        tiers=tuple(_tier_from_json(tier) for tier in _list(stored, "tiers")),
        moq=_number_or_none(stored, "moq"),
        similarity=similarity,
        rank=_number(stored, "rank"),
        supplier_id=_text(stored, "supplier_id"),
        supplier_name=_text(stored, "supplier_name"),
        supplier_location=_text(stored, "supplier_location"),
        supplier_credit=_number_or_none(stored, "supplier_credit"),
        extras=_mapping(_value(stored, "extras")),
    )


def _tier_from_json(data: object) -> Tier:
    if not (isinstance(data, list) and len(data) == 2):
        raise ValueError("a stored tier is no pair")
    return Tier(quantity=_number({"quantity": data[0]}, "quantity"), price=_decimal(data[1]))


def _mapping(value: object) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise ValueError("stored data is not an object")
    return value


def _value(stored: dict[str, JSON], name: str) -> JSON:
    if name not in stored:
        raise ValueError(f"stored {name} is missing")
    return stored[name]


def _list(stored: dict[str, JSON], name: str) -> list[JSON]:
    value = _value(stored, name)
    if not isinstance(value, list):
        raise ValueError(f"stored {name} is not a list")
    return value


def _text(stored: dict[str, JSON], name: str) -> str:
    value = _value(stored, name)
    if not isinstance(value, str):
        raise ValueError(f"stored {name} is not a text")
    return value


def _number(stored: dict[str, JSON], name: str) -> int:
    value = _value(stored, name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"stored {name} is not a whole number")
    return value


def _number_or_none(stored: dict[str, JSON], name: str) -> int | None:
    return None if _value(stored, name) is None else _number(stored, name)


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError("a stored price is no decimal number")
    return number
