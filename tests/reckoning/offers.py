"""Offers with prices by quantity, as hypothesis makes them: for one at a time, and as the padded arrays of many."""

from decimal import Decimal

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

exactly = settings(derandomize=True, database=None, deadline=None, max_examples=150)

money = st.decimals("0.01", "9999", places=2)
rates = st.decimals("0.01", "200", places=4)
weights = st.decimals("0.01", "50", places=3)
percents = st.decimals("0", "60", places=1)
quantities = st.integers(1, 5000)
tiers = st.lists(
    st.tuples(st.integers(1, 60), st.decimals("0.01", "20", places=2)), max_size=4, unique_by=lambda tier: tier[0]
).map(sorted)
# (base price, tiers, MOQ)
offers = st.tuples(st.none() | st.decimals("0.01", "20", places=2), tiers, st.none() | st.integers(1, 60))


def columns(rows, width=4):
    """base, starts, prices, moq."""
    base = np.array([_float(price) for price, _, _ in rows])
    starts, prices = np.zeros((len(rows), width)), np.full((len(rows), width), np.nan)
    for row, (_, steps, _) in enumerate(rows):
        for place, (start, price) in enumerate(steps):
            starts[row, place], prices[row, place] = start, float(price)
    return base, starts, prices, np.array([_float(moq) for _, _, moq in rows])


def _float(number: Decimal | int | None) -> float:
    return float("nan") if number is None else float(number)
