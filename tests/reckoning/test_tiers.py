"""Prices by quantity, MOQs, and who is the cheapest from where on."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckoning.tiers import Cheapest, crossovers, lacking, total, unit_price, unit_prices
from tests.reckoning.offers import columns, exactly, offers, quantities

BAG = [(2, Decimal("10.00")), (100, Decimal("9.00")), (500, Decimal("8.20"))]


@pytest.mark.parametrize(
    ("quantity", "price"),
    [(1, "11"), (2, "10.00"), (99, "10.00"), (100, "9.00"), (499, "9.00"), (500, "8.20"), (10**8, "8.20")],
)
def test_the_highest_tier_that_is_reached_counts(quantity, price):
    assert unit_price(quantity, Decimal(11), BAG) == Decimal(price)
    assert unit_price(quantity, Decimal(11), reversed(BAG)) == Decimal(price)


def test_without_tiers_the_base_price_counts():
    assert unit_price(7, Decimal("3.50"), []) == Decimal("3.50")


def test_a_price_that_is_not_known_is_not_zero():
    assert unit_price(7, None, []) is None
    assert unit_price(1, None, BAG) is None
    assert unit_price(2, None, BAG) == Decimal("10.00")


@pytest.mark.parametrize("quantity", [0, -3])
def test_no_order_is_smaller_than_one_piece(quantity):
    with pytest.raises(ValueError, match="at least 1"):
        unit_price(quantity, Decimal(1), [])
    with pytest.raises(ValueError, match="at least 1"):
        unit_prices(quantity, *columns([])[:3])
    with pytest.raises(ValueError, match="at least 1"):
        total(quantity, Decimal(1))
    with pytest.raises(ValueError, match="at least 1"):
        lacking(quantity, Decimal(1))


@exactly
@given(st.lists(offers, min_size=1, max_size=12), quantities)
def test_arrays_and_decimals_agree(rows, quantity):
    base, starts, prices, _ = columns(rows)
    for found, (price, steps, _) in zip(unit_prices(quantity, base, starts, prices), rows, strict=True):
        one = unit_price(quantity, price, steps)
        assert np.isnan(found) if one is None else found == float(one)


def test_totals_are_exact():
    assert total(500, Decimal("8.20")) == Decimal("4100.00")
    assert total(3, np.array([8.25, np.nan])).tolist()[0] == 24.75
    assert np.isnan(total(3, np.array([np.nan])))


def test_how_much_an_order_is_short_of_the_moq():
    assert [lacking(500, Decimal(moq)) for moq in (1, 500, 501, 1200)] == [0, 0, 1, 700]
    assert lacking(500, Decimal("NaN")).is_nan()
    short = lacking(500, np.array([1.0, 1200.0, np.nan]))
    assert short[:2].tolist() == [0, 700]
    assert np.isnan(short[2])


# Who is the cheapest from where on


def plainly(rows, bound, factor=None):
    """By looking at each quantity in turn."""
    found, cheapest = [], None
    for quantity in range(1, bound + 1):
        priced = {}
        for row, (price, steps, moq) in enumerate(rows):
            unit = unit_price(quantity, price, steps)
            if unit is not None and (moq is None or moq <= quantity):
                priced[row] = float(unit) * (1 if factor is None else factor[row])
        if not priced:
            cheapest = None
            continue
        least = min(priced.values())
        if cheapest is None or priced.get(cheapest) != least:
            cheapest = min(row for row, unit in priced.items() if unit == least)
            found.append(Cheapest(quantity, cheapest, least))
    return tuple(found)


@exactly
@given(st.lists(offers, max_size=10), st.integers(1, 70))
def test_crossovers_are_what_a_walk_through_the_quantities_finds(rows, bound):
    base, starts, prices, moq = columns(rows)
    assert crossovers(base, starts, prices, moq=moq, bound=bound) == plainly(rows, bound)


@exactly
@given(st.lists(offers, max_size=10))
def test_crossovers_of_falling_prices(rows):
    def falling(price, steps, moq):
        prices = sorted(([] if price is None else [price]) + [at for _, at in steps], reverse=True)
        return (
            None if price is None else prices.pop(0),
            [(start, at) for (start, _), at in zip(steps, prices, strict=True)],
            moq,
        )

    rows = [falling(*row) for row in rows]
    base, starts, prices, moq = columns(rows)
    assert crossovers(base, starts, prices, moq=moq, bound=70) == plainly(rows, 70)


@exactly
@given(st.lists(offers, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_offers_changes_no_price(rows, random):
    base, starts, prices, moq = columns(rows)
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    first = crossovers(base, starts, prices, moq=moq, bound=70)
    second = crossovers(base[shuffled], starts[shuffled], prices[shuffled], moq=moq[shuffled], bound=70)

    def price_at(changes, quantity, offers):
        held = [change.offer for change in changes if change.quantity <= quantity]
        if not held:
            return None
        price, steps, _ = offers[held[-1]]
        return unit_price(quantity, price, steps)

    for quantity in range(1, 71):
        assert price_at(first, quantity, rows) == price_at(second, quantity, [rows[row] for row in shuffled])


def test_another_offer_becomes_the_cheapest():
    base, starts, prices, moq = columns(
        [
            (Decimal(10), [(100, Decimal(9)), (500, Decimal("8.50"))], 1),
            (Decimal(8), [], 200),
            (None, [(1000, Decimal(7))], 1000),
        ]
    )
    assert crossovers(base, starts, prices, moq=moq) == (
        Cheapest(1, 0, 10.0),
        Cheapest(200, 1, 8.0),
        Cheapest(1000, 2, 7.0),
    )
    assert len(crossovers(base, starts, prices, moq=moq, bound=999)) == 2
    assert crossovers(base, starts, prices)[0] == Cheapest(1, 1, 8.0)


def test_prices_in_several_currencies_are_compared_in_one():
    base, starts, prices, _ = columns([(Decimal(10), [(50, Decimal(8))], None), (Decimal(2), [], None)])
    assert crossovers(base, starts, prices, factor=np.array([1.0, 7.0])) == (Cheapest(1, 0, 10.0),)
    assert crossovers(base, starts, prices, factor=np.array([1.0, np.nan])) == (Cheapest(1, 0, 10.0),)
    with_freight = crossovers(base, starts, prices, factor=np.array([1.0, 4.5]), addend=np.array([0.5, 0.0]))
    assert with_freight == (Cheapest(1, 1, 9.0), Cheapest(50, 0, 8.5))


def test_nothing_to_compare():
    assert crossovers(*columns([])[:3]) == ()
    assert crossovers(*columns([(None, [], None)])[:3]) == ()


def test_a_hundred_thousand_offers_of_one_price():
    """Ties are the worst case of a sweep."""
    offers = 100_000
    starts = np.full((offers, 1), 50.0)
    prices = np.ones((offers, 1)) + 1
    moq = np.arange(offers, dtype=float) % 5000 + 1
    assert crossovers(np.ones(offers), starts, prices, moq=moq)[0] == Cheapest(1, 0, 1.0)
