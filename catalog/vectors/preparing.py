"""Makes PostgreSQL ready for large teams: pgvector, the column `near`, its values and its index.

Runs after every `migrate` and does only what is missing. So pgvector may come later than the portal, and a VERSION of
the eye with other DIMENSIONS gets its index without a migration of its own.
"""

import logging
import struct
from typing import Any

import numpy as np
from django.db import DatabaseError, connection, transaction

from catalog.vectors import hnsw
from catalog.vectors.hnsw import HALVES, INDEX, PICTURES
from catalog.vectors.tables import Vectors
from searches.visual import DIMENSIONS, VERSION

logger = logging.getLogger(__name__)

# Walking on until enough rows have passed the filter came with this version of pgvector.
OLDEST = (0, 8)
# Neighbours of each place in the index, and how many are looked at to find them.
NEIGHBOURS, EF_CONSTRUCTION = 16, 64
# What the index takes while it is made. With less it is made all the same, several times as slowly.
BYTES_EACH, LEAST_MEMORY, MOST_MEMORY = 2048, 64 * 2**20, 4 * 2**30
FILLED_AT_ONCE = 5000
# https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
COPY_HEAD, COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), struct.pack("!h", -1)
# Two columns: the id; pgvector's own form, which is how many, nothing, and the halves.
COPY_ROW = struct.Struct("!hiqihh")


def after_migrate(*, using: str, **_others: Any) -> None:
    """For the signal post_migrate."""
    if using == connection.alias:
        prepare()


def prepare() -> bool:
    """Answers whether large teams can be searched by the index.

    What fails is logged, and all teams are then searched the exact way. Nobody can write to pictures while an index
    over many of them is made, which takes minutes for a million.
    """
    if connection.vendor != "postgresql":
        return False
    try:
        if not hnsw.has_column() and not _add_column():
            return False
        if not hnsw.is_ready():
            while _fill():
                pass
            _make_index()
    except DatabaseError as error:
        logger.warning("Vectors are searched without an index: %s", str(error).strip())
    return hnsw.is_ready()


def _add_column() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
        if cursor.fetchone() is None:
            return False
        cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        (version,) = cursor.fetchone() or ("0",)
        if tuple(map(int, version.split(".")[:2])) < OLDEST:
            logger.warning("pgvector %s is too old: ALTER EXTENSION vector UPDATE, then migrate.", version)
            return False
        cursor.execute(f"ALTER TABLE {PICTURES} ADD COLUMN near halfvec")
        return True


def _fill() -> int:
    """Write some of the halves of vectors that were kept before there was the column; answers of how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, vector FROM {PICTURES} WHERE vector_version = %s AND near IS NULL"  # noqa: S608  our own names
            " AND octet_length(vector) = %s ORDER BY id LIMIT %s FOR UPDATE",
            [VERSION, 4 * DIMENSIONS, FILLED_AT_ONCE],
        )
        found = cursor.fetchall()
        if found:
            cursor.execute("CREATE TEMPORARY TABLE filling (id bigint, near halfvec)")
            with cursor.copy("COPY filling FROM STDIN (FORMAT BINARY)") as copy:
                vectors = np.frombuffer(b"".join(vector for _pk, vector in found), "<f4").reshape(-1, DIMENSIONS)
                copy.write(copied([pk for pk, _vector in found], vectors))
            cursor.execute(
                f"UPDATE {PICTURES} picture SET near = filling.near FROM filling WHERE picture.id = filling.id"  # noqa: S608
            )
            cursor.execute("DROP TABLE filling")
    return len(found)


def copied(ids: list[int], vectors: Vectors) -> bytes:
    """Ids and halves of vectors as COPY reads them."""
    halves = vectors.astype(">f2")
    size = 4 + 2 * DIMENSIONS
    rows = (COPY_ROW.pack(2, 8, pk, size, DIMENSIONS, 0) + half.tobytes() for pk, half in zip(ids, halves, strict=True))
    return b"".join((COPY_HEAD, *rows, COPY_END))


def _make_index() -> None:
    try:
        _make_index_with(workers=None)
    except DatabaseError as error:
        # Workers share memory, of which containers have little.
        logger.info("The index of vectors is made by one process: %s", str(error).strip())
        _make_index_with(workers=0)


def _make_index_with(*, workers: int | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s"
            " AND starts_with(indexname, %s)",
            [PICTURES, f"{PICTURES}_near_"],
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(other)}")
        cursor.execute(f"SELECT count(*) FROM {PICTURES} WHERE vector_version = %s", [VERSION])  # noqa: S608
        (pictures,) = cursor.fetchone() or (0,)
        memory = min(max(pictures * BYTES_EACH, LEAST_MEMORY), MOST_MEMORY)
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [f"{memory // 1024}kB"])
        if workers is not None:
            cursor.execute("SELECT set_config('max_parallel_maintenance_workers', %s, true)", [str(workers)])
        cursor.execute(
            f"CREATE INDEX {INDEX} ON {PICTURES} USING hnsw (({HALVES}) halfvec_ip_ops)"
            f" WITH (m = {NEIGHBOURS}, ef_construction = {EF_CONSTRUCTION}) WHERE vector_version = %s",
            [VERSION],
        )
