"""The sign that a process does its work, for a supervisor that looks for one: a file that it touches as it goes on."""

import os
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

VARIABLE = "ALIVE_FILE"
SECONDS_BETWEEN_PROBES, SECONDS_TO_ANSWER = 10.0, 20.0


def show() -> None:
    """Touch the file that the supervisor named, if there is one: whatever else is wrong, nobody is to fail for this."""
    name = os.environ.get(VARIABLE)
    if name:
        with suppress(OSError):
            Path(name).touch()


def shown(file: Path) -> object:
    """What changes whenever the process shows itself; None when it has not yet. Nobody trusts the clock in it."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None


def probe(url: str, file: Path) -> None:
    """Touch the file whenever the address answers, be it with an error: what hangs is what answers nothing."""

    def ask() -> None:
        while True:
            if _answers(url):
                with suppress(OSError):
                    file.touch()
            time.sleep(SECONDS_BETWEEN_PROBES)

    threading.Thread(target=ask, daemon=True).start()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS_TO_ANSWER):  # noqa: S310  our own loopback address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
