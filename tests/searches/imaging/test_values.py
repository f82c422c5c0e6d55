"""Boxes and presets: what they take and what they refuse."""

from dataclasses import FrozenInstanceError, replace

import pytest

from searches.imaging import BASIC, ENHANCED, MESSAGES, PRESETS, Box, ImageRejected, Preset


def test_the_figures_of_both_presets_are_those_of_the_source_document():
    assert (BASIC.max_side, BASIC.quality, BASIC.crop_to_square, BASIC.contrast) == (800, 85, False, 1.0)
    assert (ENHANCED.max_side, ENHANCED.quality, ENHANCED.crop_to_square, ENHANCED.contrast) == (800, 90, True, 1.2)
    assert 0 < ENHANCED.denoise <= 0.5
    assert BASIC.max_bytes == ENHANCED.max_bytes == 5_000_000
    assert PRESETS == {"basic": BASIC, "enhanced": ENHANCED}


def test_a_preset_is_changed_by_copying():
    assert replace(BASIC, max_bytes=300_000) == Preset("basic", max_bytes=300_000)
    with pytest.raises(FrozenInstanceError):
        BASIC.quality = 1


@pytest.mark.parametrize(
    "change",
    [
        {"max_side": 0},
        {"quality": 0},
        {"quality": 96},
        {"contrast": -0.1},
        {"denoise": 1.1},
        {"max_bytes": 1_999},
    ],
)
def test_a_preset_that_no_picture_can_meet_is_refused(change):
    with pytest.raises(ValueError, match=r"preset|picture"):
        replace(BASIC, **change)


@pytest.mark.parametrize(
    "edges",
    [
        (0.5, 0, 0.5, 1),
        (0.6, 0, 0.5, 1),
        (0, 0.6, 1, 0.5),
        (-0.01, 0, 1, 1),
        (0, 0, 1.01, 1),
        (0, 0, 1, float("nan")),
        (float("-inf"), 0, 1, 1),
    ],
)
def test_a_box_without_area_or_outside_the_picture_is_refused(edges):
    with pytest.raises(ValueError, match="box"):
        Box(*edges)


@pytest.mark.parametrize(
    ("size", "square"),
    [((400, 300), Box(0.125, 0, 0.875, 1)), ((300, 400), Box(0, 0.125, 1, 0.875)), ((9, 9), Box(0, 0, 1, 1))],
)
def test_the_centred_square_is_as_large_as_the_shorter_side(size, square):
    assert Box.centred_square(*size) == square


@pytest.mark.parametrize("code", MESSAGES)
def test_every_refusal_says_what_is_wrong_and_what_to_do(code):
    rejected = ImageRejected(code)
    assert rejected.code == code
    assert rejected.message == MESSAGES[code]
    assert rejected.message.count(".") >= 2
    assert code in str(rejected)
