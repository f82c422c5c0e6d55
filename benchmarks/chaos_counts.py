"""What is left of searches after their processes were killed: counted in the database, the media folder, the calls."""

import hashlib
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_most, of_interest

# Between a worker's claim and the sandbox's clock for the call, and between the answer and its row.
SECONDS_BEFORE, SECONDS_AFTER = 3.0, 3.0
# Only these have calls in flight.
CALLERS = frozenset({"worker", "work-horse"})
# Without the demo's own search: those of a batch, whether or not a row knows of them.
OURS = (
    "CREATE TEMP VIEW jobs AS SELECT * FROM searches_searchjob WHERE urgency = 1",
    "CREATE TEMP VIEW calls AS SELECT * FROM searches_searchcall WHERE job_id IN (SELECT id FROM jobs)",
    "CREATE TEMP VIEW matches AS SELECT * FROM searches_suppliermatch WHERE job_id IN (SELECT id FROM jobs)",
    "CREATE TEMP VIEW sightings AS SELECT * FROM searches_sighting WHERE match_id IN (SELECT id FROM matches)",
)


@dataclass(frozen=True, slots=True)
class Kill:
    """Who was killed, and when (epoch seconds)."""

    at: float
    kind: str


def finished(folder: Path) -> int:
    done = "SELECT count(DISTINCT job.id) FROM batches_batchrow one JOIN jobs job ON job.id = one.job_id"
    return _number(folder, f"{done} WHERE job.status = 'done'")


def unfinished(folder: Path) -> list[Any]:
    """The calls that are not done, for whoever has to find out why."""
    return _rows(
        folder,
        "SELECT job_id, page, status, claims, attempts, waits_for, not_before, lease_until, error_code "
        "FROM calls WHERE status != 'done'",
    )


def figures(
    folder: Path, calls: Sequence[dict[str, Any]], kills: Sequence[Kill], searches: int, *, limit: int, window: float
) -> Iterator[Figure]:
    rows = _number(folder, "SELECT count(*) FROM batches_batchrow WHERE state = 'ready'")
    yield at_most("chaos.rows-lost", searches - rows, "rows", 0, "photos of the ZIP that are not ready in the batch")
    started = _number(folder, "SELECT count(*) FROM jobs")
    yield at_most("chaos.searches-lost", searches - started, "searches", 0, "photos that were not searched for")
    yield at_most("chaos.searches-doubled", started - rows, "searches", 0, "searches that no row knows of")
    yield at_most("chaos.pages-lost", _pages_lost(folder), "calls", 0, "pages of a search that nobody asked for")
    yield at_most(
        "chaos.matches-lost", _matches_lost(folder), "offers", 0, "told by the marketplace, not among the matches"
    )
    yield at_most("chaos.matches-doubled", _matches_doubled(folder), "offers", 0, "one offer in one search, again")
    yield at_most("chaos.sightings-doubled", _sightings_doubled(folder), "sightings", 0, "one photo's of one match")
    yield at_most("chaos.pictures-lost", _pictures_lost(folder), "pictures", 0, "file gone, or other bytes than came")
    yield from call_figures(calls, kills, limit=limit, window=window)
    broken = _rows(folder, "PRAGMA integrity_check") != [("ok",)]
    yield at_most("chaos.database-broken", int(broken), "databases", 0, "PRAGMA integrity_check")


def _pages_lost(folder: Path) -> int:
    """As many pages belong to a search as its wanted offers, or those there are, take."""
    query = (
        "SELECT (min(jobs.wanted, first.offers_total) + first.page_size - 1) / first.page_size - "
        "(SELECT count(*) FROM calls WHERE job_id = jobs.id) "
        "FROM jobs JOIN calls first ON first.job_id = jobs.id AND first.page = 1 AND first.status = 'done'"
    )
    return sum(abs(missing) for (missing,) in _rows(folder, query))


def _matches_lost(folder: Path) -> int:
    """The sandbox shows no offer on two pages: all that calls were told are so many matches."""
    told = _number(folder, "SELECT coalesce(sum(offers_found), 0) FROM calls")
    return told - _number(folder, "SELECT count(*) FROM matches")


def _matches_doubled(folder: Path) -> int:
    distinct = "SELECT count(*) FROM (SELECT DISTINCT job_id, marketplace, offer_id FROM matches)"
    return _number(folder, "SELECT count(*) FROM matches") - _number(folder, distinct)


def _sightings_doubled(folder: Path) -> int:
    """Every match was seen by its search's one photo, once."""
    return abs(_number(folder, "SELECT count(*) FROM sightings") - _number(folder, "SELECT count(*) FROM matches"))


def _pictures_lost(folder: Path) -> int:
    lost = 0
    for name, sha256 in _rows(folder, "SELECT file, sha256 FROM searches_queryimage"):
        path = folder / "media" / name
        lost += not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256
    return lost


def call_figures(
    calls: Sequence[dict[str, Any]], kills: Sequence[Kill], *, limit: int, window: float
) -> Iterator[Figure]:
    """What the sandbox's record of calls says: see `Call` of sandbox/calls.py."""
    questions: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for call in calls:
        questions[call["image_sha256"], call["page"]].append(call)
    repeated = [call for asked in questions.values() for call in asked[:-1]]
    yield of_interest("chaos.calls", len(calls), "calls", "that the sandbox saw")
    yield of_interest("chaos.calls-repeated", len(repeated), "calls", "the same photo and page asked for again later")
    yield at_most(
        "chaos.calls-paid-twice",
        _not_in_flight(repeated, kills),
        "calls",
        0,
        "repeated calls that were not in flight when a worker or its horse was killed; in flight means from "
        f"{SECONDS_BEFORE:g} s before the sandbox saw one to {SECONDS_AFTER:g} s after its answer, and a kill excuses "
        "one call",
    )
    arrivals = sorted(call["arrived"] for call in calls)
    worst = max((bisect_right(arrivals, at + window) - place for place, at in enumerate(arrivals)), default=0)
    refused = sum(call["outcome"] == "429" for call in calls)
    yield at_most("chaos.calls-above-limit", max(worst - limit, 0) + refused, "calls", 0, f"{worst} of {limit} allowed")


def _not_in_flight(repeated: Iterable[dict[str, Any]], kills: Sequence[Kill]) -> int:
    """How many of these calls no kill explains. Each kill stops one process, which has one call in flight."""
    free = sorted(kill.at for kill in kills if kill.kind in CALLERS)
    spans = sorted(
        (call["arrived"] + (call["milliseconds"] or 0) / 1000 + SECONDS_AFTER, call["arrived"] - SECONDS_BEFORE)
        for call in repeated
    )
    unexplained = 0
    # The one whose time is over first takes the first kill within it: no other choice explains more calls.
    for until, since in spans:
        kill = next((at for at in free if since <= at <= until), None)
        if kill is None:
            unexplained += 1
        else:
            free.remove(kill)
    return unexplained


def _number(folder: Path, query: str) -> int:
    return int(_rows(folder, query)[0][0])


def _rows(folder: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "tongkuan.sqlite3", timeout=60)) as database:
        for view in OURS:
            database.execute(view)
        return database.execute(query).fetchall()
