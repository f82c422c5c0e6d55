"""The marketplace's call limit: so many calls an app key in any window of time."""

from bisect import bisect_right, insort
from threading import Lock


class SlidingWindow:
    """Counts calls by the moment they arrived; a refused call does not count.

    Times are seconds of one clock, given by the caller. A call at ``t`` is admitted when fewer than
    ``limit`` calls were admitted after ``t - window``.
    """

    def __init__(self, limit: int, window: float) -> None:
        self._limit = limit
        self._window = window
        self._admitted: dict[str, list[float]] = {}
        self._lock = Lock()

    def admit(self, key: str, arrived: float) -> bool:
        with self._lock:
            times = self._admitted.setdefault(key, [])
            # Threads may come here in another order than their calls arrived: insert in order, and
            # forget a call only when no late-comer can still see it in its window.
            del times[: bisect_right(times, arrived - 2 * self._window)]
            if len(times) - bisect_right(times, arrived - self._window) >= self._limit:
                return False
            insort(times, arrived)
            return True

    def seconds_until_free(self, key: str, now: float) -> float:
        """How long until a call would be admitted, in seconds; 0 when one would be now."""
        if self._limit == 0:
            return self._window
        with self._lock:
            times = self._admitted.get(key, [])
            if len(times) < self._limit:
                return 0.0
            return max(0.0, times[-self._limit] + self._window - now)
