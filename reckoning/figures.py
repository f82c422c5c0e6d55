"""Numbers that one formula serves twice: a Decimal for a figure that is shown, a float64 array for all offers at once.

An unknown number is NaN in both: whatever is reckoned with it is unknown too, and never zero.
"""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
# One yes or no, or one for each offer.
Condition: TypeAlias = bool | NDArray[np.bool_]
Figure = TypeVar("Figure", Decimal, Array)

UNKNOWN = Decimal("NaN")


def decimal_of(number: Decimal | int | None) -> Decimal:
    """The number to reckon with; unknown for None."""
    return UNKNOWN if number is None else Decimal(number)


def known_or_none(number: Decimal) -> Decimal | None:
    return None if number.is_nan() else number


def like(model: Figure, number: Decimal) -> Figure:
    """The number in the model's kind: itself, or an array of the same shape."""
    if isinstance(model, Decimal):
        return number
    return np.full(model.shape, float(number))


def where(condition: Condition, then: Figure, otherwise: Figure) -> Figure:
    if isinstance(then, Decimal):
        return then if condition else otherwise
    return np.where(condition, then, otherwise)


def is_known(figure: Figure) -> Condition:
    if isinstance(figure, Decimal):
        return not figure.is_nan()
    return ~np.isnan(figure)


def at_most(figure: Figure, limit: Figure) -> Figure:
    """The smaller one; unknown when either is."""
    if isinstance(figure, Decimal):
        return figure if figure.is_nan() or (not limit.is_nan() and figure <= limit) else limit
    return np.minimum(figure, limit)


def at_least(figure: Figure, limit: Figure) -> Figure:
    """The larger one; unknown when either is."""
    if isinstance(figure, Decimal):
        return figure if figure.is_nan() or (not limit.is_nan() and figure >= limit) else limit
    return np.maximum(figure, limit)


def quantised(number: Decimal, digits: int) -> Decimal:
    """Rounded half-even to so many digits after the point: done once, at the end."""
    with localcontext() as context:
        # Sums of money may have more digits than the usual 28.
        context.prec = 60
        return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
