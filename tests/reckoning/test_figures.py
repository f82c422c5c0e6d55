"""Numbers of both kinds."""

from decimal import Decimal

import numpy as np
import pytest

from reckoning.figures import at_least, at_most, decimal_of, known_or_none, quantised


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [("2.345", 2, "2.34"), ("2.355", 2, "2.36"), ("2.5", 0, "2"), ("3.5", 0, "4"), ("-0.125", 2, "-0.12")],
)
def test_halves_go_to_the_even_digit(number, digits, shown):
    assert str(quantised(Decimal(number), digits)) == shown


def test_sums_of_any_length_are_rounded():
    assert str(quantised(Decimal("9" * 40 + ".125"), 2)) == "9" * 40 + ".12"


def test_unknown_stays_unknown():
    unknown = decimal_of(None)
    assert known_or_none(unknown) is None
    assert known_or_none(quantised(unknown, 2)) is None
    for bound in (at_least, at_most):
        assert bound(unknown, Decimal(1)).is_nan()
        assert bound(Decimal(1), unknown).is_nan()
        assert np.isnan(bound(np.array([np.nan, 1.0]), np.array([1.0, np.nan]))).all()
