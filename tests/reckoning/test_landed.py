"""Landed cost: exact for one offer, the same for many, and unknown where anything of it is."""

from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckoning.figures import UNKNOWN
from reckoning.landed import (
    Costs,
    DutyBase,
    FreightKind,
    Missing,
    OtherKind,
    Parts,
    landed,
    landed_cost,
    terms_of_price,
)
from reckoning.tiers import crossovers, unit_prices
from tests.reckoning.offers import columns, exactly, money, offers, percents, quantities, rates, weights

PARTS = [field.name for field in fields(Parts)]
costs_strategy = st.builds(
    Costs,
    freight_kind=st.sampled_from(FreightKind),
    freight=money,
    weight=st.none() | weights,
    inspection=money,
    other_kind=st.sampled_from(OtherKind),
    other=money,
    agent_percent=percents,
    duty_percent=percents,
    duty_base=st.sampled_from(DutyBase),
)
BY_WEIGHT = Costs(
    freight_kind=FreightKind.KILOGRAM,
    freight=Decimal("6.00"),
    weight=Decimal("0.35"),
    inspection=Decimal(280),
    other=Decimal(70),
    agent_percent=Decimal(3),
    duty_percent=Decimal("6.5"),
)


def float_of(number):
    return float("nan") if number is None else float(number)


def test_each_part_of_a_bag_by_weight():
    found = landed_cost(quantity=500, price=Decimal(10), rate=Decimal("0.14"), costs=BY_WEIGHT)
    assert found.order == Parts(
        goods=Decimal("700.00"),
        freight=Decimal("1050.00"),
        inspection=Decimal(280),
        other=Decimal(70),
        agent_fee=Decimal("21.00"),
        duty=Decimal("118.30"),  # 6.5 % of 700 + 1,050 + 70
        total=Decimal("2239.30"),
    )
    assert found.piece.total == Decimal("4.4786")
    assert (found.missing, found.weight_assumed) == (Missing(0), True)


def test_an_offer_that_tells_its_weight():
    found = landed_cost(quantity=500, price=Decimal(10), rate=Decimal("0.14"), weight=Decimal("0.5"), costs=BY_WEIGHT)
    assert found.order.freight == Decimal("1500.00")
    assert found.weight_assumed is False


@pytest.mark.parametrize(
    ("kind", "freight"),
    [(FreightKind.NONE, 0), (FreightKind.PIECE, 3000), (FreightKind.KILOGRAM, 1050), (FreightKind.ORDER, 6)],
)
def test_freight_by_the_piece_by_weight_or_flat(kind, freight):
    found = landed_cost(quantity=500, price=Decimal(10), rate=Decimal(1), costs=replace(BY_WEIGHT, freight_kind=kind))
    assert found.order.freight == freight
    assert found.weight_assumed is (kind is FreightKind.KILOGRAM)


def test_other_costs_by_the_piece_or_flat():
    flat, by_piece = (
        landed_cost(quantity=500, price=Decimal(1), rate=Decimal(1), costs=Costs(other=Decimal(2), other_kind=kind))
        for kind in (OtherKind.ORDER, OtherKind.PIECE)
    )
    assert (flat.order.other, by_piece.order.other) == (2, 1000)


def test_duty_on_the_goods_alone_where_customs_value_them_free_on_board():
    found = landed_cost(
        quantity=500, price=Decimal(10), rate=Decimal("0.14"), costs=replace(BY_WEIGHT, duty_base=DutyBase.FOB)
    )
    assert found.order.duty == Decimal("45.50")


@pytest.mark.parametrize(
    ("price", "rate", "weight", "freight", "missing"),
    [
        (None, Decimal(1), Decimal(1), Decimal(1), Missing.PRICE),
        (Decimal(1), None, Decimal(1), Decimal(1), Missing.RATE),
        (Decimal(1), Decimal(1), None, Decimal(1), Missing.WEIGHT),
        (Decimal(1), Decimal(1), Decimal(1), UNKNOWN, Missing.COST_RATE),
        (None, None, None, UNKNOWN, Missing.PRICE | Missing.RATE | Missing.WEIGHT | Missing.COST_RATE),
    ],
)
def test_what_is_missing_is_told_and_never_zero(price, rate, weight, freight, missing):
    costs = Costs(freight_kind=FreightKind.KILOGRAM, freight=freight)
    one = landed_cost(quantity=5, price=price, rate=rate, weight=weight, costs=costs)
    assert one.missing == missing
    assert one.order.total.is_nan()
    assert one.piece.total.is_nan()
    assert one.order.inspection == 0
    many = landed(5, *(np.array([float_of(number), 1.0]) for number in (price, rate, weight)), costs)
    assert many.missing.tolist() == [missing, missing & Missing.COST_RATE]
    assert np.isnan(many.piece.total[0])


def test_a_weight_is_missed_only_where_freight_goes_by_weight():
    found = landed_cost(
        quantity=5, price=Decimal(1), rate=Decimal(1), costs=Costs(freight_kind=FreightKind.PIECE, freight=Decimal(1))
    )
    assert (found.missing, found.order.total) == (Missing(0), Decimal(10))


def test_a_rate_is_missed_only_for_what_is_paid():
    costs = Costs(freight_kind=FreightKind.NONE, freight=UNKNOWN)
    assert landed_cost(quantity=5, price=Decimal(1), rate=Decimal(1), costs=costs).missing == Missing(0)


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_order_is_smaller_than_one_piece(quantity):
    with pytest.raises(ValueError, match="at least 1"):
        landed_cost(quantity=quantity, price=Decimal(1), rate=Decimal(1), costs=Costs())


@exactly
@given(quantities, st.lists(st.tuples(*[st.none() | of for of in (money, rates, weights)]), max_size=6), costs_strategy)
def test_arrays_and_decimals_agree(quantity, rows, costs):
    arrays = [np.array([float_of(row[place]) for row in rows]) for place in range(3)]
    many = landed(quantity, *arrays, costs)
    for place, (price, rate, weight) in enumerate(rows):
        one = landed_cost(quantity=quantity, price=price, rate=rate, weight=weight, costs=costs)
        for name in PARTS:
            for of_one, of_many in ((one.order, many.order), (one.piece, many.piece)):
                exact, found = getattr(of_one, name), getattr(of_many, name)
                assert found.shape == (len(rows),)
                assert np.isnan(found[place]) if exact.is_nan() else found[place] == pytest.approx(float(exact))
        assert many.missing[place] == one.missing
        assert np.broadcast_to(many.weight_assumed, len(rows))[place] == one.weight_assumed


@exactly
@given(quantities, money, rates, weights, costs_strategy)
def test_the_parts_make_the_total(quantity, price, rate, weight, costs):
    found = landed_cost(quantity=quantity, price=price, rate=rate, weight=weight, costs=costs)
    assert sum(getattr(found.order, name) for name in PARTS[:-1]) == found.order.total
    assert all(getattr(found.order, name) >= 0 for name in PARTS)


@exactly
@given(quantities, money, rates, weights, costs_strategy, st.sampled_from(["price", "rate", "weight", *PARTS[1:-1]]))
def test_whatever_rises_makes_no_order_cheaper(quantity, price, rate, weight, costs, rising):
    inputs = {"price": price, "rate": rate, "weight": weight}
    before = landed_cost(quantity=quantity, **inputs, costs=costs)
    grown = {"agent_fee": "agent_percent", "duty": "duty_percent"}.get(rising, rising)
    if rising in inputs:
        inputs[rising] *= 2
    else:
        costs = replace(costs, **{grown: getattr(costs, grown) + 1})
    assert landed_cost(quantity=quantity, **inputs, costs=costs).order.total >= before.order.total


@exactly
@given(quantities, money, rates, weights, costs_strategy)
def test_a_larger_order_makes_no_piece_dearer(quantity, price, rate, weight, costs):
    smaller, larger = (
        landed_cost(quantity=pieces, price=price, rate=rate, weight=weight, costs=costs).piece.total
        for pieces in (quantity, quantity * 2)
    )
    assert larger <= smaller + Decimal("1e-18")


@exactly
@given(
    st.lists(st.tuples(offers, rates, st.none() | weights), min_size=1, max_size=6), costs_strategy, st.integers(1, 70)
)
def test_the_cheapest_landed_is_told_from_the_prices(rows, costs, quantity):
    base, starts, prices, moq = columns([offer for offer, _, _ in rows])
    rate = np.array([float(rate) for _, rate, _ in rows])
    weight = np.array([float_of(weight) for _, _, weight in rows])
    factor, addend = terms_of_price(rate, weight, costs)
    changes = crossovers(base, starts, prices, moq=moq, factor=factor, addend=addend, bound=70)
    costs_a_piece = landed(quantity, unit_prices(quantity, base, starts, prices), rate, weight, costs).piece.total
    costs_a_piece[moq > quantity] = np.nan
    if np.isnan(costs_a_piece).all():
        return
    told = [change.offer for change in changes if change.quantity <= quantity][-1]
    assert costs_a_piece[told] == pytest.approx(np.nanmin(costs_a_piece))
