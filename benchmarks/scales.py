"""Weighs the processes of a portal while it works, and keeps the largest weights seen."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.processes.portal import Portal

MB = 1e6
SECONDS_BETWEEN_LOOKS = 0.5


class Scales:
    """`resident`: by kind, the largest resident memory (RSS) of one process. In MB, as all weights here.

    `proportional`: of a web process, and of a worker with all its children together, in which a page that several
    processes share counts in parts (PSS); the sum is what the machine really gives.
    """

    def __init__(self, portal: Portal, only: str = "") -> None:
        """Of what the supervisor has started by now; `only` those of this kind, which is quicker."""
        started = psutil.Process(portal.running["portal"].pid).children()
        self._started = [child for child in started if only in ("", _kind(child))]
        self.resident: dict[str, float] = defaultdict(float)
        self.proportional: dict[str, float] = defaultdict(float)

    def look(self) -> None:
        """Resident memory alone."""
        for child in self._started:
            for kind, process in _kinds(child):
                with suppress(psutil.Error):
                    self._note(self.resident, kind, process.memory_info().rss)

    def look_closely(self) -> None:
        self.look()
        for child in self._started:
            groups: dict[str, int] = defaultdict(int)
            for kind, process in _kinds(child):
                # Each web process is weighed by itself, a worker with its horse and its readers.
                groups[str(process.pid) if kind == "web" else "all"] += _proportional(process)
            for weight in groups.values():
                self._note(self.proportional, _kind(child), weight)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look closely all the time until the block ends."""
        done = threading.Event()

        def look() -> None:
            while not done.wait(SECONDS_BETWEEN_LOOKS):
                with suppress(psutil.Error):
                    self.look_closely()

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _note(self, weights: dict[str, float], kind: str, weight: float) -> None:
        weights[kind] = max(weights[kind], weight / MB)


def _kinds(child: psutil.Process) -> Iterator[tuple[str, psutil.Process]]:
    """A process of the supervisor's and those that it started, each with what it is."""
    with suppress(psutil.Error):
        kind = _kind(child)
        yield kind, child
        for one in child.children(recursive=True):
            command = " ".join(one.cmdline())
            if kind == "worker":
                yield ("reader" if "searches.imaging.zygote" in command else "horse"), one
            else:
                yield kind, one


def _kind(child: psutil.Process) -> str:
    command = " ".join(child.cmdline())
    return "web" if "granian" in command else next((kind for kind in KINDS if f"manage.py {kind}" in command), "other")


KINDS = ("worker", "scheduler", "valkey", "sandbox")


def _proportional(process: psutil.Process) -> int:
    """Bytes; 0 of a process that has ended."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("Pss:"))) * 1024
    return 0
