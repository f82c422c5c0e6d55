"""On PostgreSQL: how a batch's pace grows with the number of worker processes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.batch_portal import Batches, BatchPortal
from benchmarks.figures import Figure, of_interest
from tests.postgres import running_postgres

PHOTOS = 200
WORKERS = (1, 2, 4)


def figures() -> Iterator[Figure]:
    pace = {workers: _pace(workers) for workers in WORKERS}
    for workers in WORKERS:
        method = (
            f"{PHOTOS} photos, {workers} worker processes, PostgreSQL on a socket beside them; as batch.searches, on "
            f"{psutil.cpu_count()} processors"
        )
        yield of_interest(f"postgres.searches-{workers}-workers", pace[workers], "searches/s", method)
        if workers > 1:
            method = f"searches a second with {workers} workers, against 1; {method}"
            yield of_interest(f"postgres.scaling-{workers}-workers", pace[workers] / pace[1], "ratio", method)


def _pace(workers: int) -> float:
    """Searches a second, in a portal and a database of their own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres() as address,
        BatchPortal(Path(folder), workers, database=address) as portal,
    ):
        batches = Batches(portal)
        batches.warm_up()
        run = batches.run(PHOTOS)
        portal.interrupt()
    return run.searches_a_second
