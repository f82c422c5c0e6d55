"""Offers' pictures from their hosts, a few of each at once, made safe and small for the eye."""

import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from searches.fetching import FetchRefused, fetch_picture
from searches.imaging import Fingerprint, ImageRejected, Preset, prepare
from searches.imaging.hashing import fingerprint

AT_ONCE, AT_ONCE_OF_A_HOST = 8, 4
# Pictures of offers are some hundred kilobytes; the eye sees a square of 224 pixels.
MOST_BYTES = 5_000_000
EYE = Preset("eye", max_side=320, quality=90)
# A host that did not answer so often in a row is not asked again.
MOST_FAILURES_OF_A_HOST = 8
SILENT = frozenset({"unreachable", "too-slow"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address: a small JPEG with its fingerprint, or the reason why there is none.

    tried: whether the host was asked at all.
    """

    url: str
    jpeg: bytes = b""
    fingerprint: Fingerprint | None = None
    reason: str = ""
    tried: bool = True


class Fetching:
    """A block in which addresses, of hosts that may be asked, are fetched in threads of their own."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._left: dict[str, deque[str]] = {}
        for url in urls:
            self._left.setdefault(urlsplit(url).netloc, deque()).append(url)
        self._expected = sum(map(len, self._left.values()))
        self._results: SimpleQueue[Fetched] = SimpleQueue()
        self._under_way: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._stopping = False
        number = min(AT_ONCE, sum(min(AT_ONCE_OF_A_HOST, len(left)) for left in self._left.values()))
        self._threads = [threading.Thread(target=self._work, daemon=True) for _number in range(number)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """What is under way ends by its own deadline; nothing else is begun."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    @property
    def left(self) -> int:
        """How many `some` has still to answer."""
        return self._expected

    def some(self, most: int, seconds: float) -> list[Fetched]:
        """What has come, `most` of it, as soon as there are so many, or after so long; nothing is possible, too."""
        found: list[Fetched] = []
        until = monotonic() + seconds
        while len(found) < min(most, self._expected):
            try:
                found.append(self._results.get(timeout=max(0.0, until - monotonic())))
            except Empty:
                break
        self._expected -= len(found)
        return found

    def _work(self) -> None:
        while (url := self._next()) is not None:
            host = urlsplit(url).netloc
            # Whatever goes wrong with one, nobody waits for it in vain.
            one = Fetched(url, reason="damaged")
            try:
                one = self._fetched(host, url)
            finally:
                self._results.put(one)
                with self._changed:
                    self._under_way[host] -= 1
                    self._changed.notify()

    def _next(self) -> str | None:
        """The next address of a host that is not busy; None when there is nothing to begin any more."""
        with self._changed:
            while not self._stopping and any(self._left.values()):
                for host, left in self._left.items():
                    if left and self._under_way[host] < AT_ONCE_OF_A_HOST:
                        self._under_way[host] += 1
                        return left.popleft()
                self._changed.wait()
            return None

    def _fetched(self, host: str, url: str) -> Fetched:
        if self._failures[host] >= MOST_FAILURES_OF_A_HOST:
            return Fetched(url, reason="unreachable", tried=False)
        try:
            data = fetch_picture(url, most_bytes=MOST_BYTES)
        except FetchRefused as refused:
            self._failures[host] += refused.code in SILENT
            return Fetched(url, reason=refused.code)
        self._failures[host] = 0
        try:
            jpeg = prepare(data, preset=EYE).jpeg
            # This JPEG is our own: reading it needs no process that may break down.
            return Fetched(url, jpeg, fingerprint(jpeg))
        except ImageRejected as rejected:
            return Fetched(url, reason=rejected.code)
