"""RQ as a doorbell for files that are to be written: it says "look at row N", and losing it loses nothing."""

import logging
import time
from collections.abc import Iterable

import django_rq
import redis
from rq.exceptions import DuplicateJobError

from accounts.valkey import connection
from exports.models import Export

logger = logging.getLogger(__name__)

TASK = "exports.jobs.write_export"
# A workbook of a thousand products and their pictures takes minutes.
MOST_SECONDS = 1800


def ring(exports: Iterable[Export]) -> bool:
    """False, not an error, when Valkey is away: the scheduler rings again."""
    queue = django_rq.get_queue("batch", connection=connection())
    # Ringing twice in a few seconds queues once; the remains of a dead turn keep nobody silent.
    moment = int(time.time()) // 10
    for export in exports:
        job_id = f"export-{export.pk}-{moment}"
        try:
            queue.enqueue(
                TASK, export.pk, job_id=job_id, unique=True, result_ttl=0, failure_ttl=0, job_timeout=MOST_SECONDS
            )
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True
