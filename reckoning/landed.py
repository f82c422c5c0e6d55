"""Landed cost: what a piece costs by the time it lies in the buyer's store, in one currency, with every part of it.

    goods       price at the quantity × rate × quantity
    freight     by the piece, by the kilogram, or flat for the order
    inspection  flat for the order
    other       by the piece, or flat for the order
    agent fee   a percentage of the goods
    duty        a percentage of what customs value (`DutyBase`)

Parts are reckoned for the whole order, where flat costs are what they are, and divided by the quantity for a piece.
Nothing is rounded here. What is not known is told as `Missing` and makes every sum it belongs to unknown.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntFlag, StrEnum
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from reckoning.figures import Condition, Figure, decimal_of, is_known, like, where
from reckoning.tiers import checked

HUNDRED = Decimal(100)


class FreightKind(StrEnum):
    NONE = "none"
    PIECE = "piece"
    KILOGRAM = "kilogram"
    ORDER = "order"


class OtherKind(StrEnum):
    PIECE = "piece"
    ORDER = "order"


class DutyBase(StrEnum):
    """What customs take their percentage of.

    The WTO's Customs Valuation Agreement starts from the price paid (article 1) and leaves each member to include the
    cost of transport, loading and insurance or not (article 8.2): the European Union, China and most others do (CIF),
    the United States, Canada and Australia do not (FOB). Commissions that a buyer pays their own agent do not belong
    to it (article 8.1(a)(i)), and neither does an inspection that they order for themselves (note to article 1).
    """

    CIF = "cif"  # goods + freight + other costs
    FOB = "fob"  # goods


class Missing(IntFlag):
    """Why a landed cost is unknown."""

    PRICE = 1  # no price at this quantity
    RATE = 2  # none from the offer's currency
    WEIGHT = 4  # freight by the kilogram, and no weight
    COST_RATE = 8  # none from the currency of one of the costs


@dataclass(frozen=True, slots=True)
class Costs:
    """What is added to the goods. Amounts are in the target currency, `UNKNOWN` where there was no rate for one; weight
    in kilograms a piece, for offers that do not tell theirs; percentages as people write them: 6.5 for 6.5 %."""

    freight_kind: FreightKind = FreightKind.NONE
    freight: Decimal = Decimal(0)
    weight: Decimal | None = None
    inspection: Decimal = Decimal(0)
    other_kind: OtherKind = OtherKind.ORDER
    other: Decimal = Decimal(0)
    agent_percent: Decimal = Decimal(0)
    duty_percent: Decimal = Decimal(0)
    duty_base: DutyBase = DutyBase.CIF


@dataclass(frozen=True, slots=True)
class Parts(Generic[Figure]):
    """In the target currency; for an order or for a piece. `total` is their sum."""

    goods: Figure
    freight: Figure
    inspection: Figure
    other: Figure
    agent_fee: Figure
    duty: Figure
    total: Figure


@dataclass(frozen=True, slots=True)
class Landed(Generic[Figure]):
    """`missing`: a `Missing`, or one for each offer as uint8; 0 where nothing is. `weight_assumed`: the freight was
    reckoned with the weight of the `Costs`, since the offer told none."""

    quantity: int
    order: Parts[Figure]
    piece: Parts[Figure]
    missing: "Missing | NDArray[np.uint8]"
    weight_assumed: Condition


def landed_cost(
    *, quantity: int, price: Decimal | None, rate: Decimal | None, weight: Decimal | None = None, costs: Costs
) -> Landed[Decimal]:
    """Of one offer, exactly: `price` a piece at this quantity, `rate` from its currency, `weight` in kg a piece.

    None is unknown; in the result unknown is NaN, and `missing` says why. Raises ValueError for a quantity below 1.
    """
    return landed(quantity, decimal_of(price), decimal_of(rate), decimal_of(weight), costs)


def landed(quantity: int, price: Figure, rate: Figure, weight: Figure, costs: Costs) -> Landed[Figure]:
    """Of Decimals, or of arrays of shape (offers,), NaN where unknown. Raises ValueError for a quantity below 1."""
    pieces = like(price, Decimal(checked(quantity)))
    told = is_known(weight)
    weight = where(told, weight, like(weight, decimal_of(costs.weight)))
    order = _order(price * rate * pieces, pieces, weight, costs)
    needs_weight = costs.freight_kind is FreightKind.KILOGRAM
    return Landed(
        quantity=quantity,
        order=order,
        piece=_for_a_piece(order, pieces),
        missing=_missing(
            (is_known(price), Missing.PRICE),
            (is_known(rate), Missing.RATE),
            (is_known(weight) if needs_weight else True, Missing.WEIGHT),
            (not any(amount.is_nan() for amount in _amounts(costs)), Missing.COST_RATE),
        ),
        weight_assumed=needs_weight and costs.weight is not None and told ^ True,
    )


def terms_of_price(rate: Figure, weight: Figure, costs: Costs) -> tuple[Figure, Figure]:
    """A factor and an addend for each offer: price × factor + addend orders offers as their landed costs do, at any
    quantity. What is flat for the order is the same for all and left out. For `tiers.crossovers`."""
    by_piece = replace(
        costs,
        inspection=Decimal(0),
        freight_kind=FreightKind.NONE if costs.freight_kind is FreightKind.ORDER else costs.freight_kind,
        other=Decimal(0) if costs.other_kind is OtherKind.ORDER else costs.other,
    )
    of_goods = replace(by_piece, freight_kind=FreightKind.NONE, other=Decimal(0))
    factor = landed(1, like(rate, Decimal(1)), rate, weight, of_goods).piece.total
    return factor, landed(1, like(rate, Decimal(0)), rate, weight, by_piece).piece.total


def _order(goods: Figure, pieces: Figure, weight: Figure, costs: Costs) -> Parts[Figure]:
    freight = _freight(pieces, weight, costs)
    inspection = like(goods, costs.inspection)
    other = like(goods, costs.other)
    if costs.other_kind is OtherKind.PIECE:
        other = other * pieces
    agent_fee = goods * like(goods, costs.agent_percent / HUNDRED)
    dutiable = goods if costs.duty_base is DutyBase.FOB else goods + freight + other
    duty = dutiable * like(goods, costs.duty_percent / HUNDRED)
    total = goods + freight + inspection + other + agent_fee + duty
    return Parts(goods, freight, inspection, other, agent_fee, duty, total)


def _freight(pieces: Figure, weight: Figure, costs: Costs) -> Figure:
    amount = like(pieces, costs.freight)
    match costs.freight_kind:
        case FreightKind.NONE:
            return like(pieces, Decimal(0))
        case FreightKind.PIECE:
            return amount * pieces
        case FreightKind.KILOGRAM:
            return amount * weight * pieces
        case FreightKind.ORDER:
            return amount


def _amounts(costs: Costs) -> tuple[Decimal, ...]:
    """Those that count."""
    freight = () if costs.freight_kind is FreightKind.NONE else (costs.freight,)
    return (*freight, costs.inspection, costs.other)


def _for_a_piece(order: Parts[Figure], pieces: Figure) -> Parts[Figure]:
    return Parts(
        order.goods / pieces,
        order.freight / pieces,
        order.inspection / pieces,
        order.other / pieces,
        order.agent_fee / pieces,
        order.duty / pieces,
        order.total / pieces,
    )


def _missing(*asked: tuple[Condition, Missing]) -> "Missing | NDArray[np.uint8]":
    """The reasons whose condition fails."""
    always = Missing(0)
    by_offer: list[NDArray[np.uint8]] = []
    for known, reason in asked:
        if not isinstance(known, bool):
            by_offer.append(np.where(known, 0, reason).astype(np.uint8))
        elif not known:
            always |= reason
    return np.bitwise_or.reduce(by_offer).astype(np.uint8) | np.uint8(always) if by_offer else always
