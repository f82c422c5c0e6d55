"""The call limiter against a real server: it counts what a marketplace would count."""

import math
import random
import threading
import time

import pytest

from searches.limiter import CallLimiter, NoFreeSlot, SlotsForgotten
from searches.valkey import connection


def limiter(limit: int = 2, window: float = 60, lease: float = 60) -> CallLimiter:
    made = CallLimiter(connection(), "test", limit=limit, window_seconds=window, lease_seconds=lease)
    made.open_after(0)
    return made


def test_a_slot_for_each_call_within_the_limit() -> None:
    calls = limiter(limit=2)
    assert calls.acquire().token != calls.acquire().token
    with pytest.raises(NoFreeSlot) as refusal:
        calls.acquire()
    assert 0 < refusal.value.seconds <= 120


def test_credentials_have_slots_of_their_own() -> None:
    calls = limiter(limit=1)
    calls.acquire()
    other = CallLimiter(connection(), "other", limit=1, window_seconds=60, lease_seconds=60)
    other.open_after(0)
    assert other.acquire()


def test_an_answered_call_frees_its_slot_one_window_later() -> None:
    calls = limiter(limit=1, window=0.05, lease=3600)
    calls.release(calls.acquire())
    assert wait_for_slot(calls)


def test_a_call_without_an_answer_keeps_its_slot_for_the_lease() -> None:
    calls = limiter(limit=1, window=0.001, lease=3600)
    calls.acquire()
    time.sleep(0.05)
    with pytest.raises(NoFreeSlot):
        calls.acquire()


def test_a_killed_workers_slot_comes_back_after_lease_and_window() -> None:
    calls = limiter(limit=1, window=0.05, lease=0.05)
    calls.acquire()
    assert wait_for_slot(calls)


def test_a_second_release_does_not_hold_the_slot_again() -> None:
    calls = limiter(limit=1, window=0.05, lease=3600)
    slot = calls.acquire()
    calls.release(slot)
    wait_for_slot(calls)
    calls.release(slot)
    assert connection().zcard(calls.slots) == 1


def test_those_further_back_in_the_line_are_told_later_times() -> None:
    calls = limiter(limit=2, window=60, lease=60)
    for _ in range(2):
        calls.release(calls.acquire())
    waits = []
    for place in range(6):
        with pytest.raises(NoFreeSlot) as refusal:
            calls.acquire(waiting_before=place)
        waits.append(refusal.value.seconds)
    windows_to_wait = [math.ceil(wait / 60) for wait in waits]
    assert windows_to_wait == [1, 1, 2, 2, 3, 3]


def test_a_lowered_limit_holds_at_once() -> None:
    for _ in range(5):
        calls = limiter(limit=5)
        calls.release(calls.acquire())
    with pytest.raises(NoFreeSlot):
        limiter(limit=2).acquire()


def test_after_a_loss_of_data_nobody_calls_before_one_window() -> None:
    fresh = CallLimiter(connection(), "lost", limit=5, window_seconds=60, lease_seconds=60)
    with pytest.raises(SlotsForgotten):
        fresh.acquire()
    fresh.open_after(30)
    with pytest.raises(NoFreeSlot) as refusal:
        fresh.acquire()
    assert 0 < refusal.value.seconds <= 30
    fresh.open_after(0)
    with pytest.raises(NoFreeSlot):
        fresh.acquire()


def test_no_window_holds_more_than_the_limit_under_jitter() -> None:
    limit, window = 10, 0.4
    counted: list[float] = []

    def worker(seed: int) -> None:
        calls = limiter(limit, window, lease=2)
        dice = random.Random(seed)
        for _ in range(12):
            slot = wait_for_slot(calls)
            time.sleep(dice.uniform(0, 0.05))
            counted.append(time.monotonic())
            time.sleep(dice.uniform(0, 0.05))
            calls.release(slot)

    threads = [threading.Thread(target=worker, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted.sort()
    assert len(counted) == 48
    assert max(sum(start <= at < start + window for at in counted) for start in counted) <= limit


def wait_for_slot(calls: CallLimiter):
    while True:
        try:
            return calls.acquire()
        except NoFreeSlot as refusal:
            time.sleep(min(refusal.seconds, 0.05))
