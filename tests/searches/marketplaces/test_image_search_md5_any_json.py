"""Whatever JSON comes, the article's dialect reads a page of offers or raises a MarketplaceError."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from searches.marketplaces import MarketplaceError, page_from_json, page_to_json
from searches.marketplaces.image_search_md5 import parse_page

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=300)
ANYTHING = st.recursive(
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


def loosely(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of some of these fields, each right or anything at all, and sometimes anything instead of it."""
    return st.fixed_dictionaries({}, optional={name: right | ANYTHING for name, right in fields.items()})


PRODUCTS = loosely(
    product_id=st.integers(1, 5) | st.text(max_size=70),
    title=st.text(max_size=20),
    main_image=st.just("https://a.example/b.jpg"),
    detail_url=st.just("https://a.example/b.html"),
    price=st.decimals(0, 100).map(str),
    min_buy=st.integers(0, 10),
    similarity=st.floats(-1, 2),
    supplier=loosely(user_id=st.text(max_size=70), company_name=st.text(), credit_level=st.integers(-1, 7)),
    more=ANYTHING,
)
RESULTS = loosely(
    total=st.integers(-1, 300),
    page=st.integers(),
    page_size=st.integers(-1, 60),
    products=st.lists(PRODUCTS, max_size=4),
)
ERRORS = loosely(code=st.sampled_from([400, "502", 110]), msg=st.text(), request_id=st.text())
REPLIES = ANYTHING | loosely(
    alibaba_image_search_response=loosely(result=RESULTS), error_response=ERRORS, code=st.integers()
)


@STEADY
@given(payload=REPLIES, page=st.integers(1, 20), page_size=st.integers(1, 50))
def test_whatever_json_comes_is_a_page_or_a_marketplace_error(payload: Any, page: int, page_size: int) -> None:
    try:
        read = parse_page(payload, page=page, page_size=page_size, fetched_at=NOW)
    except MarketplaceError as error:
        str(error).encode()
        return
    stored = json.dumps(page_to_json(read), allow_nan=False)
    assert page_from_json(json.loads(stored)) == read
    json.dumps(page_to_json(read), ensure_ascii=False).encode()  # raises for what is no Unicode text
    assert "\x00" not in stored
    assert 1 <= read.page_size <= 50
    assert read.pages >= read.page or not read.offers
    assert len({offer.offer_id for offer in read.offers}) == len(read.offers)
    for offer in read.offers:
        assert offer.offer_id
        assert offer.url.startswith(("http://", "https://"))
        assert offer.image_url == "" or offer.image_url.startswith(("http://", "https://"))
        assert offer.price is None or 0 <= offer.price < 10**9
        assert offer.similarity is None or 0 <= offer.similarity <= 1
        assert offer.moq is None or 1 <= offer.moq < 2**31
        assert offer.supplier_credit in (None, 0, 1, 2, 3, 4, 5)
        assert (page - 1) * read.page_size < offer.rank <= page * read.page_size
