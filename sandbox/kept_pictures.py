"""Pictures that callers have handed over, kept for a while to be searched by name."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class _Kept:
    data: bytes
    until: float


class KeptPictures:
    """In memory, each for ``lifetime`` seconds and all together within ``most_bytes``: the oldest go first.

    Times are seconds of one clock, given by the caller.
    """

    def __init__(self, lifetime: float, most_bytes: int = MOST_BYTES) -> None:
        self._lifetime = lifetime
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def keep(self, name: str, data: bytes, now: float) -> None:
        """One kept already under the name begins its time anew."""
        with self._lock:
            self._drop(name)
            self._kept[name] = _Kept(data, now + self._lifetime)
            self._bytes += len(data)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def find(self, name: str, now: float) -> bytes | None:
        """The picture, or None where it was never there, has had its time, or had to make room."""
        with self._lock:
            kept = self._kept.get(name)
            return kept.data if kept is not None and now < kept.until else None

    def _drop(self, name: str) -> None:
        kept = self._kept.pop(name, None)
        self._bytes -= len(kept.data) if kept is not None else 0
