"""The table: built from rows of a database, whatever they lack, and asked where an offer is."""

from decimal import Decimal

import numpy as np
import pytest

from searches.offertable import UNKNOWN, build
from tests.searches.offertable.rows import row, table


def test_what_is_unknown_is_nan_or_has_no_code() -> None:
    made = table({"supplier_id": "", "supplier_name": "", "image_url": "", "title": ""})
    for column in (made.price, made.moq, made.similarity, made.credit, made.years, made.sold, made.ships):
        assert np.isnan(column).tolist() == [True]
    assert [made.name[0], made.supplier[0], made.picture[0], made.place[0]] == [UNKNOWN] * 4
    assert not made.advertised[0]
    assert made.titles.places.tolist() == [-1]


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_rows_that_come_in_parts_make_the_same_table(at_once) -> None:
    rows = [
        {"supplier_location": place, "price": price, "tiers": tiers}
        for place, price, tiers in (
            ("浙江 金华", 9.9, '[[1, "9.90"], [100, "8.00"]]'),
            ("广东 广州", None, "[]"),
            ("", 3, '[[50, "2.5"]]'),
            ("浙江 金华", 1, "[]"),
            ("安徽 合肥", 0.0001, "[]"),
        )
    ]
    made = table(*rows, at_once=at_once)
    assert made.places == tuple(sorted({"浙江 金华", "广东 广州", "安徽 合肥"}))
    assert [made.places[code] if code >= 0 else "" for code in made.place] == [one["supplier_location"] for one in rows]
    assert made.tier_from[:, 0].tolist()[0::2] == [1, 50, pytest.approx(np.nan, nan_ok=True)]
    assert made.tier_price[0].tolist() == [9.9, 8.0]
    assert np.isnan(made.tier_price[2, 1])


def test_without_rows_it_is_a_table_all_the_same() -> None:
    made = build([], str)
    assert len(made) == 0
    assert made.rows_of([1]).tolist() == []
    assert made.rows_of_offers([("md5", "1")]).tolist() == []
    assert made.titles.containing("x").tolist() == []
    assert made.nbytes == 0 or made.nbytes < 1000


def test_prices_keep_their_four_decimals() -> None:
    prices = ["0.0001", "9.9", "23.5000", "9999999999.9999", "1234567.8901"]
    made = table(*({"price": float(Decimal(price))} for price in prices))
    assert [Decimal(f"{price:.4f}") for price in made.price] == [Decimal(price) for price in prices]


def test_tiers_are_ascending_whatever_a_marketplace_says() -> None:
    made = table({"tiers": [[100, "8"], [1, "10"], [10, "9"]]}, {"tiers": []})
    assert made.tier_from[0].tolist() == [1, 10, 100]
    assert made.tier_price[0].tolist() == [10, 9, 8]
    assert np.isnan(made.tier_from[1]).all()


def test_the_same_id_at_another_site_is_another_supplier_and_another_offer() -> None:
    same = {"supplier_id": "b2b-1", "offer_id": "1"}
    made = table({**same, "marketplace": "md5"}, {**same, "marketplace": "open"}, {**same, "marketplace": "elsewhere"})
    for codes in (made.supplier, made.offer):
        assert codes[0] == codes[1] != codes[2]


def test_rows_are_found_by_their_ids() -> None:
    made = build([[row(number, id=pk, rank=number) for number, pk in enumerate((30, 10, 20), 1)]], lambda key: key)
    assert made.rows_of([20, 11, 30, 0, -1, 2**70]).tolist() == [2, 0]


def test_offers_are_found_by_marketplace_and_id() -> None:
    made = table(
        {"marketplace": "md5", "offer_id": "12"},
        {"marketplace": "open", "offer_id": "12"},
        {"marketplace": "md5", "offer_id": "123"},
        {"marketplace": "md5", "offer_id": "货号 7"},
    )
    asked = [("md5", "12"), ("md5", "货号 7"), ("md5", "1"), ("md5", "123456789012345"), ("unheard", "12")]
    assert sorted(made.rows_of_offers(asked).tolist()) == [0, 3]


def test_a_table_knows_about_what_it_takes() -> None:
    small, large = (table(*({"title": "水壶" * 20},) * number) for number in (10, 1000))
    assert 100 * 200 < large.nbytes < 1000 * 1000
    assert large.nbytes > 20 * small.nbytes
