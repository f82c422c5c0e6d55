"""The call limit, on a clock that the test sets."""

from sandbox.limiter import SlidingWindow


def test_no_window_ever_holds_more_than_the_limit():
    limiter = SlidingWindow(3, 60.0)
    admitted = [second for second in range(0, 300, 7) if limiter.admit("key", float(second))]
    assert admitted[:6] == [0, 7, 14, 63, 70, 77]
    for end in admitted:
        assert sum(end - 60 < second <= end for second in admitted) <= 3


def test_a_slot_is_free_exactly_a_window_later():
    limiter = SlidingWindow(1, 60.0)
    assert limiter.admit("key", 100.0)
    assert not limiter.admit("key", 159.999)
    assert limiter.admit("key", 160.0)


def test_keys_have_limits_of_their_own():
    limiter = SlidingWindow(1, 60.0)
    assert limiter.admit("one", 0.0)
    assert limiter.admit("two", 0.0)
    assert not limiter.admit("one", 1.0)


def test_refused_calls_do_not_count():
    limiter = SlidingWindow(1, 60.0)
    assert limiter.admit("key", 0.0)
    assert not any(limiter.admit("key", float(second)) for second in range(1, 60))
    assert limiter.admit("key", 60.0)


def test_calls_taken_up_out_of_order_count_where_they_arrived():
    limiter = SlidingWindow(2, 60.0)
    assert limiter.admit("key", 10.0)
    assert limiter.admit("key", 71.0)
    assert limiter.admit("key", 69.0) is False, "10, 69 and 71 are only 61 apart, but 10 counts at 69"


def test_a_limit_of_nothing_admits_nothing():
    assert not SlidingWindow(0, 60.0).admit("key", 0.0)
