"""A record of every API call, for tests and benches that must know what the marketplace saw."""

from collections import deque
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

KEPT = 100_000


@dataclass
class Call:
    """One API call as the sandbox saw it.

    ``arrived`` is in epoch seconds. ``dialect`` is the key of the dialect it came in, ``api`` the name
    of what was asked for there ("search", "upload" …; None until that is known). ``outcome`` is ``ok``,
    an error code, or the name of the fault that hit it; None while the call is running.
    ``milliseconds`` is the time spent inside the sandbox; for a call left without an answer it ends
    where the waiting began.
    """

    arrived: float
    dialect: str | None = None
    api: str | None = None
    app_key: str | None = None
    image_sha256: str | None = None
    image_url: str | None = None
    page: int | None = None
    outcome: str | None = None
    fault: str | None = None
    milliseconds: float | None = None


class CallLog:
    """The last 100,000 calls, in the order in which they were taken up."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._lock = Lock()

    def begin(self, arrived: float, dialect: str) -> Call:
        call = Call(arrived, dialect)
        with self._lock:
            self._calls.append(call)
        return call

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(call) for call in self._calls]
