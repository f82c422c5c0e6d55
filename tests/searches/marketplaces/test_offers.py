"""What may be asked, and pages that survive a cache."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searches.marketplaces import (
    Identity,
    InvalidRequest,
    Offer,
    PriceKind,
    Region,
    SearchPage,
    SearchRequest,
    Sort,
    Tier,
    page_from_json,
    page_to_json,
)

URL = "https://cbu01.alicdn.com/img/a.jpg"


@pytest.mark.parametrize(
    ("field", "question"),
    [
        ("image", {}),
        ("image", {"image": b""}),
        ("image", {"image": b"jpeg", "image_url": URL}),
        ("image_url", {"image_url": "cbu01.alicdn.com/img/a.jpg"}),
        ("image_url", {"image_url": "ftp://cbu01.alicdn.com/a.jpg"}),
        ("image_url", {"image_url": "https://"}),
        ("image_url", {"image_url": "https://user:password@example.com/a.jpg"}),
        ("image_url", {"image_url": "https://example.com/a b.jpg"}),
        ("image_url", {"image_url": "https://example.com/a\n.jpg"}),
        ("image_url", {"image_url": "https://example.com/\ud800.jpg"}),
        ("image_url", {"image_url": "https://example.com:port/a.jpg"}),
        ("image_url", {"image_url": "https://[::1/a.jpg"}),
        ("image_url", {"image_url": "https://example.com/" + "a" * 1000}),
        ("page", {"image_url": URL, "page": 0}),
        ("page_size", {"image_url": URL, "page_size": 0}),
        ("price_from", {"image_url": URL, "price_from": Decimal("-0.01")}),
        ("price_from", {"image_url": URL, "price_from": Decimal("NaN")}),
        ("price_to", {"image_url": URL, "price_to": Decimal("Infinity")}),
        ("price_to", {"image_url": URL, "price_to": Decimal("1E+999999")}),
        ("price_to", {"image_url": URL, "price_from": Decimal("10.01"), "price_to": Decimal(10)}),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_and_says_where(field: str, question: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        SearchRequest(**question)

    assert refusal.value.field == field


def test_the_edges_of_what_may_be_asked() -> None:
    SearchRequest(image=b"jpeg", price_from=Decimal(10), price_to=Decimal(10), page_size=1)
    SearchRequest(image_url="http://图片.example.com:8080/货/a.jpg?x=1&y=2", price_from=Decimal(0))


def test_a_picture_is_not_part_of_a_question_s_repr() -> None:
    assert "marked" not in repr(SearchRequest(image=b"marked picture"))


def test_sorts_read_as_they_stand_in_urls() -> None:
    assert [sort.value for sort in Sort] == ["similarity", "price", "-price"]


def an_offer(**changes: Any) -> Offer:
    fields: dict[str, Any] = {
        "marketplace": "image_search_md5",
        "offer_id": "628745190321",
        "title": "夏季纯棉短袖T恤",
        "url": "https://detail.1688.com/offer/628745190321.html",
        "image_url": URL,
        "price": Decimal("23.50"),
        "currency": "CNY",
        "tiers": (Tier(5, Decimal("23.50")), Tier(100, Decimal("19.9"))),
        "moq": 5,
        "similarity": 0.96,
        "rank": 1,
        "supplier_id": "2209876543210",
        "supplier_name": "服装有限公司",
        "supplier_location": "浙江 义乌",
        "supplier_credit": 5,
        "prices": {PriceKind.DROPSHIP: Decimal("25.00")},
        "monthly_sales": 1200,
        "repurchase_rate": 0.13,
        "ships_within_hours": 48,
        "dropshipping": True,
        "patented": False,
        "advertised": False,
        "supplier_years": 7,
        "supplier_medal": 4,
        "supplier_score": 4.5,
        "identities": (Identity.SUPER_FACTORY,),
        "extras": {"sold": 12, "tags": ["a", None, {"b": 0.5}]},
    }
    return Offer(**fields | changes)


def a_page(**changes: Any) -> SearchPage:
    fields: dict[str, Any] = {
        "offers": (an_offer(), an_offer(offer_id="2", price=None, moq=None, similarity=None, tiers=(), extras={})),
        "total": 128,
        "page": 2,
        "pages": 7,
        "page_size": 20,
        "fetched_at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "regions": (Region(10, 20, 300, 400),),
    }
    return SearchPage(**fields | changes)


def test_offers_can_be_compared_and_hashed_whatever_their_extras() -> None:
    assert len({an_offer(), an_offer(), an_offer(rank=2)}) == 2


STEADY = settings(derandomize=True, deadline=None, database=None)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
PRICES = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
OFFERS = st.builds(
    Offer,
    **dict.fromkeys(("marketplace", "offer_id", "title", "url", "image_url", "currency"), TEXTS),
    **dict.fromkeys(("supplier_id", "supplier_name", "supplier_location"), TEXTS),
    price=st.none() | PRICES,
    tiers=st.lists(st.builds(Tier, st.integers(1, 10**9), PRICES), max_size=2).map(tuple),
    moq=st.none() | st.integers(1, 10**9),
    similarity=st.none() | st.floats(0, 1),
    rank=st.integers(1, 10**9),
    supplier_credit=st.none() | st.integers(0, 5),
    prices=st.dictionaries(st.sampled_from(PriceKind), PRICES, max_size=3),
    monthly_sales=st.none() | st.integers(0, 10**9),
    repurchase_rate=st.none() | st.floats(0, 1),
    ships_within_hours=st.none() | st.integers(1, 1000),
    dropshipping=st.none() | st.booleans(),
    patented=st.none() | st.booleans(),
    advertised=st.none() | st.booleans(),
    supplier_years=st.none() | st.integers(0, 99),
    supplier_medal=st.none() | st.integers(0, 5),
    supplier_score=st.none() | st.floats(0, 5),
    identities=st.lists(st.sampled_from(Identity), max_size=2).map(tuple),
    extras=st.dictionaries(TEXTS, JSONS, max_size=3),
)
ZONES = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-1439, 1439))


@STEADY
@given(
    st.builds(
        SearchPage,
        offers=st.lists(OFFERS, max_size=3).map(tuple),
        total=st.integers(0, 10**9),
        page=st.integers(1, 10**6),
        pages=st.integers(0, 10**6),
        page_size=st.integers(1, 50),
        fetched_at=st.datetimes(timezones=ZONES),
    )
)
def test_a_page_comes_back_from_json_as_it_went(page: SearchPage) -> None:
    back = page_from_json(json.loads(json.dumps(page_to_json(page))))

    assert back == page
    assert back.fetched_at.utcoffset() == page.fetched_at.utcoffset()
    assert [str(offer.price) for offer in back.offers] == [str(offer.price) for offer in page.offers]
    assert [offer.extras for offer in back.offers] == [offer.extras for offer in page.offers]


def paths_of(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, but for what lies in extras, where anything goes."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    places = [so_far]
    for key, inner in members:
        places += [(*so_far, key)] if key == "extras" else paths_of(inner, (*so_far, key))
    return places


PLACES = paths_of(page_to_json(a_page()))


DAMAGES: tuple[object, ...] = (object(), [[]], "damaged", True, -1.5, float("nan"))


def at(stored: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        stored = stored[key]
    return stored


@pytest.mark.parametrize(
    ("place", "damage"),
    [
        (place, damage)
        for place in PLACES
        for damage in DAMAGES
        if type(damage) is not type(at(page_to_json(a_page()), place)) or isinstance(damage, float)
    ],
)
def test_damaged_json_is_a_value_error(place: tuple[Any, ...], damage: object) -> None:
    stored: Any = {"page": page_to_json(a_page())}
    *outer, last = ("page", *place)
    at(stored, tuple(outer))[last] = damage

    with pytest.raises(ValueError):
        page_from_json(stored["page"])


# Kinds of prices may be missing as they like.
PARTS = [place for place in PLACES if place and isinstance(place[-1], str) and place[-2:-1] != ("prices",)]


@pytest.mark.parametrize("place", PARTS, ids=str)
def test_json_that_lacks_a_part_is_a_value_error(place: tuple[Any, ...]) -> None:
    stored: Any = page_to_json(a_page())
    del at(stored, place[:-1])[place[-1]]

    with pytest.raises(ValueError):
        page_from_json(stored)


@pytest.mark.parametrize(
    ("field", "value"),
    [("price", "dear"), ("price", "NaN"), ("price", "Infinity"), ("tiers", [[5]]), ("tiers", [[5, "1", "2"]])],
)
def test_a_damaged_offer_is_a_value_error(field: str, value: object) -> None:
    stored: Any = page_to_json(a_page())
    stored["offers"][0][field] = value

    with pytest.raises(ValueError):
        page_from_json(stored)


@pytest.mark.parametrize("time", ["yesterday", "2026-01-02T03:04:05"])
def test_a_page_without_a_certain_time_is_a_value_error(time: str) -> None:
    with pytest.raises(ValueError):
        page_from_json(page_to_json(a_page()) | {"fetched_at": time})
