"""Whatever the bytes, nothing but ImageRejected comes out."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from searches.imaging import ENHANCED, ImageRejected
from searches.imaging.facts import inspect
from searches.imaging.preparing import prepare
from tests.searches.imaging import profiles
from tests.searches.imaging.pictures import encoded, noise, quadrants, shown, stored

SMALL = noise(40, 30)
SEEDS = [
    encoded(SMALL, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"),
    encoded(SMALL, "JPEG", progressive=True, icc_profile=profiles.wide_gamut()),
    encoded(SMALL.convert("CMYK"), "JPEG", icc_profile=profiles.cyan_prints_grey()),
    encoded(SMALL.convert("L"), "JPEG", icc_profile=profiles.grey_gamma(1.8)),
    encoded(SMALL, "MPO", save_all=True, append_images=[SMALL]),
    stored(SMALL, 6, "PNG"),
    encoded(SMALL.convert("RGBA"), "PNG", icc_profile=profiles.wide_gamut()),
    encoded(SMALL.quantize(16), "PNG", transparency=3),
    encoded(SMALL.convert("L").convert("I;16"), "PNG"),
    encoded(SMALL.convert("1"), "PNG", transparency=0),
    stored(SMALL, 7, "WEBP"),
    encoded(SMALL.convert("RGBA"), "WEBP", lossless=True),
    encoded(SMALL, "WEBP", save_all=True, append_images=[quadrants(40, 30)]),
    encoded(SMALL.convert("RGBA"), "GIF", save_all=True, append_images=[quadrants(40, 30)]),
    encoded(SMALL, "BMP"),
    encoded(SMALL.quantize(16), "BMP"),
    stored(SMALL, 5, "TIFF"),
    encoded(SMALL, "TIFF", compression="tiff_lzw"),
    encoded(SMALL, "TIFF", compression="jpeg"),
    encoded(SMALL.convert("CMYK"), "TIFF", compression="tiff_adobe_deflate"),
    encoded(SMALL.convert("F"), "TIFF"),
    encoded(SMALL.convert("1"), "TIFF", compression="group4"),
    stored(SMALL, 8, "HEIF"),
    encoded(SMALL.convert("RGBA"), "HEIF"),
]
# What decides most is in the front; edits fall there as often as in all the rest.
place = st.one_of(st.integers(0, 200), st.integers(0, 10_000))
edit = st.tuples(st.sampled_from(["set", "insert", "delete", "cut"]), place, st.binary(min_size=1, max_size=8))
edits = st.lists(edit, min_size=1, max_size=6)
bounded = settings(
    derandomize=True, max_examples=600, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def mutated(data: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, position, content in changes:
        at = position % (len(data) + 1)
        if kind == "cut" and at > 40:
            data = data[:at]
        else:
            behind = at + (0 if kind == "insert" else len(content))
            data = data[:at] + (b"" if kind == "delete" else content) + data[behind:]
    return data


def _only_refused(data: bytes) -> None:
    with suppress(ImageRejected):
        inspect(data)
    for options in ({}, {"preset": ENHANCED}):
        try:
            prepared = prepare(data, **options)
        except ImageRejected as refusal:
            assert refusal.message
        else:
            assert shown(prepared.jpeg).size == (prepared.width, prepared.height)


@pytest.mark.filterwarnings("ignore")  # as in production, where warnings don't stop Pillow
@bounded
@given(st.sampled_from(SEEDS), edits)
def test_real_files_with_mistakes(data, changes):
    _only_refused(mutated(data, changes))


@bounded
@given(st.sampled_from(SEEDS), edits)
def test_real_files_with_mistakes_where_warnings_are_errors(data, changes):
    _only_refused(mutated(data, changes))


@pytest.mark.filterwarnings("ignore")
@bounded
@given(st.sampled_from(SEEDS), st.integers(2, 32), st.binary(max_size=300))
@example(SEEDS[0], 0, b"")
def test_the_beginning_of_a_real_file_and_then_anything(data, kept, rest):
    _only_refused(data[:kept] + rest)


@pytest.mark.parametrize("data", SEEDS)
def test_the_files_themselves_are_good(data):
    assert {inspect(data).width, inspect(data).height} == {40, 30}
    assert prepare(data).jpeg
