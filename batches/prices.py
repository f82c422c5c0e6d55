"""What an offer costs at a quantity: by its tiers, and not less than its smallest order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

# As `OfferFields.tiers` keeps them: [[quantity from, price as text], …], ascending.
Tiers: TypeAlias = Sequence[Sequence[int | str]]


@dataclass(frozen=True, slots=True)
class Cost:
    """An order of one product. `pieces` are as many as were asked for, or the smallest order when that is more."""

    unit: Decimal
    currency: str
    pieces: int
    raised: bool

    @property
    def total(self) -> Decimal:
        return self.unit * self.pieces


def unit_price(price: Decimal | None, tiers: Tiers, pieces: int) -> Decimal | None:
    """The price of a piece when so many are ordered; None when it is not given, which is not nothing.

    Below the first tier the offer's own price counts.
    """
    found = price
    for quantity, tier_price in tiers:
        if int(quantity) > pieces:
            break
        found = Decimal(tier_price)
    return found


def cost_of(price: Decimal | None, currency: str, tiers: Tiers, moq: int | None, quantity: int) -> Cost | None:
    """What `quantity` pieces cost there: at least the smallest order is paid. None without a price."""
    pieces = max(quantity, moq or 1)
    if price is None and tiers:
        # An offer that only has tiers is sold from the first of them on.
        pieces = max(pieces, int(tiers[0][0]))
    unit = unit_price(price, tiers, pieces)
    return None if unit is None else Cost(unit, currency, pieces, raised=pieces > quantity)
