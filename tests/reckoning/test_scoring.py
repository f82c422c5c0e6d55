"""A supplier's score: what counts how much, and what silence does to it."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckoning.scoring import Criterion, Facts, Weights, cheapest_of, score_of, scores
from tests.reckoning.offers import exactly, money

SHARES = st.decimals("0", "1", places=3)
FACTS = {
    "price": money,
    "similarity": SHARES,
    "credit": st.integers(0, 5),
    "years": st.integers(0, 30),
    "repurchase": SHARES,
    "delivery": st.integers(1, 720),
}
EVEN = Weights(1, 1, 1, 1, 1, 1)
facts = st.fixed_dictionaries({name: st.none() | of for name, of in FACTS.items()})
weights_strategy = st.tuples(*[st.integers(0, 10)] * 6).filter(any).map(lambda six: Weights(*six))


def arrays(rows):
    return Facts(
        *(np.array([float("nan") if row[name] is None else float(row[name]) for row in rows]) for name in FACTS)
    )


def cheapest(rows):
    return min((row["price"] for row in rows if row["price"] is not None), default=None)


def test_the_best_of_everything_is_a_hundred():
    best = {"price": Decimal(8), "similarity": Decimal(1), "credit": 5, "years": 10, "repurchase": Decimal("0.5")}
    found = score_of(**best, delivery=24, cheapest=Decimal(8), weights=Weights())
    assert (found.total, found.known) == (100, 1)


def test_each_criterion_is_between_nothing_and_full():
    found = score_of(
        price=Decimal(10),
        similarity=Decimal("0.9"),
        credit=4,
        years=3,
        repurchase=Decimal("0.2"),
        delivery=48,
        cheapest=Decimal(8),
        weights=EVEN,
    )
    assert {criterion.value: str(part.normalize()) for criterion, part in found.parts.items()} == {
        "price": "0.8",
        "similarity": "0.9",
        "credit": "0.8",
        "years": "0.3",
        "repurchase": "0.4",
        "delivery": "0.5",
    }
    assert round(found.total, 4) == Decimal("61.6667")


def test_what_is_not_told_is_left_out():
    found = score_of(price=Decimal(10), cheapest=Decimal(8), credit=5, weights=Weights(3, 4, 1, 0, 0, 0))
    assert found.total == Decimal(100) * (3 * Decimal("0.8") + 1) / 4
    assert found.known == Decimal("0.5")
    assert found.parts[Criterion.SIMILARITY].is_nan()


def test_nothing_told_is_no_score_at_all():
    found = score_of(cheapest=None, weights=EVEN)
    assert found.total.is_nan()
    assert found.known == 0
    found = score_of(credit=5, cheapest=None, weights=Weights(1, 0, 0, 0, 0, 0))
    assert found.total.is_nan()


def test_of_which_less_than_half_is_known_has_no_score():
    weights = Weights(3, 4, 1, 0, 0, 0)
    assert score_of(price=Decimal(8), cheapest=Decimal(8), credit=5, weights=weights).total == 100
    little = score_of(price=Decimal(8), cheapest=Decimal(8), weights=weights)
    assert little.total.is_nan()
    assert little.known == Decimal("0.375")
    assert little.parts[Criterion.PRICE] == 1


@pytest.mark.parametrize("price", [Decimal(0), Decimal(-1), None])
def test_a_price_of_nothing_is_none(price):
    found = score_of(price=price, cheapest=Decimal(1), credit=5, weights=Weights(1, 0, 1, 0, 0, 0))
    assert found.parts[Criterion.PRICE].is_nan()
    assert found.total == 100


def test_more_than_full_is_full():
    found = score_of(
        price=Decimal(1), cheapest=Decimal(2), years=40, repurchase=Decimal(1), delivery=1, credit=9, weights=EVEN
    )
    assert found.total == 100


def test_the_cheapest_is_a_price_that_is_one():
    assert cheapest_of(np.array([np.nan, 0.0, 3.0, 2.0])) == 2.0
    assert np.isnan(cheapest_of(np.array([np.nan, 0.0])))
    assert np.isnan(cheapest_of(np.array([])))


@pytest.mark.parametrize("six", [(0, 0, 0, 0, 0, 0), (11, 0, 0, 0, 0, 0), (-1, 5, 0, 0, 0, 0)])
def test_weights_that_are_none(six):
    with pytest.raises(ValueError, match="from 0 to 10"):
        Weights(*six)


@exactly
@given(st.lists(facts, max_size=8), weights_strategy)
def test_arrays_and_decimals_agree(rows, weights):
    many = scores(arrays(rows), weights)
    for place, row in enumerate(rows):
        one = score_of(**row, cheapest=cheapest(rows), weights=weights)
        assert (
            np.isnan(many.total[place]) if one.total.is_nan() else many.total[place] == pytest.approx(float(one.total))
        )
        assert many.known[place] == pytest.approx(float(one.known))
        for criterion, part in one.parts.items():
            found = many.parts[criterion][place]
            assert np.isnan(found) if part.is_nan() else found == pytest.approx(float(part))


@exactly
@given(facts, weights_strategy)
def test_a_score_is_between_0_and_100(row, weights):
    found = score_of(**row, cheapest=Decimal(1), weights=weights)
    assert found.total.is_nan() or 0 <= found.total <= Decimal("100.0000001")
    assert 0 <= found.known <= 1
    assert found.total.is_nan() == (found.known < Decimal("0.5"))


@exactly
@given(st.lists(facts, min_size=1, max_size=8), weights_strategy, st.randoms(use_true_random=False))
def test_the_order_of_the_offers_changes_nothing(rows, weights, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    straight, shuffled = scores(arrays(rows), weights), scores(arrays([rows[row] for row in order]), weights)
    np.testing.assert_array_equal(straight.total[order], shuffled.total)


@exactly
@given(st.fixed_dictionaries(FACTS), weights_strategy, st.sampled_from(["similarity", "credit", "years", "repurchase"]))
def test_better_is_never_worse(row, weights, better):
    before = score_of(**row, cheapest=Decimal("0.01"), weights=weights)
    assert score_of(**{**row, better: row[better] * 2}, cheapest=Decimal("0.01"), weights=weights).total >= before.total
    for name in ("price", "delivery"):
        worse = score_of(**{**row, name: row[name] * 2}, cheapest=Decimal("0.01"), weights=weights)
        assert worse.total <= before.total
