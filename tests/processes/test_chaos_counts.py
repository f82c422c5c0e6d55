"""What `make chaos` counts: calls that were paid twice, and those that a kill explains."""

from typing import Any

import pytest

from benchmarks.chaos_counts import CALLERS, Kill, call_figures

NOON = 1_800_000_000.0


def call(at: float, photo: str = "a", page: int = 1, outcome: str = "ok") -> dict[str, Any]:
    """One that arrived so many seconds after noon, and took half a second."""
    return {"arrived": NOON + at, "image_sha256": photo, "page": page, "outcome": outcome, "milliseconds": 500.0}


def kill(at: float, kind: str = "work-horse") -> Kill:
    return Kill(NOON + at, kind)


def counted(calls: list[dict[str, Any]], kills: list[Kill], limit: int = 100) -> dict[str, float]:
    figures = call_figures(calls, kills, limit=limit, window=60)
    return {figure.name.removeprefix("chaos.calls-"): figure.value for figure in figures}


def test_the_same_page_of_the_same_photo_again_is_paid_twice() -> None:
    calls = [call(0), call(1, photo="b"), call(2, page=2), call(60)]
    assert counted(calls, [])["repeated"] == 1
    assert counted(calls, [])["paid-twice"] == 1
    assert counted(calls[:3], [])["repeated"] == 0


@pytest.mark.parametrize("kind", sorted(CALLERS))
def test_a_call_that_was_in_flight_at_a_kill_is_excused(kind) -> None:
    calls = [call(0), call(60)]
    assert counted(calls, [kill(0.3, kind)])["paid-twice"] == 0
    assert counted(calls, [kill(30, kind)])["paid-twice"] == 1
    assert counted(calls, [kill(60.3, kind)])["paid-twice"] == 1


@pytest.mark.parametrize("kind", ["valkey", "valkey-server", "web", "web-process", "scheduler"])
def test_no_other_kill_excuses_anything(kind) -> None:
    assert counted([call(0), call(60)], [kill(0.3, kind)])["paid-twice"] == 1


def test_a_kill_excuses_one_call() -> None:
    calls = [call(0, "a"), call(0.1, "b"), call(60, "a"), call(60, "b")]
    assert counted(calls, [kill(0.3)])["paid-twice"] == 1
    assert counted(calls, [kill(0.3), kill(0.4)])["paid-twice"] == 0


def test_each_kill_goes_to_a_call_that_no_other_kill_excuses() -> None:
    """The later call needs the later kill, so the earlier one takes the earlier."""
    calls = [call(0, "a"), call(4, "b"), call(90, "a"), call(90, "b")]
    assert counted(calls, [kill(2), kill(5)])["paid-twice"] == 0
    assert counted(calls, [kill(5), kill(2)])["paid-twice"] == 0


def test_calls_above_the_limit_are_those_of_the_fullest_window_and_those_refused() -> None:
    calls = [call(at, str(at)) for at in range(0, 100, 10)]
    assert counted(calls, [], limit=7)["above-limit"] == 0
    assert counted(calls, [], limit=5)["above-limit"] > 0
    assert counted([call(0, outcome="429")], [])["above-limit"] == 1
