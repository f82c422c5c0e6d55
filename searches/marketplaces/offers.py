"""What comes back from a marketplace: the same for every protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from searches.marketplaces.search_request import Region

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"


class PriceKind(StrEnum):
    """Prices that an offer may have beside the one that everybody pays, each for one piece."""

    ORIGINAL = "original"  # before a reduction
    PROMOTION = "promotion"  # for the time of a promotion
    DROPSHIP = "dropship"  # 一件代发: single pieces, sent to the buyer's customer
    SELECTED = "selected"  # 精选货源: for members of the marketplace's selected sourcing
    SELECTED_WHOLESALE = "selected-wholesale"  # the same, for wholesale quantities


class Identity(StrEnum):
    """What a marketplace certifies of a seller."""

    SUPER_FACTORY = "super-factory"  # 超级工厂
    FACTORY = "factory"  # 实力工厂, or a seller that is a factory by the marketplace's word
    STRONG_MERCHANT = "strong-merchant"  # 实力商家
    CERTIFIED_FACTORY = "certified-factory"  # 验厂, inspected by a third party
    VERIFIED = "verified"  # 诚信通 and other memberships that prove a registered company


@dataclass(frozen=True, slots=True)
class Tier:
    """From `quantity` pieces on, one piece costs `price` (阶梯价)."""

    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A product listing as the marketplace showed it.

    price: what one piece costs, in `currency`; None when none was given or it could not be read (then it is in
    extras). prices: the other kinds. tiers: ascending. moq: smallest order, in pieces.
    similarity: 0 to 1, None where the marketplace gives none.
    rank: place in the marketplace's own order over all pages of the search, from 1.
    monthly_sales: pieces in the last month or so. repurchase_rate: share of buyers who came back, 0 to 1.
    ships_within_hours: the seller's promise. dropshipping: sells single pieces to the buyer's customers.
    patented: the marketplace says that a patent protects it. advertised: its rank was paid for.
    supplier_credit: 0 to 5. supplier_years: at this marketplace. supplier_medal: trade medal level, 0 to 5.
    supplier_score: the marketplace's composite service score, 0 to 5.
    identities: what is certified of the supplier. extras: what the protocol sent beyond these fields, and odd
    originals of them.
    Texts are "" when unknown, hold no control characters, and fit these lengths: ids 64, title 500, URLs 1000,
    supplier name 200, location 100. URLs are http or https, or "". Numbers and flags are None when unknown.
    """

    marketplace: str
    offer_id: str
    title: str
    url: str
    image_url: str
    price: Decimal | None
    currency: str
    rank: int
    prices: Mapping[PriceKind, Decimal] = field(default_factory=dict, hash=False)
    tiers: tuple[Tier, ...] = ()
    moq: int | None = None
    similarity: float | None = None
    monthly_sales: int | None = None
    repurchase_rate: float | None = None
    ships_within_hours: int | None = None
    dropshipping: bool | None = None
    patented: bool | None = None
    advertised: bool | None = None
    supplier_id: str = ""
    supplier_name: str = ""
    supplier_location: str = ""
    supplier_credit: int | None = None
    supplier_years: int | None = None
    supplier_medal: int | None = None
    supplier_score: float | None = None
    identities: tuple[Identity, ...] = ()
    extras: Mapping[str, JSON] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of offers.

    total: offers the marketplace says it has, over all pages (at least, where it does not say).
    pages: how many pages that makes; at least `page + 1` while there may be more.
    page_size: offers a page, as the marketplace cut them. fetched_at: when it answered, aware.
    regions: the parts of the picture that the marketplace took for its subject, the one it searched for first.
    """

    offers: tuple[Offer, ...]
    total: int
    page: int
    pages: int
    page_size: int
    fetched_at: datetime
    regions: tuple[Region, ...] = ()
