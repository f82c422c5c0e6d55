"""A JPEG never exceeds what the marketplace takes."""

from dataclasses import replace

import pytest

from searches.imaging import BASIC, ENHANCED, prepare
from tests.searches.imaging.pictures import encoded, noise, quadrants, shown

LARGE = replace(BASIC, max_side=4000, quality=95)


@pytest.fixture(scope="module")
def loud() -> bytes:
    return encoded(noise(2600, 2400), compress_level=0)


def test_a_picture_within_the_budget_is_encoded_once():
    assert prepare(encoded(quadrants(), "JPEG")).steps == ()


def test_five_megabytes_are_kept_by_quality_alone(loud):
    assert len(prepare(loud, preset=replace(LARGE, max_bytes=20_000_000)).jpeg) > 5_000_000
    prepared = prepare(loud, preset=LARGE)
    assert len(prepared.jpeg) <= 5_000_000
    assert prepared.steps == ("recompressed",)
    assert shown(prepared.jpeg).size == (prepared.width, prepared.height) == (2600, 2400)


@pytest.mark.parametrize("preset", [BASIC, ENHANCED])
def test_300_kilobytes_are_kept(loud, preset):
    assert len(prepare(loud, preset=replace(preset, max_side=1200)).jpeg) > 300_000
    prepared = prepare(loud, preset=replace(preset, max_side=1200, max_bytes=300_000))
    assert len(prepared.jpeg) <= 300_000
    assert "recompressed" in prepared.steps


@pytest.mark.parametrize("budget", [60_000, 20_000, 2_000])
def test_when_quality_does_not_suffice_size_gives_way(loud, budget):
    prepared = prepare(loud, preset=replace(BASIC, max_bytes=budget))
    assert budget / 3 < len(prepared.jpeg) <= budget
    assert prepared.steps[-2:] == ("recompressed", "shrunk")
    assert shown(prepared.jpeg).size == (prepared.width, prepared.height)
    assert prepared.width < 800
    assert prepared.width / prepared.height == pytest.approx(2600 / 2400, rel=0.1)


def test_a_preset_of_low_quality_is_never_raised(loud):
    plain = prepare(loud, preset=replace(BASIC, quality=30))
    squeezed = prepare(loud, preset=replace(BASIC, quality=30, max_bytes=len(plain.jpeg) - 1))
    assert len(squeezed.jpeg) < len(plain.jpeg)
    assert squeezed.width < plain.width


def test_a_line_of_pixels_fits_as_well():
    prepared = prepare(encoded(noise(6000, 1)), preset=replace(BASIC, max_side=6000, max_bytes=2_000))
    assert len(prepared.jpeg) <= 2_000
    assert prepared.height == 1
