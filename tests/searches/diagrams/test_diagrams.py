"""The geometry of the pictures: axes in round steps, bars, pins, boxes, tiles."""

import numpy as np
import pytest

from searches.diagrams import (
    PROVINCES,
    UNITS,
    WIDTH,
    Axis,
    axis_for,
    count_in_bars,
    draw_boxes,
    draw_histogram,
    draw_tiles,
    in_units,
    shade_bounds,
    spread_of,
)


def units(*prices: float):
    return in_units(np.array(prices, dtype=float))


# Axes


def test_units_are_exact_and_leave_out_what_is_unknown() -> None:
    assert units(2.3, np.nan, 0.0001).tolist() == [23_000, 1]


@pytest.mark.parametrize(
    "prices", [(10, 10), (1, 2, 3), (0.01, 0.02), (5, 9, 23, 44), (3, 1e9), (0.0001,), (0, 0), (1, 1.0001), (1e11,)]
)
def test_every_price_lies_in_a_bar_of_a_round_step(prices) -> None:
    axis = axis_for(units(*prices))
    assert 1 <= axis.bars <= 16
    assert axis.start <= min(units(*prices))
    assert str(axis.step).rstrip("0") in {"1", "2", "5"}
    assert sum(count_in_bars(units(*prices), axis)) == len(prices)
    assert not axis.is_open
    assert axis.end > max(units(*prices))


def test_a_few_dear_offers_share_the_last_bar() -> None:
    prices = units(*([10] * 50 + [15] * 47), 900, 9000, 9000)
    axis = axis_for(prices)
    assert axis.is_open
    assert axis.bounds(axis.bars - 1)[1] is None
    assert axis.end < 20 * UNITS
    assert count_in_bars(prices, axis)[-1] == 47 + 3
    assert axis.x(9000 * UNITS) == WIDTH


def test_bars_begin_with_their_price() -> None:
    axis = Axis(0, UNITS, 3, is_open=False)
    assert count_in_bars(units(0, 0.9999, 1, 2.9999), axis) == [2, 1, 1]
    assert [axis.bounds(bar) for bar in range(3)] == [(0, UNITS), (UNITS, 2 * UNITS), (2 * UNITS, 3 * UNITS)]


def test_ticks_are_few_and_begin_at_the_start() -> None:
    for bars in range(1, 17):
        ticks = Axis(0, 5, bars, is_open=False).ticks()
        assert ticks[0].x == 0
        assert 2 <= len(ticks) <= 7


# Histograms


def test_bars_are_as_tall_as_their_counts() -> None:
    bars = draw_histogram(Axis(0, UNITS, 3, is_open=False), [10, 0, 5], []).bars
    assert bars[0].height == 2 * bars[2].height
    assert bars[1].height == 0
    assert all(bar.y + bar.height == bars[0].y + bars[0].height for bar in bars)
    assert bars[-1].x + bars[-1].width <= WIDTH


def test_a_single_offer_among_very_many_is_still_seen() -> None:
    assert draw_histogram(Axis(0, 1, 2, is_open=False), [100_000, 1], []).bars[1].height == 2


def test_pins_keep_their_numbers_and_mark_their_bars() -> None:
    drawing = draw_histogram(Axis(0, UNITS, 4, is_open=False), [1, 1, 1, 1], [UNITS * 3, None, UNITS // 2])
    assert [pin.number for pin in drawing.pins] == [1, 3]
    assert [bar.marked for bar in drawing.bars] == [True, False, False, True]


def test_heads_of_pins_cover_none_of_each_other_and_stay_inside() -> None:
    drawing = draw_histogram(Axis(0, UNITS, 4, is_open=False), [4, 0, 0, 0], [0, 100, 200, UNITS * 4])
    heads = [(pin.x, pin.y) for pin in drawing.pins]
    assert all(
        abs(x - other_x) >= 16 or abs(y - other_y) >= 16
        for place, (x, y) in enumerate(heads)
        for other_x, other_y in heads[:place]
    )
    assert all(8 <= x <= WIDTH - 8 and y >= 8 for x, y in heads)
    assert min(bar.y for bar in drawing.bars) >= max(y for _x, y in heads)


# Boxes


def test_quartiles_whiskers_and_what_lies_beyond() -> None:
    spread = spread_of(np.array([1, 10, 11, 12, 13, 14, 15, 99, 100]))
    assert (spread.quartile, spread.median, spread.third_quartile) == (11, 13, 15)
    assert (spread.low, spread.high) == (10, 15)
    assert (spread.below, spread.above) == (1, 2)
    assert (spread.lowest, spread.highest, spread.count) == (1, 100, 9)


def test_of_one_price_everything_is_that_price() -> None:
    spread = spread_of(np.array([7]))
    assert {spread.low, spread.quartile, spread.median, spread.third_quartile, spread.high} == {7}
    assert (spread.below, spread.above) == (0, 0)


def test_boxes_stand_below_each_other_in_their_order_from_left_to_right() -> None:
    spreads = [spread_of(np.array(values)) for values in ([1, 2, 3, 4], [2, 4, 6, 8])]
    drawing = draw_boxes(Axis(0, 1, 10, is_open=False), spreads)
    first, second = drawing.boxes
    assert first.bottom < second.label_y
    for box in drawing.boxes:
        assert box.low <= box.left <= box.median <= box.right <= box.high <= WIDTH
    assert second.bottom < drawing.baseline < drawing.height


# Tiles


def test_every_province_has_a_square_of_its_own() -> None:
    assert len(PROVINCES) == 34
    assert len(set(PROVINCES.values())) == 34


def test_provinces_lie_where_they_are() -> None:
    east, south = (lambda name: PROVINCES[name][0]), (lambda name: PROVINCES[name][1])
    assert east("新疆") < east("甘肃") < east("陕西") < east("山东")
    assert south("黑龙江") < south("北京") < south("上海") < south("广东") < south("海南")


def test_shades_go_by_counts() -> None:
    tiles = {tile.province: tile for tile in draw_tiles({"浙江": 600, "广东": 90, "河北": 1}).tiles}
    assert tiles["浙江"].shade == 5
    assert 1 < tiles["广东"].shade < 5
    assert tiles["河北"].shade == 1
    assert tiles["西藏"].shade == 0


@pytest.mark.parametrize(
    ("most", "bounds"), [(0, []), (1, [1]), (3, [1, 2, 3]), (100, [3, 6, 16, 40, 100]), (7, [1, 2, 3, 5, 7])]
)
def test_shades_rise_by_the_same_multiple(most, bounds) -> None:
    assert shade_bounds(most) == bounds


def test_without_offers_all_tiles_are_blank() -> None:
    assert {tile.shade for tile in draw_tiles({}).tiles} == {0}
