"""`make chaos`: a batch of 300 photos while processes are killed with -9 at random; then everything is counted.

A whole portal runs in a folder of its own, under its supervisor: the web server, two workers, the scheduler, Valkey.
The killing begins while the photos' ZIP is being read, and goes on while they are searched for.
The marketplace is a sandbox in this process, which nobody kills, so that its record of calls is whole. The seed
decides who is killed and after how long; what they are doing then, the machine decides.

Prints one line of JSON a figure, as the benchmarks do; the exit status is 1 when anything was lost or doubled.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil
import requests

from benchmarks import batch_photos, chaos_counts
from benchmarks.batch_buyer import Buyer
from benchmarks.chaos_counts import Kill
from benchmarks.figures import Figure, at_least, at_most, of_interest
from tests.processes.portal import Portal
from tests.sandbox.running import Sandbox, running_sandbox

SEARCHES, WANTED, PAGES, WORKERS = 300, 100, 2, 2
# Out of the way: two workers cannot make so many calls a minute, unless they call in circles.
LIMIT = 1_500
# As in production: a call that was in flight at a kill is taken up after this.
LEASE_SECONDS = 60
PAUSES = (1.0, 6.0)  # seconds between two kills, at least and at most
# After the last kill: several leases, and the limiter's pause after its memory was lost.
PATIENCE_SECONDS = 400
SECONDS_BETWEEN_VISITS = 0.5
SECONDS_TO_END = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300, help="for how long to kill (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the kills' order and pauses (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="keep everything in this folder, which must not be there yet")
    asked = parser.parse_args()
    with ExitStack() as open_until_done:
        if asked.folder:
            asked.folder.mkdir(parents=True)
        folder = asked.folder or Path(open_until_done.enter_context(tempfile.TemporaryDirectory()))
        figures = list(_figures(folder, asked.seconds, asked.seed))
    for figure in figures:
        print(figure.line())
    return 1 if any(figure.holds is False for figure in figures) else 0


def _figures(folder: Path, seconds: float, seed: int) -> Iterator[Figure]:
    # So slow that killing and searching take about as long as each other.
    delay_ms = round(seconds * 0.6 * WORKERS / (SEARCHES * PAGES) * 1000)
    with (
        running_sandbox(views=20, floor=0.0, limit=LIMIT, delay_ms=delay_ms) as sandbox,
        Portal(folder, workers=WORKERS) as portal,
    ):
        portal.environment["CALL_LEASE_SECONDS"] = str(LEASE_SECONDS)
        portal.launch()
        portal.wait_for(lambda: portal.value("SELECT finished_at FROM searches_searchjob"), "the demo search")
        visits = Visits(portal)
        started = time.monotonic()
        kills, family = _kill_while_searching(portal, sandbox, seconds, seed)
        took = time.monotonic() - started
        visits.stop()
        printed = portal.log.read_text()
        family |= set(portal.interrupt())
        left = psutil.wait_procs(family, timeout=SECONDS_TO_END)[1]
        calls = sandbox.calls()
    by_kind = ", ".join(f"{kind} {number}" for kind, number in sorted(Counter(kill.kind for kill in kills).items()))
    method = f"a batch of {SEARCHES} photos in a ZIP, {PAGES} calls each; seed {seed}; killed with -9: {by_kind}"
    finished = chaos_counts.finished(folder)
    if finished < SEARCHES:
        print(f"{printed[-6000:]}\n{chaos_counts.unfinished(folder)}", file=sys.stderr)
    yield of_interest("chaos.kills", len(kills), "kills", method)
    yield of_interest("chaos.seconds", took, "s", f"from the ZIP to the last search's end; {method}")
    yield of_interest("chaos.started-again", printed.count("was started again"), "processes", "by the supervisor")
    yield at_least("chaos.finished", finished, "rows", SEARCHES, f"rows of the batch whose search is done: {method}")
    yield from chaos_counts.figures(folder, calls, kills, SEARCHES, limit=LIMIT, window=60)
    yield of_interest("chaos.tracebacks", printed.count("Traceback"), "tracebacks", "in any process's output")
    yield at_most("chaos.locked", printed.count("database is locked"), "lines", 0, "in any process's output")
    method = f"of {len(family)} that the portal ever had, {SECONDS_TO_END:g} s after it was asked to end"
    yield at_most("chaos.left-running", len(left), "processes", 0, method)
    yield from visits.figures()


def _kill_while_searching(
    portal: Portal, sandbox: Sandbox, seconds: float, seed: int
) -> tuple[list[Kill], set[psutil.Process]]:
    """Kill until the time is over or all is finished, then wait for the rest.

    Answers who was killed when, and every process of the portal's that was seen.
    """
    chance = random.Random(seed)  # noqa: S311  it is to be the same each time
    supervisor = psutil.Process(portal.running["portal"].pid)
    _begin_batch(portal, sandbox)
    kills: list[Kill] = []
    family: set[psutil.Process] = set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not _is_finished(portal):
        time.sleep(chance.uniform(*PAUSES))
        family |= set(supervisor.children(recursive=True))
        kills += _kill_one(supervisor, chance)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not _is_finished(portal):
        time.sleep(0.5)
    return kills, family


def _begin_batch(portal: Portal, sandbox: Sandbox) -> None:
    """Send the photos, and start the batch with the first of them that is a row, so that reading them goes on."""
    credential = {"base_url": sandbox.url, "app_key": sandbox.app_key, "secret": sandbox.secret, "limit": LIMIT}
    # The portal made its keys itself: they are in its folder, where the settings find them.
    portal.manage("-m", "benchmarks.point_at", stdin=json.dumps(credential).encode())
    buyer = Buyer(portal)
    photos = list(islice(batch_photos.photos(), SEARCHES))
    batch = buyer.put_together(photos, title="Chaos", wanted=WANTED)
    portal.wait_for(lambda: portal.value("SELECT count(*) FROM batches_batchrow"), "the first row")
    buyer.start(batch)


def _is_finished(portal: Portal) -> bool:
    return bool(portal.value("SELECT status FROM batches_batch") == "done")


def _kill_one(supervisor: psutil.Process, chance: random.Random) -> list[Kill]:
    """Kill one process of a kind that chance names; nothing when there is none just now."""
    kind = chance.choice(sorted(KINDS))
    place = chance.random()
    try:
        found = KINDS[kind](supervisor)
        if not found:
            return []
        victim = found[int(place * len(found))]
        victim.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return []
    return [Kill(time.time(), kind)]


def _named(text: str) -> Callable[[psutil.Process], list[psutil.Process]]:
    """The supervisor's own children whose command lines hold the text."""

    def find(supervisor: psutil.Process) -> list[psutil.Process]:
        return [child for child in supervisor.children() if text in " ".join(child.cmdline())]

    return find


def _children_of(text: str, own: str) -> Callable[[psutil.Process], list[psutil.Process]]:
    """The children, whose command lines hold `own`, of those."""

    def find(supervisor: psutil.Process) -> list[psutil.Process]:
        children = [child for parent in _named(text)(supervisor) for child in parent.children()]
        return [child for child in children if own in " ".join(child.cmdline())]

    return find


KINDS = {
    "web": _named("granian"),
    "web-process": _children_of("granian", "granian"),
    "worker": _named("manage.py worker"),
    "work-horse": _children_of("manage.py worker", "manage.py worker"),
    # Pictures are read in its children, which are left alone: who dies of a picture has it refused.
    "picture-process": _children_of("manage.py worker", "searches.imaging.zygote"),
    "scheduler": _named("manage.py scheduler"),
    "valkey": _named("manage.py valkey"),
    "valkey-server": _children_of("manage.py valkey", "valkey-server"),
}


@dataclass
class Visits:
    """Somebody who looks at the pages meanwhile, twice a second."""

    portal: Portal

    def __post_init__(self) -> None:
        self._session = self.portal.sign_in()
        self._answers: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def figures(self) -> Iterator[Figure]:
        pages = "the lists of searches and of batches, and the search form, in turn"
        method = f"pages looked at, every {SECONDS_BETWEEN_VISITS} s: {pages}"
        yield of_interest("chaos.pages-shown", self._answers["shown"], "pages", method)
        yield of_interest("chaos.pages-refused", self._answers["refused"], "pages", f"while the web was down; {method}")
        yield at_most("chaos.pages-with-errors", self._answers["error"], "pages", 0, f"status 500 and above; {method}")

    def _run(self) -> None:
        while not self._stopping.wait(SECONDS_BETWEEN_VISITS):
            for path in ("/searches/", "/batches/", "/search/new/"):
                self._answers[self._visit(path)] += 1

    def _visit(self, path: str) -> str:
        try:
            answer = self._session.get(f"{self.portal.address}{path}", timeout=30)
        except requests.RequestException:
            return "refused"
        if answer.status_code >= 500:
            return "error"
        return "shown" if answer.status_code == 200 else f"status {answer.status_code}"


if __name__ == "__main__":
    sys.exit(main())
