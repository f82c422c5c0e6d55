"""Vendors' values, read leniently: scores, fen, flags, prices, tiers, lists, leftovers and words."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searches.marketplaces import PriceKind, Tier
from searches.marketplaces.readers import (
    as_fen,
    as_flag,
    as_list,
    as_prices,
    as_score,
    as_tiers,
    as_whole,
    as_words,
    left_over,
    masked,
)
from tests.searches.marketplaces.any_json import ANYTHING, STEADY

NO_NUMBERS = [None, True, False, "", " ", "none", [], [5], {}, {"a": 5}, float("nan"), float("inf"), b"5"]


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        (4.5, 4.5),
        ("4.5", 4.5),
        (" 4.50 ", 4.5),
        (5, 5.0),
        ("5", 5.0),
        (5.0, 5.0),
        (0, 0.0),
        (-0.0, 0.0),
        ("0", 0.0),
        (5.01, None),
        ("6", None),
        (-1, None),
        ("-1", None),
        ("4.5分", None),
        ("4.5/5", None),
        ("90%", None),
        ("1e0", None),
        (10**400, None),
        ("9" * 400, None),
        *((odd, None) for odd in NO_NUMBERS),
    ],
)
def test_scores(given_: object, read: float | None) -> None:
    assert as_score(given_, most=5) == read


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        (1010, "10.10"),
        ("1010", "10.10"),
        (1010.0, "10.10"),
        ("1,010", "10.10"),
        ("1010.00", "10.10"),
        (1, "0.01"),
        (0, "0"),
        (99_999_999_900, "999999999"),
        (99_999_999_901, None),
        (10.5, None),  # half a fen: these are no fen
        ("10.10", None),
        (-1010, None),
        ("-1010", None),
        ("−1010", None),
        (10**400, None),
        *((odd, None) for odd in NO_NUMBERS),
    ],
)
def test_fen(given_: object, read: str | None) -> None:
    assert as_fen(given_) == (None if read is None else Decimal(read))


@pytest.mark.parametrize("given_", ["-5", "−5件", "约-5", "- 5"])
def test_a_negative_number_is_not_read_without_its_sign(given_: str) -> None:
    assert as_whole(given_, low=1, high=100) is None


@pytest.mark.parametrize("given_", ["5", "≥5件", "起批量5件", "5-9件", "5 件起批", " 5", "5.0"])
def test_whole_numbers_in_every_dress(given_: str) -> None:
    assert as_whole(given_, low=1, high=100) == 5


@pytest.mark.parametrize("given_", [True, 1, 1.0, "1", "true", "True", " TRUE ", "yes", "Y"])
def test_flags_that_are_set(given_: object) -> None:
    assert as_flag(given_) is True


@pytest.mark.parametrize("given_", [False, 0, 0.0, -0.0, "0", "false", "FALSE", "no", "n"])
def test_flags_that_are_not(given_: object) -> None:
    assert as_flag(given_) is False


@pytest.mark.parametrize(
    "given_", [None, 2, -1, 0.5, "2", "", "maybe", "truetruetrue", [True], {"a": True}, 10**400, float("nan")]
)
def test_flags_that_cannot_be_read_are_unknown(given_: object) -> None:
    assert as_flag(given_) is None


def test_prices_that_cost_something_are_kept_by_their_kinds() -> None:
    read = as_prices(
        {
            PriceKind.ORIGINAL: "¥30.00",
            PriceKind.PROMOTION: 0,
            PriceKind.DROPSHIP: "0.00",
            PriceKind.SELECTED: "面议",
            PriceKind.SELECTED_WHOLESALE: None,
        }
    )

    assert read == {PriceKind.ORIGINAL: Decimal("30.00")}
    assert as_prices({PriceKind.PROMOTION: "9.90-12.00"}) == {PriceKind.PROMOTION: Decimal("9.90")}
    assert as_prices({PriceKind.PROMOTION: True, PriceKind.ORIGINAL: -1}) == {}


@pytest.mark.parametrize(
    ("pairs", "read"),
    [
        ([], []),
        ([(2, "5.00")], [(2, "5.00")]),
        ([("100", 4), ("≥2", "¥5.00")], [(2, "5.00"), (100, "4")]),
        ([(2, 5), (2, 4), ("2", 3)], [(2, "5")]),  # of two for one quantity the first stays
        ([(0, 5), (-1, 5), (None, 5), (2.5, 5), (2**31, 5), ([2], 5)], []),
        ([(2, None), (3, "面议"), (4, -1), (5, True), (6, 10**10)], []),
        ([(2, 0), (3, "0.00"), (4, 1)], [(4, "1")]),  # nothing is given away
        ([(1.0, 0.1 + 0.2)], [(1, "0.3000")]),
    ],
)
def test_tiers(pairs: list[tuple[object, object]], read: list[tuple[int, str]]) -> None:
    assert as_tiers(pairs) == tuple(Tier(quantity, Decimal(price)) for quantity, price in read)


def test_endless_tiers_end() -> None:
    tiers = as_tiers((quantity, 1) for quantity in range(1, 10_000))

    assert [tier.quantity for tier in tiers] == list(range(1, 101))


@pytest.mark.parametrize("given_", [None, "text", 7, {"0": 1}, (1, 2), True])
def test_what_is_no_list_is_an_empty_one(given_: object) -> None:
    assert as_list(given_) == []


def test_a_list_stays_what_it_is() -> None:
    assert as_list([1, None, "a"]) == [1, None, "a"]


@pytest.mark.parametrize(
    ("value", "said", "parts", "left"),
    [
        ({"a": 1, "b": 2}, {"a"}, {}, {"b": 2}),
        ({"a": 1}, {"a"}, {}, None),
        ({}, set(), {}, None),
        ({"a": None, "b": 0, "c": ""}, set(), {}, {"b": 0, "c": ""}),
        ({"a": {"x": 1, "y": 2}}, set(), {"a": {"y": 2}}, {"a": {"y": 2}}),
        ({"a": {"x": 1}}, set(), {"a": None}, None),
        ({"b": 1}, set(), {"a": {"y": 2}}, {"b": 1}),  # a part that was not there is not left over
        (None, {"a"}, {}, None),
        ("text", {"a"}, {}, "text"),
        ([1], {"a"}, {}, [1]),
    ],
)
def test_what_is_left_over(value: object, said: set[str], parts: dict[str, Any], left: object) -> None:
    assert left_over(value, said, parts) == left


@pytest.mark.parametrize(
    ("text", "hidden", "shown"),
    [
        ("key abc is wrong", ["abc"], "key *** is wrong"),
        ("abc abc", ["abc"], "*** ***"),
        ("?key=a%2Fb%20c&k=a%2Fb+c&k=a/b c", ["a/b c"], "?key=***&k=***&k=***"),
        ("secret", ["sec", "secret"], "***"),  # the longer one first, or its end would stay
        ("nothing", ["", "abc"], "nothing"),
        ("", ["abc"], ""),
    ],
)
def test_hidden_texts_are_masked(text: str, hidden: list[str], shown: str) -> None:
    assert masked(text, hidden) == shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (" out of\norder\x00 ", "out of order"),
        ("x" * 400, "x" * 300),
        (7, "7"),
        (None, ""),
        (["no"], ""),
        ("a" * 290 + "abcdefghijklmnop", "a" * 290 + "***"),  # it would have been cut in two
    ],
)
def test_a_vendor_s_words_are_short_and_clean(value: object, words: str) -> None:
    assert as_words(value, hidden=["abcdefghijklmnop"]) == words


@STEADY
@given(value=ANYTHING | st.binary(max_size=3) | st.text())
def test_no_reader_raises_or_leaves_its_bounds(value: Any) -> None:
    score, fen = as_score(value, most=5), as_fen(value)

    assert score is None or 0 <= score <= 5
    assert fen is None or 0 <= fen <= 999_999_999
    assert as_flag(value) in (None, True, False)
    assert all(price > 0 for price in as_prices({PriceKind.ORIGINAL: value}).values())
    assert all(tier.quantity > 0 and tier.price > 0 for tier in as_tiers([(value, 1), (1, value)]))
    assert isinstance(as_list(value), list)
    assert len(as_words(value)) <= 300
    json.dumps(as_words(value)).encode()
