"""Whatever JSON comes, TMAPI's replies are read as a page of offers, as a path, or as a MarketplaceError."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from searches.marketplaces import MarketplaceError
from searches.marketplaces.tmapi import parse_page
from searches.marketplaces.tmapi_reply import parse_reference
from tests.searches.marketplaces.any_json import ANYTHING, STEADY, check_page, loosely
from tests.searches.marketplaces.reselling import NOW

PRICES = st.decimals(0, 100).map(str) | st.just("27.00")
ITEMS = loosely(
    item_id=st.integers(1, 5) | st.text(max_size=70),
    product_url=st.just("https://a.example/b.html"),
    title=st.text(max_size=20),
    img=st.just("//a.example/b.jpg"),
    price=PRICES,
    price_info=loosely(sale_price=PRICES, origin_price=PRICES),
    moq=st.integers(-1, 10),
    quantity_prices=st.lists(
        loosely(begin_num=st.integers(0, 9), end_num=st.text(max_size=3), price=PRICES), max_size=3
    ),
    sale_info=loosely(sale_quantity_int=st.integers()),
    delivery_info=loosely(area_from=st.lists(st.text(max_size=5), max_size=2)),
    item_repurchase_rate=st.integers(-10, 110).map("{}%".format),
    shop_info=loosely(
        company_name=st.text(),
        member_id=st.text(max_size=70),
        is_factory=st.booleans(),
        location=st.text(max_size=120),
        shop_years=st.integers(-1, 300),
        score_info=loosely(composite_score=st.floats(-1, 6).map(str)),
    ),
    is_ad=st.booleans(),
    more=ANYTHING,
)
DATA = loosely(
    page=st.integers(),
    page_size=st.integers(-1, 30),
    total_count=st.integers(-1, 300),
    items=st.lists(ITEMS, max_size=4),
    has_next_page=st.booleans(),
    image_url=st.text(max_size=30),
)
REPLIES = ANYTHING | loosely(
    code=st.sampled_from([200, "200", 417, "4011"]), msg=st.text(), data=DATA, request_id=st.text(max_size=70)
)


@STEADY
@given(payload=REPLIES, page=st.integers(1, 20), page_size=st.integers(1, 20))
def test_whatever_json_comes_is_a_page_or_a_marketplace_error(payload: Any, page: int, page_size: int) -> None:
    try:
        read = parse_page(payload, page=page, page_size=page_size, fetched_at=NOW)
    except MarketplaceError as error:
        str(error).encode()
        return
    check_page(read, page=page, largest=20)


@STEADY
@given(data=st.fixed_dictionaries({"items": st.lists(ITEMS, max_size=4)}))
def test_whatever_items_come_are_a_page(data: Any) -> None:
    check_page(parse_page({"code": 200, "data": data}, page=1, page_size=20, fetched_at=NOW), page=1, largest=20)


@STEADY
@given(payload=REPLIES)
def test_whatever_json_comes_is_a_path_or_a_marketplace_error(payload: Any) -> None:
    try:
        path = parse_reference(payload)
    except MarketplaceError as error:
        str(error).encode()
        return
    assert 0 < len(path.encode()) <= 4000
