"""Files that are made to harm, through the doors: a refusal in words or a good JPEG comes out, within the limits."""

import logging
import struct
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searches.imaging import ENHANCED, ImageRejected, fingerprint, inspect, prepare
from tests.searches.imaging import bombs
from tests.searches.imaging.pictures import shown
from tests.searches.imaging.test_fuzz import SEEDS, edits, mutated

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there readers are limited")

DEADLY = "EXIF in a million pieces"


def outcomes(data: bytes) -> Iterator[str]:
    """What comes of every door: "good" or the code of the refusal. Anything else that was raised comes out."""
    doors: list[Callable[[bytes], object]] = [inspect, prepare, lambda data: prepare(data, preset=ENHANCED)]
    for door in [*doors, fingerprint]:
        try:
            result = door(data)
        except ImageRejected as refusal:
            assert refusal.message
            yield refusal.code
        else:
            if jpeg := getattr(result, "jpeg", None):
                assert shown(jpeg).size == (result.width, result.height)
            yield "good"


@pytest.mark.parametrize("group", [bombs.jpegs, bombs.pngs, bombs.tiffs, bombs.films, bombs.others])
def test_files_made_to_harm(group, caplog):
    for name, data in group():
        if name != DEADLY:
            with caplog.at_level(logging.WARNING):
                list(outcomes(data))
            assert caplog.messages == [], name  # nobody died of it


def test_a_file_that_would_take_minutes(caplog):
    data = next(data for name, data in bombs.jpegs() if name == DEADLY)
    for door in (inspect, prepare):
        with pytest.raises(ImageRejected) as refusal:
            door(data)
        assert refusal.value.code == "too-costly"
        assert prepare(SEEDS[0]).jpeg
    assert len(caplog.messages) == 2


NUMBERS = st.sampled_from([0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF])


@st.composite
def patched(draw: st.DrawFn) -> bytes:
    """A real file with numbers of note where its numbers were."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, min(400, len(data) - 4)))
        layout, number = draw(st.sampled_from(["<I", ">I", "<H", ">H", "B"])), draw(NUMBERS)
        struct.pack_into(layout, data, at, number & (1 << 8 * struct.calcsize(layout)) - 1)
    return bytes(data)


@st.composite
def shuffled(draw: st.DrawFn) -> bytes:
    """A real file whose parts changed places, came twice, or are those of another file."""
    data = draw(st.sampled_from(SEEDS))
    other = draw(st.sampled_from([data, *SEEDS]))
    cuts = sorted(draw(st.lists(st.integers(8, len(data)), min_size=2, max_size=5)))
    parts = [data[start:end] for start, end in pairwise(cuts)]
    parts.append(other[draw(st.integers(0, len(other))) :])
    return data[: cuts[0]] + b"".join(draw(st.permutations(parts)))


@settings(derandomize=True, max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(patched(), shuffled(), st.builds(mutated, st.sampled_from(SEEDS), edits), st.binary(max_size=200)))
def test_files_with_mistakes(data):
    assert list(outcomes(data))
