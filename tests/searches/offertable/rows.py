"""Rows for tables: valid by default, everything settable."""

from itertools import count
from typing import Any

from searches.offertable import FIELDS, OfferTable, build

SITES = {"md5": "1688", "open": "1688", "elsewhere": "Elsewhere"}


def row(number: int, **given: Any) -> tuple[Any, ...]:
    fields: dict[str, Any] = {
        "id": number,
        "marketplace": "md5",
        "offer_id": str(610_000_000_000 + number),
        "title": f"Mug {number}",
        "image_url": f"https://example.com/{number}.jpg",
        "price": None,
        "currency": "CNY",
        "tiers": "[]",
        "moq": None,
        "similarity": None,
        "visual": None,
        "photo_group": None,
        "rank": number,
        "fused": 1 / (60 + number),
        "photos_count": 1,
        "supplier_credit": None,
        "supplier_years": None,
        "supplier_medal": None,
        "supplier_score": None,
        "monthly_sales": None,
        "repurchase_rate": None,
        "ships_within_hours": None,
        "traits": 0,
        "advertised": None,
        "patented": None,
        "supplier_id": f"b2b-{number}",
        "supplier_name": f"Shop {number}",
        "supplier_location": "",
    }
    assert given.keys() <= fields.keys(), given
    fields |= given
    return tuple(fields[field] for field in FIELDS)


def table(*rows: dict[str, Any], at_once: int = 1000) -> OfferTable:
    """Of these rows, numbered from 1, read `at_once` of them at a time."""
    numbers = count(1)
    made = [row(next(numbers), **given) for given in rows]
    return build([made[start : start + at_once] for start in range(0, len(made), at_once)], SITES.__getitem__)
