"""From rows of a database to the table."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from searches.offertable.table import UNKNOWN, OfferTable
from searches.offertable.texts import Texts
from searches.offertable.types import Floats, Integers

# What a row holds, in this order. `tiers` is a list of [quantity, price], or the same as JSON.
FIELDS = (
    "id",
    "marketplace",
    "offer_id",
    "title",
    "image_url",
    "price",
    "currency",
    "tiers",
    "moq",
    "similarity",
    "visual",
    "photo_group",
    "rank",
    "fused",
    "photos_count",
    "supplier_credit",
    "supplier_years",
    "supplier_medal",
    "supplier_score",
    "monthly_sales",
    "repurchase_rate",
    "ships_within_hours",
    "traits",
    "advertised",
    "patented",
    "supplier_id",
    "supplier_name",
    "supplier_location",
)
# Fields that become a column as they are: the column's name, and what its numbers are kept as.
NUMBERS: dict[str, tuple[str, type[np.generic]]] = {
    "id": ("ids", np.int64),
    "price": ("price", np.float64),
    "moq": ("moq", np.float64),
    "similarity": ("given", np.float64),
    "visual": ("visual", np.float64),
    "photo_group": ("photo", np.float64),
    "rank": ("rank", np.int32),
    "fused": ("fused", np.float64),
    "photos_count": ("photos", np.int16),
    "supplier_credit": ("rated", np.float32),
    "supplier_years": ("years", np.float32),
    "supplier_medal": ("medal", np.float32),
    "supplier_score": ("service", np.float64),
    "monthly_sales": ("sold", np.float64),
    "repurchase_rate": ("repurchased", np.float64),
    "ships_within_hours": ("ships", np.float64),
    "traits": ("traits", np.uint16),
    "advertised": ("advertised", np.bool_),
    "patented": ("patented", np.bool_),
}
MOST_TIERS = 20
NO_TIERS = "[]"


class _Codes:
    """Gives different texts different codes, in the order in which they come; "" UNKNOWN."""

    def __init__(self) -> None:
        self._number: defaultdict[str, int] = defaultdict(count(1).__next__)
        self._number[""] = 0
        self._of_rows: list[npt.NDArray[np.int32]] = []

    def take(self, texts: Iterable[str]) -> None:
        # Nothing here is Python's own code: it runs for each of a hundred thousand rows.
        self._of_rows.append(np.array(list(map(self._number.__getitem__, texts)), dtype=np.int32) + UNKNOWN)

    def of_rows(self) -> npt.NDArray[np.int32]:
        return np.concatenate(self._of_rows) if self._of_rows else np.empty(0, dtype=np.int32)

    def sorted(self) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
        """The rows' codes, which are now places in the texts' own order, and the texts in it."""
        texts = sorted(text for text in self._number if text)
        # The last: where the code of the unknown points.
        place = np.full(len(texts) + 1, UNKNOWN, dtype=np.int32)
        for number, text in enumerate(texts):
            place[self._number[text] + UNKNOWN] = number
        return place[self.of_rows()], tuple(texts)


class _Columns:
    """The columns while rows come."""

    def __init__(self) -> None:
        self.numbers: dict[str, list[npt.NDArray[Any]]] = {name: [] for name, _dtype in NUMBERS.values()}
        self.codes = {
            name: _Codes() for name in ("currency", "marketplace", "place", "name", "supplier", "picture", "offer")
        }
        self.titles: list[str] = []
        self.offer_ids: list[bytes] = []
        self.tiers: dict[str, list[int]] = {}

    def take(self, rows: Sequence[Sequence[Any]]) -> None:
        column = dict(zip(FIELDS, zip(*rows, strict=True), strict=True))
        for field, (name, dtype) in NUMBERS.items():
            # None, where it is allowed, becomes NaN or False.
            self.numbers[name].append(np.array(column[field], dtype=dtype))
        ids, names = column["supplier_id"], column["supplier_name"]
        texts = {
            "currency": column["currency"],
            "marketplace": column["marketplace"],
            "place": column["supplier_location"],
            "name": names,
            "supplier": [pk or name for pk, name in zip(ids, names, strict=True)],
            "picture": column["image_url"],
            "offer": column["offer_id"],
        }
        for name, of_rows in texts.items():
            self.codes[name].take(of_rows)
        self._take_tiers(column["tiers"])
        self.titles += column["title"]
        self.offer_ids += map(str.encode, column["offer_id"])

    def _take_tiers(self, tiers: Sequence[Any]) -> None:
        first = len(self.titles)
        # Few offers have any, and many the same: what was read once is not read again.
        for row, value in enumerate(tiers, first):
            text = value if isinstance(value, str) else json.dumps(value)
            if text != NO_TIERS:
                self.tiers.setdefault(text, []).append(row)


def build(batches: Iterable[Sequence[Sequence[Any]]], site_of: Callable[[str], str]) -> OfferTable:
    """The table of all rows of all batches, which are let go of one after the other.

    Rows hold FIELDS, and come by rank, then by id. site_of: by which name protocols of one site are known as such.
    """
    columns = _Columns()
    for rows in batches:
        if rows:
            columns.take(rows)
    numbers = {
        name: np.concatenate(columns.numbers[name]) if columns.numbers[name] else np.empty(0, dtype=dtype)
        for name, dtype in NUMBERS.values()
    }
    place, places = columns.codes["place"].sorted()
    name, names = columns.codes["name"].sorted()
    currency, currencies = columns.codes["currency"].sorted()
    marketplace, marketplaces = columns.codes["marketplace"].sorted()
    at_site = _codes_at_sites(marketplace, marketplaces, site_of)
    tier_from, tier_price = _tiers(columns.tiers, len(columns.titles))
    picture = columns.codes["picture"].of_rows()
    return OfferTable(
        **numbers | {"photo": _photos(numbers["photo"], picture)},
        credit=np.where(np.isnan(numbers["rated"]), numbers["medal"], numbers["rated"]),
        similarity=np.where(np.isnan(numbers["given"]), numbers["visual"], numbers["given"]),
        currency=currency.astype(np.int16),
        currencies=currencies,
        marketplace=marketplace.astype(np.int16),
        marketplaces=marketplaces,
        place=place,
        places=places,
        name=name,
        names=names,
        supplier=at_site(columns.codes["supplier"].of_rows()),
        picture=picture,
        offer=at_site(columns.codes["offer"].of_rows()),
        offer_ids=np.array(columns.offer_ids, dtype=np.bytes_),
        tier_from=tier_from,
        tier_price=tier_price,
        titles=Texts.of(columns.titles),
    )


def _photos(groups: Floats, picture: Integers) -> npt.NDArray[np.int32]:
    """Codes of what is shown: the group of equal photos, else the picture's address, UNKNOWN without a picture."""
    if np.isnan(groups).all():
        return picture.astype(np.int32)
    # Addresses as negative numbers: no group's is one.
    shown = np.where(np.isnan(groups), -1.0 - picture, groups)
    _values, dense = np.unique(shown, return_inverse=True)
    return np.where(picture < 0, UNKNOWN, dense).astype(np.int32)


def _codes_at_sites(
    marketplace: Integers, marketplaces: Sequence[str], site_of: Callable[[str], str]
) -> Callable[[Integers], npt.NDArray[np.int32]]:
    """What makes codes of a site's ids codes of all sites': the same id means different things at different sites."""
    sites = {site_of(key): number for number, key in enumerate(marketplaces)}
    site = np.array([*(sites[site_of(key)] for key in marketplaces), UNKNOWN], dtype=np.int64)[marketplace]

    def at_site(codes: Integers) -> npt.NDArray[np.int32]:
        apart = site * (int(codes.max(initial=0)) + 1) + codes
        _values, dense = np.unique(apart, return_inverse=True)
        return np.where(codes < 0, UNKNOWN, dense).astype(np.int32)

    return at_site


def _tiers(rows_of: Mapping[str, list[int]], rows: int) -> tuple[Floats, Floats]:
    """The quantities and the prices, both (rows, t): see `OfferTable`. rows_of: which rows have them, by their JSON."""
    # Ascending is what the database says; a marketplace that says otherwise is not believed.
    read = {text: sorted((float(quantity), float(price)) for quantity, price in json.loads(text)) for text in rows_of}
    most = min(MOST_TIERS, max(map(len, read.values()), default=0))
    quantities, prices = np.full((2, rows, most), np.nan)
    for text, having in rows_of.items():
        for number, (quantity, price) in enumerate(read[text][:most]):
            quantities[having, number], prices[having, number] = quantity, price
    return quantities, prices
