"""Pictures for the cells of a workbook, as small files in a folder: the products' own, and those of offers.

Offers' pictures come from hosts that the marketplaces name, through the guarded door of `searches.fetching`, a few at
once, each address once, and all of them within a bounded time. A picture that cannot be had is simply not there. What
was fetched is kept with other prepared pictures (retention.py) for the next file.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.core.files.storage import default_storage
from PIL import Image

from exports.workbook import Picture
from searches import own, prepared
from searches.fetching import FetchRefused, fetch_picture
from searches.imaging import ImageRejected, Preset, prepare
from searches.models import QueryImage
from searches.offerpictures import may_fetch
from searches.removal import DERIVED
from searches.views.pictures import THUMB

# Twice of what a cell shows.
CELL = Preset("cell", max_side=160, quality=80)
CELL_ENDING = f"-{CELL.name}.jpg"
AT_ONCE = 4
SECONDS_FOR_ALL = 240.0
SECONDS_BETWEEN_BEATS = 5.0
# A host that did not answer so often in a row is not asked again.
MOST_FAILURES_OF_A_HOST = 8


class SmallPictures:
    """A block in which pictures are made; `folder` is the caller's to remove."""

    def __init__(self, folder: Path, *, beat: Callable[[], None], seconds: float = SECONDS_FOR_ALL) -> None:
        """beat: is called every few seconds while pictures are waited for. What it raises ends the waiting."""
        self._folder = folder
        self._beat = beat
        self._seconds_left = seconds
        self._known: dict[str, Picture | None] = {}
        self._asked: dict[str, Future[Picture | None]] = {}
        self._failures: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)

    def of_photo(self, image: QueryImage | None) -> Picture | None:
        """A product's own picture."""
        if image is None:
            return None
        key = f"photo {image.pk}"
        if key not in self._known:
            try:
                self._known[key] = self._keep(key, prepared.jpeg_of(image, THUMB))
            except (ImageRejected, OSError):
                self._known[key] = None
        return self._known[key]

    def of_stored(self, name: str) -> Picture | None:
        """A picture that is in the storage already, by its file's name."""
        if not name:
            return None
        if name not in self._known:
            try:
                with default_storage.open(name) as file:
                    data = bytes(file.read())
                self._known[name] = self._keep(name, prepare(data, preset=CELL).jpeg)
            except (ImageRejected, OSError):
                self._known[name] = None
        return self._known[name]

    def of_offer(self, url: str) -> Picture | None:
        """An offer's picture, if `fetch` had it."""
        return self._known.get(url)

    def begin(self, pictures: Iterable[tuple[str, str]]) -> None:
        """Set out for those (marketplace, address) that may be fetched, while something else is done meanwhile.

        What is in our own storage is there at once.
        """
        pictures = list(pictures)
        for url, name in own.files_of(pictures).items():
            self._known[url] = self.of_stored(name)
        wanted = {url for marketplace, url in pictures if may_fetch(marketplace, url)}
        for url in sorted(wanted - self._known.keys() - self._asked.keys()):
            self._asked[url] = self._threads.submit(self._fetched, url)

    def fetch(self, pictures: Iterable[tuple[str, str]]) -> None:
        """Have those (marketplace, address) that may be fetched and were not yet, within the time that is left."""
        pairs = list(pictures)
        self.begin(pairs)
        asked = {self._asked.pop(url): url for _marketplace, url in pairs if url in self._asked}
        self._known |= dict.fromkeys(asked.values())
        began = monotonic()
        waiting = set(asked)
        while waiting:
            left = self._seconds_left - (monotonic() - began)
            if left <= 0:
                break
            done, waiting = wait(waiting, timeout=min(left, SECONDS_BETWEEN_BEATS))
            self._known |= {asked[future]: future.result() for future in done}
            self._beat()
        self._seconds_left -= monotonic() - began
        _cancel(waiting)

    def _fetched(self, url: str) -> Picture | None:
        try:
            jpeg = prepared.kept(_name(url)) or self._asked_for(url)
            return self._keep(url, jpeg) if jpeg else None
        except OSError:
            return None

    def _asked_for(self, url: str) -> bytes | None:
        host = urlsplit(url).netloc
        if self._failures[host] >= MOST_FAILURES_OF_A_HOST:
            return None
        try:
            data = fetch_picture(url)
        except FetchRefused as refused:
            if refused.code in ("unreachable", "too-slow"):
                self._failures[host] += 1
            return None
        self._failures[host] = 0
        try:
            jpeg = prepare(data, preset=CELL).jpeg
        except ImageRejected:
            return None
        prepared.keep(_name(url), jpeg)
        return jpeg

    def _keep(self, name: str, jpeg: bytes) -> Picture:
        path = self._folder / f"{hashlib.sha256(name.encode()).hexdigest()}.jpg"
        path.write_bytes(jpeg)
        # Made here a moment ago, or kept by this portal: its head needs no process of its own to be read in.
        with Image.open(path, formats=["JPEG"]) as picture:
            return Picture(path, *picture.size)


def _name(url: str) -> str:
    """In the storage, where pictures go that can be made again."""
    digest = hashlib.sha256(url.encode()).hexdigest()
    return f"{DERIVED}{digest[:2]}/{digest}{CELL_ENDING}"


def _cancel(futures: Iterable["Future[Picture | None]"]) -> None:
    for future in futures:
        future.cancel()
