"""Drawn vectors are as alike as the real ones that they stand for."""

import numpy as np
import pytest

from benchmarks.vectors_drawn import VIEWS, Drawn


def test_views_of_a_product_are_near_and_strangers_are_not():
    table = Drawn(4000).pictures(0, 4000)
    assert np.linalg.norm(table, axis=1) == pytest.approx(1, abs=1e-5)
    views = np.einsum("ij,ij->i", table[::VIEWS], table[1::VIEWS])
    strangers = np.einsum("ij,ij->i", table[::VIEWS], np.roll(table[::VIEWS], 1, axis=0))
    assert views.mean() == pytest.approx(0.87, abs=0.03)
    assert strangers.mean() == pytest.approx(0.42, abs=0.03)


def test_they_are_the_same_each_time_and_queries_are_new_views():
    drawn, again = Drawn(400), Drawn(400)
    assert np.array_equal(drawn.pictures(0, 100), again.pictures(0, 100))
    queries = drawn.queries(50)
    best = (drawn.pictures(0, 400) @ queries.T).max(axis=0)
    assert (best > 0.7).all()
    assert (best < 0.999).all()
