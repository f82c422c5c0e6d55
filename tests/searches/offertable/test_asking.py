"""Filters, counts, orders and folds of the table."""

import math

import numpy as np
import pytest

from searches.offertable import (
    KEYS,
    MASKS,
    Tally,
    count_codes,
    equal_offers,
    fold,
    mask_of,
    ordered,
    tie_by_price,
    unknown_apart,
)
from tests.searches.offertable.rows import table


@pytest.fixture
def mugs():
    return table(
        {"title": "Red MUG", "price": 8, "moq": 1, "supplier_name": "Yiwu A", "supplier_location": "浙江", "traits": 1},
        {"title": "blue mug", "price": 12, "moq": None, "supplier_name": "Yiwu B", "traits": 3, "advertised": True},
        {"title": "vase 花瓶\nodd", "price": None, "moq": 10, "supplier_name": "", "supplier_id": ""},
        {"title": "", "price": 12, "moq": 10, "supplier_name": "Baigou", "supplier_location": "河北", "traits": 4},
    )


@pytest.mark.parametrize(
    ("name", "value", "rows"),
    [
        ("price_from", 12, [1, 3]),
        ("price_to", 12, [0, 1, 3]),
        ("price_from", 12.0001, []),
        ("moq_to", 9, [0]),
        ("title_any", ["mug", "花瓶"], [0, 1, 2]),
        ("title_any", ["Mug"], [0, 1]),
        ("title_all", ["mug", "red"], [0]),
        ("title_all", ["mug blue"], []),
        ("title_none", ["mug"], [2, 3]),
        ("title_any", ["."], []),
        ("title_any", [], [0, 1, 2, 3]),
        ("supplier", "yiwu", [0, 1]),
        ("place", ["浙江", "火星"], [0]),
        ("marketplace", ["md5"], [0, 1, 2, 3]),
        ("marketplace", ["open"], []),
        ("traits", 2 | 4, [1, 3]),
    ],
)
def test_each_filter_lets_through_what_it_says(name, value, rows, mugs) -> None:
    assert np.flatnonzero(MASKS[name](mugs, value)).tolist() == rows


def test_a_count_leaves_out_its_own_filter_and_keeps_the_others(mugs) -> None:
    tally = Tally(mugs, {name: MASKS[name](mugs, value) for name, value in (("price_from", 12), ("moq_to", 10))})
    assert np.flatnonzero(tally.passing()).tolist() == [3]
    assert np.flatnonzero(tally.passing("price_from")).tolist() == [0, 2, 3]
    assert np.flatnonzero(tally.passing("moq_to", "unheard")).tolist() == [1, 3]
    assert tally.passing("price_from", "moq_to").all()
    assert tally.count(MASKS["price_to"](mugs, 8), "price_from") == 1
    assert tally.count(MASKS["price_to"](mugs, 8)) == 0


def test_codes_are_counted_without_the_unknown(mugs) -> None:
    assert count_codes(mugs.place, mask_of(mugs, [0, 1, 2]), len(mugs.places)).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("key", "falling", "rows"),
    [
        ("price", False, [0, 1, 3, 2]),
        ("price", True, [1, 3, 0, 2]),
        ("moq", False, [0, 2, 3, 1]),
        ("moq", True, [2, 3, 0, 1]),
        ("title", False, [1, 0, 2, 3]),
        ("title", True, [2, 0, 1, 3]),
        ("supplier", False, [3, 0, 1, 2]),
        ("supplier", True, [1, 0, 3, 2]),
        ("rank", True, [3, 2, 1, 0]),
        ("credit", True, [0, 1, 2, 3]),
    ],
)
def test_the_unknown_comes_last_and_equals_stay_as_they_are_ranked(key, falling, rows, mugs) -> None:
    assert ordered(np.arange(4), [(KEYS[key](mugs), falling)]).tolist() == rows


def test_several_columns_sort_one_after_the_other(mugs) -> None:
    price, moq = KEYS["price"](mugs), KEYS["moq"](mugs)
    assert ordered(np.arange(4), [(price, True), (moq, False)]).tolist() == [3, 1, 0, 2]
    assert ordered(np.array([1, 3]), [(price, True), (moq, False)]).tolist() == [3, 1]
    assert ordered(np.arange(4), []).tolist() == [0, 1, 2, 3]


def test_offers_without_a_similarity_stay_as_they_are_ranked() -> None:
    offers = table(
        {"similarity": None, "price": 9, "rank": 1},
        {"similarity": 0.5, "price": 9, "rank": 2},
        {"similarity": None, "price": 1, "rank": 3},
        {"similarity": 0.5, "price": 1, "rank": 4},
    )
    assert ordered(np.arange(4), [(offers.similarity, True), (tie_by_price(offers), False)]).tolist() == [3, 1, 0, 2]


def test_a_group_is_folded_into_its_first_row() -> None:
    offers = table(*({"supplier_id": name, "supplier_name": name} for name in ("a", "b", "a", "", "", "b", "a")))
    folded = fold(np.array([6, 5, 4, 3, 2, 1, 0]), unknown_apart(offers.supplier))
    assert folded.rows.tolist() == [6, 5, 4, 3]
    assert folded.sizes.tolist() == [3, 2, 1, 1]
    some = fold(np.array([1, 0]), unknown_apart(offers.supplier))
    assert (some.rows.tolist(), some.sizes.tolist()) == ([1, 0], [1, 1])
    assert fold(np.array([], dtype=np.intp), unknown_apart(offers.supplier)).rows.tolist() == []


def test_equal_are_offers_of_one_id_at_a_site_and_of_one_supplier_with_one_picture() -> None:
    picture = {"image_url": "https://example.com/same.jpg"}
    offers = table(
        {"marketplace": "md5", "offer_id": "1"},
        {"marketplace": "open", "offer_id": "1", "supplier_id": "s", **picture},
        {"supplier_id": "s", **picture},
        {"supplier_id": "t", **picture},
        {"marketplace": "elsewhere", "offer_id": "1"},
        {"supplier_id": "", "supplier_name": "", **picture},
        {"supplier_id": "", "supplier_name": "", **picture},
        {"supplier_id": "s", "image_url": ""},
        {"supplier_id": "s", "image_url": ""},
    )
    labels = equal_offers(offers).tolist()
    # The second is equal to the first by its id, and to the third by its picture: so all three are.
    assert labels == [0, 0, 0, 3, 4, 5, 6, 7, 8]


def test_nothing_is_equal_in_an_empty_table() -> None:
    assert equal_offers(table()).tolist() == []


def test_words_are_found_at_both_ends_and_not_across_two_texts() -> None:
    texts = table({"title": "ab"}, {"title": "cd"}, {"title": "İstanbul STRASSE ß"}).titles
    assert texts.containing("ab").tolist() == [True, False, False]
    assert texts.containing("d").tolist() == [False, True, False]
    assert texts.containing("bc").tolist() == [False, False, False]
    assert texts.containing("straße").tolist() == [False, False, True]
    assert texts.containing("SS").tolist() == [False, False, True]


def test_an_order_of_nothing_but_the_unknown_is_the_rank() -> None:
    offers = table({}, {}, {})
    assert all(math.isnan(price) for price in offers.price)
    assert ordered(np.arange(3), [(offers.price, True)]).tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_any_keys_sort_as_sorting_does(seed) -> None:
    dice = np.random.default_rng(seed)
    number = int(dice.integers(2, 60))
    choices = np.array([np.nan, 0.0, -0.0, -1.5, 2.0, 1e300, -1e300, 5e-324, np.inf, -np.inf, 7.0])
    keys = [(dice.choice(choices, number), bool(dice.integers(2))) for _key in range(int(dice.integers(1, 6)))]
    rows = dice.permutation(number)[: int(dice.integers(2, number + 1))]

    def key(row: int) -> list[tuple[bool, float]]:
        return [
            (True, 0.0) if math.isnan(values[row]) else (False, -values[row] if falling else values[row])
            for values, falling in keys
        ]

    assert ordered(rows, keys).tolist() == sorted(rows.tolist(), key=key)


def test_very_many_keys_of_very_many_values_do_not_overflow() -> None:
    rows = np.arange(3000)
    keys = [(np.random.default_rng(number).random(3000), False) for number in range(9)]
    tied = [(np.zeros(3000), True), *keys[1:], (keys[0][0], True)]
    assert ordered(rows, tied).tolist() == np.argsort(keys[1][0]).tolist()
