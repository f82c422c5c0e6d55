"""The lock that lets equal calls run once."""

import threading
import time

from searches.resultstore import SingleFlight
from searches.valkey import connection


def flight(lease: float = 60) -> SingleFlight:
    return SingleFlight(connection(), lease_seconds=lease)


def test_one_has_it_and_the_others_have_not() -> None:
    assert flight().take("key", "alice")
    assert not flight().take("key", "bob")


def test_who_has_it_may_take_it_again() -> None:
    assert flight().take("key", "alice")
    assert flight().take("key", "alice")
    assert not flight().take("key", "bob")


def test_taking_it_again_begins_a_new_lease() -> None:
    flight(lease=1).take("key", "alice")
    flight(lease=60).take("key", "alice")
    (lock,) = connection().keys("tongkuan:flight:*")
    assert connection().ttl(lock) > 10


def test_keys_do_not_stand_in_each_others_way() -> None:
    assert flight().take("key", "alice")
    assert flight().take("other", "bob")


def test_after_leaving_somebody_else_may_take_it() -> None:
    flight().take("key", "alice")
    flight().leave("key", "alice")
    assert flight().take("key", "bob")


def test_nobody_can_leave_for_another() -> None:
    flight().take("key", "alice")
    flight().leave("key", "bob")
    assert not flight().take("key", "bob")


def test_leaving_what_nobody_has_does_nothing() -> None:
    flight().leave("key", "alice")
    assert flight().take("key", "bob")


def test_who_was_lost_does_not_hold_it_for_ever() -> None:
    flight(lease=0.02).take("key", "alice")
    time.sleep(0.05)
    assert flight().take("key", "bob")
    flight().leave("key", "alice")
    assert not flight().take("key", "carol")


def test_a_lock_always_has_an_end() -> None:
    flight(lease=0).take("key", "alice")
    time.sleep(0.01)
    assert connection().keys("tongkuan:flight:*") == []


def test_of_many_at_once_one_has_it() -> None:
    together = threading.Barrier(8)
    winners: list[str] = []

    def run(holder: str) -> None:
        together.wait()
        if flight().take("key", holder):
            winners.append(holder)

    threads = [threading.Thread(target=run, args=(f"worker-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1
