"""Where a worker's time goes, measured in the worker: clocks around what its work consists of.

An app that only `benchmarks.timed_settings` installs. Each piece of work adds a line of JSON to TIMES_FILE in VAR_DIR:
what it was, and the seconds of each part. A part does not count what another one does within it.
"""

import functools
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import redis
from django.apps import AppConfig
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

TIMES_FILE = "times.jsonl"
PARTS = ("preparing", "marketplace", "database", "lock", "valkey")
OWN_CODE = "own-code"
SEARCHING, READING = "searching", "reading"


class Timing(AppConfig):
    name = "benchmarks"

    def ready(self) -> None:
        if sys.argv[1:2] == ["worker"]:
            time_the_parts(Times(settings.VAR_DIR / TIMES_FILE))


class Times:
    """One clock for each part of the work under way; the one that was started last runs. For one thread."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds: dict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._since = 0.0

    def begin(self, part: str) -> None:
        self._charge()
        self._running.append(part)

    def end(self) -> None:
        self._charge()
        self._running.pop()

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, its time charged to `part` while there is work under way."""

        @functools.wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:
            if not self._running:
                return function(*arguments, **named)
            self.begin(part)
            try:
                return function(*arguments, **named)
            finally:
                self.end()

        return run

    def work(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` as a piece of work, whose times are written when it ends."""

        @functools.wraps(function)
        def run(*arguments: Any) -> Any:
            self._seconds.clear()
            self.begin(OWN_CODE)
            try:
                return function(*arguments)
            finally:
                self.end()
                with self._file.open("a") as file:
                    # One write: other workers write into it, too.
                    file.write(json.dumps({"work": name, "worker": os.getppid(), "seconds": self._seconds}) + "\n")

        return run

    def _charge(self) -> None:
        now = time.perf_counter()
        if self._running:
            self._seconds[self._running[-1]] += now - self._since
        self._since = now


def time_the_parts(times: Times) -> None:
    """Put the clocks around them. Only after all apps are ready: the modules hold models."""
    searching, reading, prepared, transport = map(
        import_module, ("searches.jobs", "batches.jobs", "searches.prepared", "searches.marketplaces.transport")
    )
    places: Iterable[tuple[Any, str, str]] = (
        (prepared, "jpeg_of", "preparing"),
        (transport.Transport, "get", "marketplace"),
        (transport.Transport, "post", "marketplace"),
        (BaseDatabaseWrapper, "connect", "database"),
        (BaseDatabaseWrapper, "_commit", "database"),
        (CursorWrapper, "executemany", "database"),
        (redis.Redis, "execute_command", "valkey"),
        (redis.client.Pipeline, "execute", "valkey"),
    )
    for place, name, part in places:
        setattr(place, name, times.timed(part, getattr(place, name)))
    execute = CursorWrapper.execute
    in_line, other = times.timed("lock", execute), times.timed("database", execute)

    def execute_timed(cursor: CursorWrapper, sql: Any, params: Any = None) -> Any:
        # What SQLite's writers wait for each other, they wait as they begin.
        return (in_line if str(sql).startswith("BEGIN") else other)(cursor, sql, params)

    setattr(CursorWrapper, execute.__name__, execute_timed)
    searching.__dict__["work"] = times.work(SEARCHING, searching.work)
    reading.__dict__["read_file"] = times.work(READING, reading.read_file)


def seconds_of(folder: Path, work: str) -> dict[str, float]:
    """By part, what all pieces of such work took so far in a portal that keeps its things in `folder`."""
    total: dict[str, float] = defaultdict(float)
    file = folder / TIMES_FILE
    for line in file.read_text().splitlines() if file.exists() else ():
        piece = json.loads(line)
        if piece["work"] == work:
            for part, seconds in piece["seconds"].items():
                total[part] += seconds
    return total
