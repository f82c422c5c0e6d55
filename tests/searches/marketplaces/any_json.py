"""Anything that JSON may hold, and what holds of every page that was read from it."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from searches.marketplaces import SearchPage, page_from_json, page_to_json

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=300)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, 2**53 + 1, 1e308, -0.0])
    | st.builds(lambda: 10**5000)  # longer than Python writes
    | st.floats()
    | st.text(max_size=8)
    | st.text(alphabet="0123456789.,-~%¥件元起 ", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def loosely(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object of some of these fields, each right or anything at all."""
    return st.fixed_dictionaries({}, optional={name: right | ANYTHING for name, right in fields.items()})


def check_page(read: SearchPage, *, page: int, largest: int) -> None:
    """It can be stored, shown and counted on, and every value is within its bounds."""
    stored = json.dumps(page_to_json(read), allow_nan=False)
    assert page_from_json(json.loads(stored)) == read
    json.dumps(page_to_json(read), ensure_ascii=False).encode()  # raises for what is no Unicode text
    assert "\x00" not in stored
    assert 1 <= read.page_size <= largest
    assert read.pages >= read.page or not read.offers
    assert read.total >= len(read.offers)
    assert len({offer.offer_id for offer in read.offers}) == len(read.offers)
    for offer in read.offers:
        assert 1 <= len(offer.offer_id) <= 64
        assert offer.url.startswith(("http://", "https://"))
        assert offer.image_url == "" or offer.image_url.startswith(("http://", "https://"))
        assert all(0 <= price < 10**9 for price in (offer.price or Decimal(), *offer.prices.values()))
        assert [tier.quantity for tier in offer.tiers] == sorted({tier.quantity for tier in offer.tiers})
        assert offer.moq is None or 1 <= offer.moq < 2**31
        assert offer.repurchase_rate is None or 0 <= offer.repurchase_rate <= 1
        assert offer.supplier_years is None or 0 <= offer.supplier_years <= 200
        assert offer.supplier_score is None or 0 <= offer.supplier_score <= 5
        assert len(offer.title) <= 500
        assert len(offer.supplier_name) <= 200
        assert len(offer.supplier_location) <= 100
        assert len(offer.supplier_id) <= 64
        assert (page - 1) * read.page_size < offer.rank <= page * read.page_size
