"""RQ as a doorbell for what batches have to be done in the background; see `searches.doorbell`."""

import logging
import time
from collections.abc import Iterable

import django_rq
import redis
from rq.exceptions import DuplicateJobError

from batches.models import BatchFile, BatchRow
from searches.valkey import connection

logger = logging.getLogger(__name__)

READ_FILE, FETCH_ROW = (f"batches.jobs.{name}" for name in ("read_file", "fetch_row"))


def ring_files(files: Iterable[BatchFile]) -> bool:
    return _ring(READ_FILE, (file.pk for file in files))


def ring_rows(rows: Iterable[BatchRow]) -> bool:
    return _ring(FETCH_ROW, (row.pk for row in rows))


def _ring(task: str, ids: Iterable[int]) -> bool:
    """False, not an error, when Valkey is away: the scheduler rings again."""
    queue = django_rq.get_queue("batch", connection=connection())
    # Ringing twice in a few seconds queues once; the remains of a dead turn keep nobody silent.
    moment = int(time.time()) // 10
    for pk in ids:
        try:
            job_id = f"{task.rsplit('.')[-1]}-{pk}-{moment}"
            queue.enqueue(task, pk, job_id=job_id, unique=True, result_ttl=0, failure_ttl=0)
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True
