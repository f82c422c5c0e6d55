"""Whatever JSON comes, the official platform's interfaces are read as a page of offers or a MarketplaceError."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searches.marketplaces import MarketplaceError, SearchPage
from searches.marketplaces.alibaba_errors import failure_in
from searches.marketplaces.alibaba_oauth import as_moment, tokens_in
from searches.marketplaces.alibaba_open_reply import image_id_in
from searches.marketplaces.alibaba_open_reply import parse_page as parse_open_page
from searches.marketplaces.alibaba_similar_reply import parse_page as parse_similar_page
from tests.searches.marketplaces.alibaba import NOW, ROW, SIMILAR_ROW
from tests.searches.marketplaces.any_json import ANYTHING, STEADY, check_page, loosely


def row_of(example: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Like the example: each member right, or anything at all, or absent; and sometimes anything instead of it."""
    parts = {name: row_of(value) if isinstance(value, dict) else st.just(value) for name, value in example.items()}
    return loosely(**parts, more=ANYTHING)


IDS = st.integers(1, 5) | st.text(max_size=70)
BOXES = st.lists(st.integers(-1, 9), min_size=3, max_size=5).map(lambda edges: ",".join(map(str, edges)))
ENVELOPE = {
    "success": st.sampled_from(["true", "false", True, False]),
    "code": st.text(max_size=8),
    "message": st.text(max_size=8),
    "error_code": st.sampled_from([None, "", "401", 401, "gw.APIACLDecline"]),
    "error_message": st.text(max_size=8),
    "request_id": st.text(max_size=8),
}
OPEN_ROWS = st.tuples(row_of(ROW), IDS).map(lambda pair: pair[0] | {"offerId": pair[1]} if pair[0] else pair[0])
OPEN_PAGES = loosely(
    totalRecords=st.integers(-1, 300),
    pageSize=st.integers(-1, 60),
    data=st.lists(OPEN_ROWS | ANYTHING, max_size=4),
    picRegionInfo=loosely(currentRegion=BOXES, yoloCropRegion=st.lists(BOXES, max_size=4).map(";".join)),
)
OPEN_REPLIES = ANYTHING | loosely(**ENVELOPE, result=loosely(**ENVELOPE, result=OPEN_PAGES))
SIMILAR_ROWS = st.tuples(row_of(SIMILAR_ROW), IDS).map(lambda pair: pair[0] | {"offerId": pair[1]} if pair[0] else 0)
SIMILAR_PAGES = loosely(
    total=st.integers(-1, 300), pageSize=st.integers(-1, 30), result=st.lists(SIMILAR_ROWS | ANYTHING, max_size=4)
)
SIMILAR_REPLIES = ANYTHING | loosely(**ENVELOPE, result=SIMILAR_PAGES)


def holds(payload: Any, parse: Callable[..., SearchPage], largest: int, page: int, page_size: int) -> None:
    try:
        read = parse(payload, page=page, page_size=page_size, fetched_at=NOW)
    except MarketplaceError as error:
        str(error).encode()
        return
    check_page(read, page=page, largest=largest)
    assert all(offer.similarity is None for offer in read.offers)
    assert all(price > 0 for offer in read.offers for price in offer.prices.values())


@STEADY
@given(payload=OPEN_REPLIES, page=st.integers(1, 20), page_size=st.integers(1, 50))
def test_the_image_search_s_pages(payload: Any, page: int, page_size: int) -> None:
    holds(payload, parse_open_page, 50, page, page_size)


@STEADY
@given(payload=SIMILAR_REPLIES, page=st.integers(1, 20), page_size=st.integers(1, 20))
def test_the_similar_offers_pages(payload: Any, page: int, page_size: int) -> None:
    holds(payload, parse_similar_page, 20, page, page_size)


@STEADY
@given(payload=OPEN_REPLIES | SIMILAR_REPLIES, status=st.sampled_from([200, 400, 401, 500]))
def test_failures_uploads_and_tokens(payload: Any, status: int) -> None:
    failure = failure_in(payload, status=status, hidden=("", "secret"))
    assert failure is None or len(failure.message) <= 300
    assert len(image_id_in(payload)) <= 200
    tokens = tokens_in(payload, now=NOW)
    assert tokens is None or tokens.access_token


@STEADY
@given(
    reply=loosely(
        access_token=st.text(max_size=20),
        refresh_token=st.text(max_size=20),
        expires_in=st.text("0123456789.+ ", max_size=25),
        refresh_token_timeout=st.from_regex(r"[0-9]{14}([0-9]{3})?[+-][0-9]{4}", fullmatch=True),
    )
)
def test_tokens_in_every_dress(reply: Any) -> None:
    tokens = tokens_in(reply, now=NOW)

    if tokens is not None:
        assert all(seconds is None or seconds > 0 for seconds in (tokens.expires_in, tokens.refresh_expires_in))


@STEADY
@given(text=st.from_regex(r"[0-9]{14}([0-9]{3})?[+-][0-9]{4}", fullmatch=True))
def test_moments_are_aware_or_none(text: str) -> None:
    moment = as_moment(text)

    assert moment is None or moment.tzinfo is not None


@pytest.mark.parametrize("value", [None, 7, [], {}, "", "20260102", "²0260102080000000+0800"])
def test_what_is_no_moment(value: object) -> None:
    assert as_moment(value) is None
