"""The day's limit: calls of a calendar day in the marketplace's time, charged to both days near midnight.

Time passes here by moving the marketplace's time of day: the clock is Valkey's, and stays so.
"""

from datetime import UTC, datetime

import pytest

from searches.limiter import CallLimiter, NoFreeSlot, SlotsForgotten
from searches.valkey import connection

DAY = 86_400


def limiter(
    time_of_day: str,
    *,
    day: int = 1,
    per_day: int | None = 3,
    lease: float = 60,
    limit: int = 100,
    window: float = 0.001,
) -> CallLimiter:
    """The limiter of a marketplace where it is now that time of that day of March."""
    there = datetime.fromisoformat(f"2027-03-{day:02}T{time_of_day}").replace(tzinfo=UTC)
    seconds, _ = connection().time()
    made = CallLimiter(
        connection(),
        "test",
        per_window=limit,
        window_seconds=window,
        lease_seconds=lease,
        per_day=per_day,
        utc_offset_hours=(there.timestamp() - seconds) / 3600,
    )
    made.open_after(0)
    return made


def use(calls: CallLimiter, times: int) -> None:
    for _ in range(times):
        calls.release(calls.acquire())


def refusal(calls: CallLimiter) -> NoFreeSlot:
    with pytest.raises(NoFreeSlot) as refused:
        calls.acquire()
    return refused.value


def test_a_day_has_so_many_calls_and_then_none_until_midnight() -> None:
    calls = limiter("10:00")
    use(calls, 3)
    refused = refusal(calls)
    assert refused.limit == "day"
    assert 13.9 * 3600 < refused.seconds <= 14 * 3600
    usage = calls.usage()
    assert (usage.today, usage.free) == (3, 0)
    assert 13.9 * 3600 < usage.seconds_until_free <= 14 * 3600


def test_answered_calls_stay_charged_after_their_window() -> None:
    use(limiter("10:00"), 3)
    assert refusal(limiter("23:30"))


def test_the_next_day_starts_anew() -> None:
    use(limiter("10:00"), 3)
    tomorrow = limiter("00:30", day=2)
    assert (tomorrow.usage().today, tomorrow.usage().free) == (0, 3)
    use(tomorrow, 3)
    assert refusal(tomorrow).limit == "day"


def test_a_call_whose_lease_goes_over_midnight_is_charged_to_both_days() -> None:
    use(limiter("23:30", lease=3600), 2)
    assert limiter("23:40").usage().today == 2
    assert limiter("00:30", day=2).usage().today == 2


def test_a_call_whose_lease_ends_before_midnight_is_charged_to_its_day_alone() -> None:
    use(limiter("22:30", lease=3600), 2)
    assert limiter("00:30", day=2).usage().today == 0


def test_a_call_over_midnight_needs_room_in_both_days() -> None:
    use(limiter("00:30", day=2), 2)
    near_midnight = limiter("23:30", lease=3600)
    assert near_midnight.usage().free == 1
    use(near_midnight, 1)
    refused = refusal(near_midnight)
    assert refused.limit == "day"
    assert refused.seconds > DAY
    assert limiter("23:30", lease=60).usage().free == 2


def test_a_day_that_is_full_before_it_begins_is_waited_for_too() -> None:
    near_midnight = limiter("23:30", lease=3600, per_day=2)
    use(near_midnight, 2)
    assert refusal(near_midnight).seconds > DAY
    assert refusal(limiter("23:30", lease=60, per_day=2)).seconds > DAY


def test_looking_ahead_over_midnight_sees_the_next_day() -> None:
    calls = limiter("23:30")
    use(calls, 3)
    assert calls.usage(within_seconds=900).free == 0
    assert calls.usage(within_seconds=2700).free == 3


def test_what_can_be_had_now_is_not_hidden_by_looking_ahead() -> None:
    use(limiter("23:30", lease=3600, per_day=2), 1)
    use(limiter("00:30", day=2, per_day=2), 1)
    assert limiter("23:30", per_day=2).usage(within_seconds=3600).free == 1


def test_the_longer_wait_is_the_one_that_is_told() -> None:
    calls = limiter("23:30", per_day=1, limit=1, window=7200)
    use(calls, 1)
    refused = refusal(calls)
    assert refused.limit == "window"
    assert refused.seconds > 7000


def test_a_call_refused_by_the_window_is_not_charged_to_the_day() -> None:
    calls = limiter("10:00", limit=1)
    calls.acquire()
    assert refusal(calls).limit == "window"
    assert calls.usage().today == 1


def test_a_call_refused_by_the_day_takes_no_slot_of_the_window() -> None:
    calls = limiter("10:00", per_day=1)
    calls.acquire()
    assert refusal(calls).limit == "day"
    assert calls.usage().in_window == 1


def test_without_a_limit_days_are_counted_all_the_same() -> None:
    calls = limiter("10:00", per_day=None)
    use(calls, 5)
    assert calls.usage().today == 5
    assert calls.usage().free > 0


def test_a_lowered_day_limit_holds_at_once() -> None:
    use(limiter("10:00", per_day=5), 4)
    calls = limiter("10:00", per_day=2)
    assert calls.usage().free == 0
    assert refusal(calls).limit == "day"


def test_counters_do_not_stay_for_ever() -> None:
    use(limiter("10:00"), 1)
    keys = connection().keys("tongkuan:calls:*:days")
    assert [0 < connection().ttl(key) <= 2 * DAY for key in keys] == [True]


def test_past_days_are_dropped_while_the_limiter_is_in_use() -> None:
    for day in range(1, 7):
        use(limiter("10:00", day=day), 1)
    assert connection().hlen("tongkuan:calls:{test}:days") == 2


def test_after_a_loss_of_data_the_day_goes_on_from_what_is_known() -> None:
    calls = limiter("10:00")
    use(calls, 2)
    connection().flushall()
    with pytest.raises(SlotsForgotten):
        calls.acquire()
    calls.open_after(0, used_today=2)
    assert calls.usage().free == 1
    use(calls, 1)
    # Another worker read its rows before that call.
    calls.open_after(0, used_today=2)
    assert calls.usage().today == 3


def test_calls_in_flight_at_midnight_when_data_was_lost_are_charged_to_the_next_day() -> None:
    connection().flushall()
    calls = limiter("23:30", limit=2)
    calls.open_after(3600, used_today=3)
    assert limiter("23:30").usage().today == 3
    assert limiter("00:30", day=2).usage().today == 2


def test_the_platforms_day_begins_at_midnight_in_china() -> None:
    # A lease of a day, so that the call is charged to tomorrow too, in case midnight comes while this runs.
    calls = CallLimiter(connection(), "china", per_window=9, window_seconds=60, lease_seconds=DAY, per_day=1)
    calls.open_after(0)
    calls.acquire()
    seconds, _ = connection().time()
    until = seconds + refusal(calls).seconds + 8 * 3600
    assert (until + 30) % DAY < 60
