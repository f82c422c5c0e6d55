"""Batches of photos through the whole portal: their pace, where the time goes, and what everybody else notices of it.

The web server, two workers, the scheduler, Valkey, SQLite and the sandbox are what `make run` starts, on loopback. The
sandbox's limit and the credential's are out of the way. All batches run one after another in one portal, and every
photo is another one, so that nothing comes out of the result cache.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from benchmarks import batch_photos, timing
from benchmarks.batch_portal import ANSWER_MS, UNSEARCHED, WANTED, Batches, BatchPortal, Run
from benchmarks.figures import Figure, at_most, of_interest
from benchmarks.scales import Scales
from benchmarks.visitors import VISITORS, Visit, visit

WORKERS = 2
SMALL, LARGE, USUAL, VISITED = 100, 1000, 300, 500
# More than once is noise; growth with the batch's size would be ten times.
MOST_GROWTH = 1.1
MOST_PAGE_MS = 300
MOST_MEMORY = 250
# Seconds, by the visitors' pauses between two pages.
READING, HURRYING = 1.0, 0.0
SECONDS_OF_VISITS = {READING: 8, HURRYING: 5}
HOW = (
    f"{WORKERS} worker processes, SQLite, a search for {WANTED} offers (1 call) each; {batch_photos.what_they_are()}; "
    f"one ZIP; the sandbox's answers are held back to about {ANSWER_MS} ms"
)
PAGES = {
    "search": "/searches/{job}/",
    "batch": "/batches/{batch}/",
    "batch-fragment": "/batches/{batch}/",
    "history": "/searches/",
}


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, BatchPortal(Path(folder), WORKERS) as portal:
        batches, scales = Batches(portal), Scales(portal)
        batches.warm_up()
        small = batches.run(SMALL)
        with scales.looking():
            large = batches.run(LARGE)
        usual = batches.run(USUAL)
        yield from _pace(usual, portal)
        yield from _growth(small, large)
        yield from _visits(portal, batches)
        scales.look_closely()  # who has shown pages weighs more
        yield from _memory(scales)
        portal.interrupt()


def _pace(run: Run, portal: BatchPortal) -> Iterator[Figure]:
    method = f"{run.photos} photos, from the batch's start to its last search's end; {HOW}"
    yield of_interest("batch.searches", run.searches_a_second, "searches/s", method)
    yield of_interest("batch.sandbox", portal.sandbox_median(), "ms", "median of its answers, as it measured them")
    method = f"{run.photos} photos, from the arrival of the ZIP's last byte to the last row; read by one worker; {HOW}"
    yield of_interest("batch.reading", run.photos / run.seconds_to_read, "photos/s", method)
    available = WORKERS * run.seconds_to_search
    for part in (*timing.PARTS, timing.OWN_CODE):
        method = f"share of the workers' time in searching, measured in the workers: {WHAT[part]}"
        yield of_interest(f"batch.share-{part}", 100 * run.searching.get(part, 0.0) / available, "%", method)
    rest = 100 * (1 - sum(run.searching.values()) / available)
    yield of_interest("batch.share-queue", rest, "%", "what is left: rq, its forks, and waiting for the bell")


WHAT = {
    "preparing": "the JPEGs that are sent (made when the photos were read: here they are looked up)",
    "marketplace": "calls, with all of HTTP, the sandbox's own work on the same processors among it",
    "database": "statements, commits and connections",
    "lock": "SQLite's BEGIN IMMEDIATE, until other writers are done",
    "valkey": "slots, result cache, bells",
    timing.OWN_CODE: "everything else in Python, from the marketplace's JSON to rows",
}


def _growth(small: Run, large: Run) -> Iterator[Figure]:
    sizes = f"{large.photos} photos against {small.photos} in the same portal"
    what = "from the ZIP's arrival to the last search's end, without the batch's start"
    for run in (small, large):
        yield of_interest(f"batch.photo-of-{run.photos}", run.seconds_a_photo * 1000, "ms", f"a photo: {what}; {HOW}")
    ratio = large.seconds_a_photo / small.seconds_a_photo
    yield at_most("batch.growth", ratio, "ratio", MOST_GROWTH, f"time of a photo {what}: {sizes}")
    ratio = large.work_a_photo / small.work_a_photo
    method = f"the workers' time for a photo, reading and searching it, measured in the workers: {sizes}"
    yield at_most("batch.growth-of-work", ratio, "ratio", MOST_GROWTH, method)


def _memory(scales: Scales) -> Iterator[Figure]:
    during = f"largest seen twice a second during the batch of {LARGE} photos, and after the visitors had been there"
    method = f"one web process, its share of shared pages (PSS), {during}"
    yield at_most("batch.memory-web", scales.proportional["web"], "MB", MOST_MEMORY, method)
    method = f"one worker, its work horse and the processes that read pictures together (PSS), {during}"
    yield at_most("batch.memory-worker", scales.proportional["worker"], "MB", MOST_MEMORY, method)
    for kind, what in (("web", "web process"), ("worker", "worker"), ("horse", "work horse"), ("reader", "reader")):
        method = f"resident memory of one {what}, with all that it shares (RSS), {during}"
        yield at_most(f"batch.resident-{kind}", scales.resident[kind], "MB", MOST_MEMORY, method)


def _visits(portal: BatchPortal, batches: Batches) -> Iterator[Figure]:
    """Visitors while a batch runs: first such as read what they open, then such as do not."""
    cookies = [portal.sign_in().cookies.get_dict() for _ in range(VISITORS)]
    found: dict[float, dict[str, list[float]]] = {}

    def come(batch: int) -> None:
        job = portal.value("SELECT max(id) FROM searches_searchjob WHERE status = 'done'")
        pages = {name: portal.address + path.format(batch=batch, job=job) for name, path in PAGES.items()}
        for pause, seconds in SECONDS_OF_VISITS.items():
            found[pause] = visit(Visit(pages, cookies, seconds, pause))
            assert portal.value(UNSEARCHED.format(batch=batch)), "the batch was over"  # noqa: S101  nothing to measure

    run = batches.run(VISITED, meanwhile=come)
    for name in PAGES:
        method = _how_visited(found[READING][name], f"each reads for {READING:g} s on average between two pages")
        yield at_most(f"batch.page-{name}-p95", _p95(found[READING][name]), "ms", MOST_PAGE_MS, method)
    for name in PAGES:
        method = _how_visited(found[HURRYING][name], "nobody pauses between two pages: the processors are full")
        yield of_interest(f"batch.hurried-{name}-p95", _p95(found[HURRYING][name]), "ms", method)
    pages = sum(map(len, found[HURRYING].values())) / SECONDS_OF_VISITS[HURRYING]
    yield of_interest("batch.hurried-pages", pages, "pages/s", f"{VISITORS} visitors who do not pause")
    method = f"{run.photos} photos, while the visitors are there; {HOW}"
    yield of_interest("batch.searches-beside-visitors", run.searches_a_second, "searches/s", method)


def _how_visited(taken: Sequence[float], pause: str) -> str:
    return (
        f"p95 of {len(taken)} answers over HTTP while a batch of {VISITED} photos runs; {VISITORS} signed-in visitors "
        f"at once, {pause}; {psutil.cpu_count()} processors for them, web, workers, sandbox and Valkey"
    )


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
