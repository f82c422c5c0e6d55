"""A marketplace that refuses a call for being one too many is called less for one window."""

import time

import pytest

from searches.limiter import CallLimiter, NoFreeSlot, SlotsForgotten
from searches.valkey import connection


def limiter(limit: int = 10, window: float = 3600, lease: float = 0.001) -> CallLimiter:
    made = CallLimiter(connection(), "test", per_window=limit, window_seconds=window, lease_seconds=lease)
    made.open_after(0)
    return made


def use(calls: CallLimiter, times: int) -> None:
    for _ in range(times):
        calls.release(calls.acquire())


def refusal(calls: CallLimiter) -> NoFreeSlot:
    with pytest.raises(NoFreeSlot) as refused:
        calls.acquire()
    return refused.value


def free_of_new_calls(calls: CallLimiter) -> int:
    """How many slots an empty window has under the pace that is kept now."""
    connection().delete("tongkuan:calls:{test}:slots")
    return calls.usage().free


@pytest.mark.parametrize(("counted", "allowed"), [(10, 8), (6, 4), (5, 4), (2, 1), (1, 1), (0, 1)])
def test_the_limit_falls_to_four_fifths_of_the_calls_that_count(counted: int, allowed: int) -> None:
    calls = limiter()
    use(calls, counted)
    calls.slow_down()
    assert free_of_new_calls(calls) == allowed


def test_calls_in_flight_count_too() -> None:
    calls = limiter(lease=60)
    for _ in range(5):
        calls.acquire()
    calls.slow_down()
    assert free_of_new_calls(calls) == 4


def test_nothing_is_granted_while_more_count_than_the_lowered_limit() -> None:
    calls = limiter()
    use(calls, 5)
    calls.slow_down()
    refused = refusal(calls)
    assert refused.limit == "pace"
    assert 0 < refused.seconds <= 3600.001
    assert calls.usage().free == 0


def test_a_second_refusal_lowers_the_lowered_limit() -> None:
    calls = limiter()
    use(calls, 10)
    calls.slow_down()
    calls.slow_down()
    assert free_of_new_calls(calls) == 6


def test_a_lowered_limit_is_never_raised_by_another_refusal() -> None:
    calls = limiter()
    use(calls, 2)
    calls.slow_down()
    calls.slow_down()
    assert free_of_new_calls(calls) == 1


def test_the_slow_pace_is_not_above_a_limit_that_was_lowered_meanwhile() -> None:
    calls = limiter(limit=10)
    use(calls, 10)
    calls.slow_down()
    assert free_of_new_calls(limiter(limit=2)) == 2


def test_after_the_window_the_full_pace_returns() -> None:
    calls = limiter(limit=3, window=0.05)
    use(calls, 2)
    calls.slow_down()
    time.sleep(0.1)
    assert calls.usage().free == 3
    use(calls, 3)
    assert calls.usage().in_window <= 3


def test_looking_ahead_sees_the_end_of_the_slow_pace() -> None:
    calls = limiter()
    use(calls, 5)
    calls.slow_down()
    assert calls.usage(within_seconds=1800).free == 0
    assert calls.usage(within_seconds=3601).free == 10


def test_the_wait_ends_with_the_slow_pace_when_the_full_limit_has_room() -> None:
    calls = limiter(window=3600)
    use(calls, 2)
    limiter(window=60).slow_down()
    # Both calls count for an hour, but the pace is low for a minute only.
    assert 0 < refusal(calls).seconds <= 60


def test_nothing_is_granted_before_the_marketplace_may_be_asked_again() -> None:
    calls = limiter()
    calls.slow_down(retry_after=7200)
    refused = refusal(calls)
    assert refused.limit == "pace"
    assert 7190 < refused.seconds <= 7200
    usage = calls.usage()
    assert usage.free == 0
    assert 7190 < usage.seconds_until_free <= 7200
    assert calls.usage(within_seconds=7201).free == 10


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    calls = limiter()
    calls.slow_down(retry_after=7200)
    calls.slow_down(retry_after=10)
    calls.slow_down()
    assert refusal(calls).seconds > 7000


def test_after_the_pause_calls_go_on() -> None:
    calls = limiter(window=0.01)
    calls.slow_down(retry_after=0.05)
    with pytest.raises(NoFreeSlot):
        calls.acquire()
    time.sleep(0.1)
    assert calls.acquire()


def test_the_slow_pace_leaves_nothing_behind() -> None:
    calls = limiter(window=0.01)
    calls.slow_down(retry_after=0.01)
    time.sleep(0.1)
    assert connection().keys("tongkuan:calls:*:pace") == []


def test_a_refusal_does_not_open_a_limiter_that_lost_its_memory() -> None:
    calls = limiter()
    connection().flushall()
    calls.slow_down()
    with pytest.raises(SlotsForgotten):
        calls.acquire()
    calls.open_after(0)
    assert calls.usage().free == 1
