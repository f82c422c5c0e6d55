"""A sandbox marketplace inside the test process, on a free port of the loopback interface.

    with running_sandbox(limit=5) as sandbox:
        search(base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)
        sandbox.fault("502", times=2)          # the next two calls
        assert [call["outcome"] for call in sandbox.calls()] == ["ok", "502", "502"]

Its catalogue is small and drawn in memory (six products of five pictures: tests.sandbox.small_catalogue);
``sandbox.query("plate-01")`` is a JPEG that none of its offers shows and that finds that product first,
five or six offers of it. For long results, ``running_sandbox(views=20, floor=0.0)`` has twenty pictures a
product and shows every offer to every search. ``running_sandbox(catalogue=REAL_CATALOGUE)`` serves the
demo catalogue instead.
"""

import atexit
import functools
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import requests

from sandbox.application import Application
from sandbox.manifest import DEFAULT_FOLDER
from sandbox.marketplace import Account, Conduct, Marketplace
from sandbox.search import SIMILARITY_FLOOR, Catalogue, open_catalogue
from sandbox.server import Server
from tests.sandbox.small_catalogue import QUERY_VIEW, VIEWS, photo, write_small_catalogue

REAL_CATALOGUE = DEFAULT_FOLDER
CACHE = Path(__file__).parents[2] / "var" / "sandbox"
CONTROL = {"X-Sandbox-Control": "1"}
# Drawn shapes are more alike than photographed products: below this they are other shapes.
SMALL_FLOOR = 0.8


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox; its control methods go over HTTP as anybody's would."""

    url: str
    app_key: str
    secret: str
    marketplace: Marketplace

    def calls(self) -> list[dict[str, Any]]:
        """Every API call so far; the fields are those of sandbox.calls.Call."""
        calls: list[dict[str, Any]] = self._control("GET", "calls")
        return calls

    def clear_calls(self) -> None:
        self._control("DELETE", "calls")

    def fault(
        self,
        name: str,
        times: int | None = None,
        page: int | None = None,
        dialect: str | None = None,
        api: str | None = None,
    ) -> None:
        """Spoils the next ``times`` calls (None: all until cleared); the others say which calls only."""
        plan = {"fault": name, "times": times, "page": page, "dialect": dialect, "api": api}
        self._control("POST", "faults", plan)

    def clear_faults(self) -> None:
        self._control("DELETE", "faults")

    def settings(self, **changes: Any) -> None:
        """Changes ``limit``, ``window`` (seconds), ``delay_ms``, ``token_seconds``, ``rotate_refresh_tokens``,
        or ``ordered_apis``: {app key: names of the APIs it may call (None: all)}.
        """
        self._control("POST", "settings", changes)

    def expire_tokens(self) -> None:
        """Ends all access tokens that OAuth gave; refresh tokens and fixed tokens stay good."""
        self._control("DELETE", "tokens")

    def forget_uploads(self) -> None:
        """Makes the ids of pictures uploaded to the official platform unknown."""
        self._control("DELETE", "uploads")

    def query(self, product: str = "plate-01") -> bytes:
        """A JPEG of a product of the small catalogue that no offer shows."""
        return photo(product, QUERY_VIEW)

    def _control(self, method: str, name: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.url}/_sandbox/{name}", json=body, headers=CONTROL, timeout=10)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_sandbox(
    *,
    catalogue: Path | None = None,
    views: int = VIEWS,
    floor: float | None = None,
    app_key: str = Account.app_key,
    secret: str = Account.secret,
    fault: str | None = None,
    clock: Callable[[], float] = time.time,
    **conduct: Any,
) -> Iterator[Sandbox]:
    """Serves until the block ends, then closes every connection; leaves no thread and no file.

    ``conduct``: limit, window, delay_ms, allowed_ips, slow_seconds (see sandbox.marketplace.Conduct).
    ``clock`` is what time stamps of calls are compared with, in epoch seconds.
    """
    server = Server("127.0.0.1", 0)
    marketplace = Marketplace(
        _catalogue(catalogue, views, floor),
        clock,
        account=Account(app_key, secret),
        conduct=Conduct(**conduct),
        fault=fault,
    )
    server.listen(Application(marketplace))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Sandbox(server.url, app_key, secret, marketplace)
    finally:
        marketplace.stopping.set()
        server.stop()
        thread.join(timeout=10)


def _catalogue(folder: Path | None, views: int, floor: float | None) -> Catalogue:
    if folder is None:
        return opened(small_catalogue(views), SMALL_FLOOR if floor is None else floor)
    return opened(folder, SIMILARITY_FLOOR if floor is None else floor)


@functools.cache
def opened(folder: Path, floor: float = SIMILARITY_FLOOR) -> Catalogue:
    """A catalogue and its index, made once a process; the index is kept for other processes, and the next run."""
    return open_catalogue(folder, CACHE, floor)


@functools.cache
def small_catalogue(views: int = VIEWS) -> Path:
    """The folder of a catalogue with so many pictures a product; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="sandbox-catalogue-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_small_catalogue(folder, views)
    return folder
