"""The call limiter against a real server: it counts what a marketplace would count."""

import random
import threading
import time

import pytest

from searches.limiter import CallLimiter, NoFreeSlot, Slot, SlotsForgotten
from searches.valkey import connection


def limiter(
    limit: int = 2, window: float = 60, lease: float = 60, *, name: str = "test", per_day: int | None = None
) -> CallLimiter:
    made = CallLimiter(
        connection(), name, per_window=limit, window_seconds=window, lease_seconds=lease, per_day=per_day
    )
    made.open_after(0)
    return made


def refusal(calls: CallLimiter) -> NoFreeSlot:
    with pytest.raises(NoFreeSlot) as refused:
        calls.acquire()
    return refused.value


def wait_for_slot(calls: CallLimiter) -> Slot:
    while True:
        try:
            return calls.acquire()
        except NoFreeSlot as wait:
            time.sleep(min(wait.seconds, 0.05))


def test_a_slot_for_each_call_within_the_limit() -> None:
    calls = limiter(limit=2)
    assert calls.acquire().token != calls.acquire().token
    assert refusal(calls).limit == "window"


@pytest.mark.parametrize("limits", [{"limit": 0}, {"per_day": 0}])
def test_a_limit_of_nothing_is_a_mistake(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        limiter(**limits)


def test_credentials_have_slots_of_their_own() -> None:
    calls, other = limiter(limit=1, per_day=1), limiter(limit=1, per_day=1, name="other")
    calls.acquire()
    calls.slow_down(retry_after=60)
    assert refusal(calls)
    assert other.acquire()


def test_an_answered_call_frees_its_slot_one_window_later() -> None:
    calls = limiter(limit=1, window=0.05, lease=3600)
    calls.release(calls.acquire())
    assert wait_for_slot(calls)


def test_a_call_without_an_answer_keeps_its_slot_for_the_lease() -> None:
    calls = limiter(limit=1, window=0.001, lease=3600)
    calls.acquire()
    time.sleep(0.05)
    assert refusal(calls)


def test_a_killed_workers_slot_comes_back_after_lease_and_window() -> None:
    calls = limiter(limit=1, window=0.05, lease=0.05)
    calls.acquire()
    assert wait_for_slot(calls)


def test_a_second_release_does_not_hold_the_slot_again() -> None:
    calls = limiter(limit=2, window=0.05, lease=3600)
    slot = calls.acquire()
    calls.release(slot)
    wait_for_slot(calls)
    wait_for_slot(calls)
    calls.release(slot)
    assert calls.usage().in_window == 2


def test_a_release_after_the_lease_holds_the_slot_for_a_window_all_the_same() -> None:
    calls = limiter(limit=1, window=3600, lease=0.001)
    slot = calls.acquire()
    time.sleep(0.01)
    calls.release(slot)
    # A key that went with the lease would take the slot along.
    assert connection().pttl("tongkuan:calls:{test}:slots") > 3_500_000


def test_the_wait_lasts_until_the_first_slot_can_be_free() -> None:
    calls = limiter(limit=2, window=60, lease=3600)
    calls.release(calls.acquire())
    calls.acquire()
    assert 0 < refusal(calls).seconds <= 60.001


def test_a_call_in_flight_may_end_at_any_moment_but_not_before_now() -> None:
    calls = limiter(limit=1, window=60, lease=3600)
    calls.acquire()
    assert refusal(calls).seconds == 60.001


def test_slots_of_long_ago_do_not_stay() -> None:
    calls = limiter(limit=9, window=0.001, lease=60)
    for _ in range(9):
        calls.release(calls.acquire())
    time.sleep(0.05)
    calls.acquire()
    assert connection().zcard("tongkuan:calls:{test}:slots") == 1


def test_a_lowered_limit_holds_at_once() -> None:
    calls = limiter(limit=5)
    for _ in range(5):
        calls.release(calls.acquire())
    assert refusal(limiter(limit=2))


def test_before_it_is_opened_nobody_calls() -> None:
    fresh = CallLimiter(connection(), "new", per_window=5, window_seconds=60, lease_seconds=60)
    with pytest.raises(SlotsForgotten):
        fresh.acquire()
    with pytest.raises(SlotsForgotten):
        fresh.usage()


def test_after_a_loss_of_data_nobody_calls_before_one_window() -> None:
    calls = limiter()
    calls.acquire()
    connection().flushall()
    with pytest.raises(SlotsForgotten):
        calls.acquire()
    calls.open_after(30)
    assert 0 < refusal(calls).seconds <= 30
    assert 0 < calls.usage().seconds_until_free <= 30
    # Another worker, which thinks that nothing was called, changes nothing.
    calls.open_after(0)
    assert refusal(calls).limit == "window"


def test_a_limiter_opens_again_by_itself() -> None:
    calls = limiter()
    connection().flushall()
    calls.open_after(0.05)
    assert wait_for_slot(calls)


def test_usage_says_what_can_be_had() -> None:
    calls = limiter(limit=3)
    calls.release(calls.acquire())
    calls.acquire()
    usage = calls.usage()
    assert (usage.in_window, usage.today, usage.free, usage.seconds_until_free) == (2, 2, 1, 0)
    calls.acquire()
    usage = calls.usage()
    assert (usage.in_window, usage.today, usage.free) == (3, 3, 0)
    assert 0 < usage.seconds_until_free <= 60.001


def test_usage_looks_ahead_to_slots_that_surely_become_free() -> None:
    calls = limiter(limit=3, window=60, lease=3600)
    for _ in range(2):
        calls.release(calls.acquire())
    calls.acquire()
    assert calls.usage().free == 0
    assert calls.usage(within_seconds=0.5).free == 0
    assert calls.usage(within_seconds=61).free == 2
    assert calls.usage(within_seconds=3700).free == 3


def test_usage_looks_ahead_to_the_opening() -> None:
    calls = CallLimiter(connection(), "new", per_window=5, window_seconds=60, lease_seconds=60)
    calls.open_after(30)
    assert calls.usage().free == 0
    assert calls.usage(within_seconds=31).free == 5


def test_usage_forgets_calls_that_left_the_window() -> None:
    calls = limiter(limit=2, window=0.01, lease=0.01)
    calls.release(calls.acquire())
    calls.acquire()
    time.sleep(0.05)
    usage = calls.usage()
    assert (usage.in_window, usage.today, usage.free) == (0, 2, 2)


class FakeServer:
    """A marketplace that notes when it counted a call."""

    def __init__(self) -> None:
        self.counted: list[float] = []

    def worst(self, window: float) -> int:
        """The most calls that any window held."""
        return max(sum(start <= at < start + window for at in self.counted) for start in self.counted)


def call_ten_times(calls: CallLimiter, server: FakeServer, lease: float, dice: random.Random) -> None:
    """Calls that are answered, time out, or die with their worker, each counted at any moment at which it may be.

    A call is not counted once its lease is over: that is the deadline's promise, which a loaded machine must not break.
    """
    for _ in range(10):
        sent_not_before = time.monotonic()
        slot = wait_for_slot(calls)
        sent = time.monotonic()
        if dice.random() < 0.7:
            time.sleep(dice.uniform(0, 0.03))
            ended = min(time.monotonic(), sent_not_before + lease)
            calls.release(slot)
        else:
            ended = sent_not_before + lease
        if ended > sent:
            server.counted.append(dice.uniform(sent, ended))


@pytest.mark.parametrize("seed", range(3))
def test_no_window_holds_more_than_the_limit_under_jitter_time_outs_and_killed_workers(seed: int) -> None:
    limit, window, lease = 10, 0.1, 0.08
    server = FakeServer()
    threads = [
        threading.Thread(
            target=call_ten_times,
            args=(limiter(limit, window, lease), server, lease, random.Random(100 * seed + number)),
        )
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.worst(window) <= limit
