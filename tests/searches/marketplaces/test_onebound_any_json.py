"""Whatever JSON comes, Onebound's replies are read as a page of offers, as an imgid, or as a MarketplaceError."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from searches.marketplaces import MarketplaceError
from searches.marketplaces.onebound import parse_page
from searches.marketplaces.onebound_reply import MOST_ITEMS, parse_reference
from tests.searches.marketplaces.any_json import ANYTHING, STEADY, check_page, loosely
from tests.searches.marketplaces.reselling import NOW

PRICES = st.decimals(0, 100).map(str) | st.floats(0, 100)
ITEMS = loosely(
    title=st.text(max_size=20),
    pic_url=st.just("//a.example/b.jpg"),
    price=PRICES,
    promotion_price=PRICES,
    sales=st.integers(),
    num_iid=st.integers(1, 5) | st.text(max_size=70),
    turnHead=st.integers(-10, 110).map("{}%".format),
    turn_head=st.integers(-10, 110).map("{}%".format),
    seller_nick=st.text(),
    area=st.text(max_size=120),
    detail_url=st.just("//a.example/b.html"),
    more=ANYTHING,
)
PAGES = loosely(
    real_total_results=st.integers(-1, 300),
    page_size=st.integers(-1, 200),
    error=st.sampled_from(["", "2000", "no"]),
    item=st.lists(ITEMS, max_size=4) | loosely(name=st.text(max_size=30)),
    name=st.text(max_size=30),
)
REPLIES = ANYTHING | loosely(
    items=PAGES,
    error_code=st.sampled_from(["0000", 0, "2000", 4003]),
    reason=st.text(),
    request_id=st.text(max_size=70),
    name=st.text(max_size=30),
)


@STEADY
@given(payload=REPLIES, page=st.integers(1, 20), page_size=st.integers(1, 20))
def test_whatever_json_comes_is_a_page_or_a_marketplace_error(payload: Any, page: int, page_size: int) -> None:
    try:
        read = parse_page(payload, page=page, page_size=page_size, fetched_at=NOW)
    except MarketplaceError as error:
        str(error).encode()
        return
    check_page(read, page=page, largest=MOST_ITEMS)


@STEADY
@given(items=st.lists(ITEMS, min_size=1, max_size=4))
def test_whatever_items_come_are_a_page(items: Any) -> None:
    payload: Any = {"items": {"item": items}, "error_code": "0000"}
    check_page(parse_page(payload, page=1, page_size=20, fetched_at=NOW), page=1, largest=MOST_ITEMS)


@STEADY
@given(payload=REPLIES)
def test_whatever_json_comes_is_an_imgid_or_a_marketplace_error(payload: Any) -> None:
    try:
        name = parse_reference(payload)
    except MarketplaceError as error:
        str(error).encode()
        return
    assert 0 < len(name) <= 1000
    name.encode()
