"""What benches say of a worker's time: each moment belongs to one part."""

import time
from pathlib import Path

import pytest

from benchmarks.timing import TIMES_FILE, Times, seconds_of


class HandTurned:
    """A clock that goes on when it is told to."""

    now = 100.0

    def works(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandTurned:
    turned = HandTurned()
    monkeypatch.setattr(time, "perf_counter", lambda: turned.now)
    return turned


@pytest.fixture
def times(tmp_path: Path) -> Times:
    return Times(tmp_path / TIMES_FILE)


def test_a_part_does_not_count_what_another_one_does_within_it(clock: HandTurned, times: Times, tmp_path: Path) -> None:
    ask = times.timed("database", clock.works)

    def call() -> None:
        clock.works(2)
        ask(3)
        clock.works(4)

    def search() -> None:
        clock.works(8)
        times.timed("marketplace", call)()
        clock.works(16)

    times.work("searching", search)()
    assert seconds_of(tmp_path, "searching") == {"own-code": 24, "marketplace": 6, "database": 3}


def test_what_happens_outside_of_work_is_not_counted(clock: HandTurned, times: Times, tmp_path: Path) -> None:
    times.timed("database", clock.works)(5)
    times.work("searching", clock.works)(1)
    times.timed("database", clock.works)(5)
    times.work("searching", clock.works)(2)
    assert seconds_of(tmp_path, "searching") == {"own-code": 3}


def test_work_that_fails_is_counted_too(clock: HandTurned, times: Times, tmp_path: Path) -> None:
    def fail() -> None:
        clock.works(7)
        raise OSError

    with pytest.raises(OSError):
        times.work("reading", times.timed("preparing", fail))()
    assert seconds_of(tmp_path, "reading") == {"preparing": 7, "own-code": 0}
    assert seconds_of(tmp_path, "searching") == {}
