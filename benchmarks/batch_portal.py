"""A whole portal in which batches run, as `make run` starts it, beside a marketplace that is fast and never full."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Self

import psycopg

from benchmarks import batch_photos, timing
from benchmarks.batch_buyer import Buyer
from tests.processes.portal import Portal

# Out of the way: the credential's, and the sandbox's.
LIMIT = 1_000_000
ANSWER_MS = 20
WANTED = 50
PATIENCE_SECONDS = 300
SECONDS_BETWEEN_LOOKS = 0.05
OPEN_LIMIT = f"from searches.models import Credential; Credential.objects.update(calls_per_minute={LIMIT})"
UNREAD = "SELECT count(*) FROM batches_batchfile WHERE state != 'read' AND batch_id = {batch}"
ROWS = "FROM batches_batchrow one LEFT JOIN searches_searchjob job ON job.id = one.job_id WHERE one.batch_id = {batch} "
UNSEARCHED = f"SELECT count(*) {ROWS} AND one.state = 'ready' AND (job.id IS NULL OR job.finished_at IS NULL)"
SEARCHED = f"SELECT count(*) {ROWS} AND job.status = 'done'"


class BatchPortal(Portal):
    """`with BatchPortal(folder) as portal`: it runs when the block begins, its marketplace out of the way.

    database: where it keeps its rows; nothing said means SQLite, as `make run` has it.
    """

    def __init__(self, folder: Path, workers: int = 2, database: str = "") -> None:
        super().__init__(folder, workers)
        self._database = database
        self.environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.timed_settings"
        if database:
            self.environment["DATABASE_URL"] = database

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.__exit__()  # or nobody ended what runs already
            raise
        return self

    def _begin(self) -> None:
        self.launch()
        self.wait_for(lambda: self.value("SELECT finished_at FROM searches_searchjob"), "the demo search")
        self.manage("shell", "--verbosity", "0", "-c", OPEN_LIMIT)
        self.sandbox_control("POST", "settings", {"limit": LIMIT})

    def sandbox_median(self) -> float:
        """The milliseconds that its answers took lately."""
        milliseconds: list[float] = [call["milliseconds"] for call in self.sandbox_control("GET", "calls")]
        return median(milliseconds)

    def hold_answers_back(self) -> None:
        """Make the sandbox wait for what its own work, which was measured since it began, leaves of ANSWER_MS."""
        self.sandbox_control("POST", "settings", {"delay_ms": max(0, round(ANSWER_MS - self.sandbox_median()))})
        self.sandbox_control("DELETE", "calls")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if not self._database:
            return super().rows(query)
        with closing(psycopg.connect(self._database, autocommit=True)) as connection:
            return connection.execute(query.encode()).fetchall()

    @cached_property
    def buyer(self) -> Buyer:
        return Buyer(self)

    def wait_until(self, nothing: str, batch: int) -> float:
        """Until the query counts nothing of the batch; answers the seconds that it took."""
        started = time.monotonic()
        while self.value(nothing.format(batch=batch)):
            if time.monotonic() > started + PATIENCE_SECONDS:
                raise TimeoutError(f"the batch went no further:\n{self.log.read_text()[-3000:]}")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return time.monotonic() - started


@dataclass(frozen=True)
class Run:
    """A batch that ran to its end.

    `seconds_to_read` go from the arrival of its photos to the last one's row, `seconds_to_search` from the start to the
    end of the last search. `reading` and `searching`: the workers' seconds by part (`benchmarks.timing`).
    """

    batch: int
    photos: int
    seconds_to_read: float
    seconds_to_search: float
    reading: dict[str, float]
    searching: dict[str, float]

    @property
    def searches_a_second(self) -> float:
        return self.photos / self.seconds_to_search

    @property
    def seconds_a_photo(self) -> float:
        return (self.seconds_to_read + self.seconds_to_search) / self.photos

    @property
    def work_a_photo(self) -> float:
        """Of the workers, in seconds."""
        return (sum(self.reading.values()) + sum(self.searching.values())) / self.photos


class Batches:
    """Runs batches in a portal, each with photos that nobody has searched for."""

    def __init__(self, portal: BatchPortal) -> None:
        self._portal = portal
        self._photos: Iterator[bytes] = batch_photos.photos()

    def warm_up(self, number: int = 50) -> None:
        """A first batch, which finds everything cold, and shows how long the sandbox itself takes."""
        self.run(number)
        self._portal.hold_answers_back()

    def run(self, number: int, meanwhile: Callable[[int], None] = lambda batch: None) -> Run:
        """A batch of so many photos; `meanwhile` is called with its id as soon as it is started."""
        portal = self._portal
        reading, searching = self._spent(timing.READING), self._spent(timing.SEARCHING)
        photos = list(islice(self._photos, number))
        batch = portal.buyer.put_together(photos, title=f"{number} photos", wanted=WANTED)
        read = portal.wait_until(UNREAD, batch)
        started = time.monotonic()
        portal.buyer.start(batch)
        meanwhile(batch)
        portal.wait_until(UNSEARCHED, batch)
        searched = time.monotonic() - started
        done = portal.value(SEARCHED.format(batch=batch))
        # A few may be too much alike.
        assert done >= 0.99 * number, f"{number} photos, and {done} searches"  # noqa: S101  it would measure nothing
        return Run(
            batch,
            done,
            read,
            searched,
            _since(reading, self._spent(timing.READING)),
            _since(searching, self._spent(timing.SEARCHING)),
        )

    def _spent(self, work: str) -> dict[str, float]:
        return timing.seconds_of(self._portal.folder, work)


def _since(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {part: seconds - before.get(part, 0.0) for part, seconds in after.items()}
