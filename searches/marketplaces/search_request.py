"""What is asked of a marketplace: the same for every protocol."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

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
class Region:
    """A part of the picture that was sent: whole pixels, counted from its top left corner. At least one pixel."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if min(self.x, self.y) < 0 or min(self.width, self.height) < 1:
            raise ValueError("a region begins within its picture and holds at least one pixel")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One call's question: one page of offers for one picture.

    image: a prepared JPEG; or image_url: where the marketplace can fetch the picture. Exactly one of the two.
    region: the part of `image` to search for, where the marketplace takes one; None for the whole.
    page counts from 1. Prices are in the marketplace's currency, both ends included.
    Raises InvalidRequest. What only one marketplace limits (its largest page) is its client's to refuse.
    """

    image: bytes | None = field(default=None, repr=False)
    image_url: str | None = None
    region: Region | None = None
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
        if self.region and not self.image:
            raise InvalidRequest("region", "A region is a part of a picture that is sent along.")
        if self.page < 1:
            raise InvalidRequest("page", "Pages count from 1.")
        if self.page_size < 1:
            raise InvalidRequest("page_size", "A page holds at least one offer.")
        for name, price in (("price_from", self.price_from), ("price_to", self.price_to)):
            if price is not None and not (price.is_finite() and 0 <= price <= MAX_PRICE):
                raise InvalidRequest(name, f"A price lies between 0 and {MAX_PRICE}.")
        if self.price_from is not None and self.price_to is not None and self.price_from > self.price_to:
            raise InvalidRequest("price_to", "The highest price is below the lowest.")


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
