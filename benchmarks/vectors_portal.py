"""What `benchmarks.vectors` measures, in a process of its own.

`python -m benchmarks.vectors_portal sqlite|postgres [PICTURES]` prints its findings as one line of JSON. PostgreSQL is
that of TEST_DATABASE_URL.
"""

import json
import os
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import numpy as np
import psutil
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection

from benchmarks.vectors_drawn import Drawn, Vectors
from searches.visual import DIMENSIONS

ON_SQLITE, ON_POSTGRES = 100_000, 1_000_000
# Of other teams beside the million, all of whose pictures are compared.
LARGE, SMALL = 105_000, 10
QUERIES, LIMIT, AT_ONCE = 300, 50, 10_000
MB = 1e6


class Bench:
    """A portal's database, and teams with drawn pictures in it."""

    def __init__(self, folder: str, pictures: int) -> None:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "procurement.settings",
            "VAR_DIR": folder,
            "SECRET_KEY": "only-for-benches-" + "k" * 50,
            "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
            "HTTPS": "false",
            "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3",
        }
        django.setup()
        call_command("migrate", verbosity=0)
        self.models: Any = import_module("catalog.models")
        self.teams: Any = import_module("accounts.models").Team.objects
        self.vectors: Any = import_module("catalog.vectors")
        self.drawn = Drawn(pictures)
        self.queries = self.drawn.queries(QUERIES)

    def ask(self, team: int, query: Vectors) -> tuple[float, list[int]]:
        """Milliseconds, and the pictures found."""
        started = time.perf_counter()
        found = self.vectors.nearest([team], query, limit=LIMIT)
        return (time.perf_counter() - started) * 1000, [near.picture for near in found]

    def ask_all(self, team: int, truth: list[set[int]]) -> dict[str, float]:
        """`p50`, `p95` and this process's mean `processor` time, in ms; `recall` against the truth."""
        worked = time.process_time()
        asked = [self.ask(team, query) for query in self.queries[: len(truth)]]
        worked = time.process_time() - worked
        times = [milliseconds for milliseconds, _found in asked]
        recall = [len(right & set(found)) / len(right) for right, (_ms, found) in zip(truth, asked, strict=True)]
        return {
            "p50": float(np.percentile(times, 50)),
            "p95": float(np.percentile(times, 95)),
            "processor": worked * 1000 / len(asked),
            "recall": float(np.mean(recall)),
        }


class Truth:
    """The nearest of what went by, by a plain product of matrices."""

    def __init__(self, queries: Vectors) -> None:
        self._queries = queries
        self._best = np.full((len(queries), LIMIT), -2, np.float32)
        self._ids = np.zeros((len(queries), LIMIT), np.int64)

    def see(self, start: int, table: Vectors) -> None:
        """Pictures with the ids from `start` on."""
        cosines = np.concatenate([self._best, self._queries @ table.T], axis=1)
        ids = np.concatenate(
            [self._ids, np.broadcast_to(np.arange(start, start + len(table)), (len(cosines), len(table)))], 1
        )
        best = np.argpartition(-cosines, LIMIT - 1, axis=1)[:, :LIMIT]
        self._best, self._ids = np.take_along_axis(cosines, best, 1), np.take_along_axis(ids, best, 1)

    @property
    def nearest(self) -> list[set[int]]:
        return [
            {int(pk) for pk, cosine in zip(ids, best, strict=True) if cosine > -2}
            for ids, best in zip(self._ids, self._best, strict=True)
        ]


def on_sqlite(bench: Bench, pictures: int) -> dict[str, float]:
    models, keep = bench.models, bench.vectors.keep
    team = bench.teams.create(name="Outdoor").pk
    truth = Truth(bench.queries)
    for start, table in _parts(bench.drawn, pictures):
        made = models.Item.objects.bulk_create(
            models.Item(team_id=team, code=f"C{start + place}", name="Bag") for place in range(len(table))
        )
        rows = [models.ItemPicture(item=item, team_id=team, sha256=f"{item.pk}", width=8, height=8) for item in made]
        models.ItemPicture.objects.bulk_create(rows)
        keep({row.pk: vector for row, vector in zip(rows, table, strict=True)})
        truth.see(rows[0].pk, table)
    process = psutil.Process()
    before = process.memory_info().rss
    found: dict[str, float] = {"build": bench.ask(team, bench.queries[0])[0]}
    import_module("catalog.vectors.exact").SNAPSHOTS.forget()
    found["open"] = bench.ask(team, bench.queries[0])[0]
    found |= bench.ask_all(team, truth.nearest)
    found["file"] = sum(path.stat().st_size for path in Path(os.environ["VAR_DIR"], "vectors").iterdir()) / MB
    found["memory"] = (process.memory_info().rss - before) / MB - found["file"]
    times = []
    for place in range(20):
        keep({rows[place].pk: table[place]})
        times.append(bench.ask(team, bench.queries[place])[0])
    found["after-1"] = float(np.median(times))
    keep({row.pk: vector for row, vector in zip(rows[:1000], table[:1000], strict=True)})
    found["after-1000"] = bench.ask(team, bench.queries[0])[0]
    return found


def on_postgres(bench: Bench, pictures: int) -> dict[str, float]:
    preparing, hnsw = import_module("catalog.vectors.preparing"), import_module("catalog.vectors.hnsw")
    with connection.cursor() as cursor:
        # As after a backup was put back: rows first, then the index.
        cursor.execute(f"DROP INDEX {hnsw.INDEX}")
    sizes = {"million": pictures, "large": LARGE, "small": SMALL}
    teams = {name: bench.teams.create(name=name).pk for name in sizes}
    truths = {}
    start = 1
    for name, size in sizes.items():
        truths[name] = Truth(bench.queries if name == "million" else bench.queries[:100])
        _copy(bench, teams[name], start, size, truths[name])
        start += size
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _say("rows are written")
    started = time.perf_counter()
    assert preparing.prepare()  # noqa: S101  a bench without the index measures something else
    found = {"build": time.perf_counter() - started}
    _say(f"index is made in {found['build']:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(to_regclass(%s))", [hnsw.INDEX])
        found["index"] = cursor.fetchone()[0] / MB
    for name, truth in truths.items():
        bench.ask_all(teams[name], truth.nearest[:20])
        asked = bench.ask_all(teams[name], truth.nearest)
        found |= asked if name == "million" else {f"{name}-p95": asked["p95"], f"{name}-recall": asked["recall"]}
    started = time.perf_counter()
    bench.vectors.keep(dict(enumerate(bench.drawn.pictures(0, 64), start=1)))
    found["keep"] = (time.perf_counter() - started) * 1000 / 64
    return found


def _parts(drawn: Drawn, pictures: int) -> Iterator[tuple[int, Vectors]]:
    for start in range(0, pictures, AT_ONCE):
        yield start, drawn.pictures(start, min(start + AT_ONCE, pictures))


def _copy(bench: Bench, team: int, first: int, size: int, truth: Truth) -> None:
    """Pictures with ids from `first` on, each of the item with the same id: in PostgreSQL's own form of COPY."""
    preparing = import_module("catalog.vectors.preparing")
    pictures, items = bench.models.ItemPicture, bench.models.Item
    columns = "id, item_id, team_id, vector, near"
    own = {"vector_version": import_module("searches.visual").VERSION, "vector_number": 1, "currency": "CNY"}
    with connection.cursor() as cursor:
        for model in (items, pictures):
            _set_defaults(cursor, model, own)
        cursor.execute(
            f"INSERT INTO {items._meta.db_table} (id, team_id, code) SELECT n, %s, n FROM generate_series(%s, %s) n",  # noqa: S608  our own names
            [team, first, first + size - 1],
        )
        with cursor.copy(f"COPY {pictures._meta.db_table} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(preparing.COPY_HEAD)
            for start, vectors in _parts(bench.drawn, size):
                truth.see(first + start, vectors)
                copy.write(b"".join(_rows(team, first + start, vectors)))
            copy.write(preparing.COPY_END)
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{pictures._meta.db_table}', 'id'), %s)", [first + size])
    bench.models.VectorState.objects.create(team_id=team, number=1)


def _rows(team: int, first: int, vectors: Vectors) -> Iterator[bytes]:
    keys, vector_size, halves_size = struct.Struct("!hiqiqiqi"), 4 * DIMENSIONS, 4 + 2 * DIMENSIONS
    between = struct.pack("!ihh", halves_size, DIMENSIONS, 0)
    for pk, (vector, halves) in enumerate(zip(vectors, vectors.astype(">f2"), strict=True), first):
        yield keys.pack(5, 8, pk, 8, pk, 8, team, vector_size) + vector.tobytes() + between + halves.tobytes()


def _set_defaults(cursor: Any, model: Any, own: dict[str, Any]) -> None:
    """Django's defaults are not the database's: COPY needs them for the columns that it is not given."""
    usual = {"DateTimeField": "2026-11-22", "JSONField": "[]"}
    for field in model._meta.concrete_fields:
        if field.null or field.primary_key or field.is_relation:
            continue
        kind = field.get_internal_type()
        default = own.get(field.name, usual.get(kind, 1 if "Integer" in kind else ""))
        if kind == "UUIDField":
            continue
        cursor.execute(f"ALTER TABLE {model._meta.db_table} ALTER COLUMN {field.column} SET DEFAULT %s", [default])


def _say(what: str) -> None:
    print(f"vectors: {what}", file=sys.stderr, flush=True)


def main(database: str, pictures: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, pictures)
        print(json.dumps((on_sqlite if database == "sqlite" else on_postgres)(bench, pictures)))
        connection.close()
    return 0


if __name__ == "__main__":
    which = sys.argv[1]
    usual = ON_SQLITE if which == "sqlite" else ON_POSTGRES
    sys.exit(main(which, int(sys.argv[2]) if len(sys.argv) > 2 else usual))
