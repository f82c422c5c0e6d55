"""RQ as a doorbell for pictures that are to be kept; see `searches.doorbell`."""

import logging
import time
from collections.abc import Iterable

import django_rq
import redis
from rq.exceptions import DuplicateJobError

from searches.valkey import connection

logger = logging.getLogger(__name__)

TASK = "suppliers.jobs.keep_picture"


def ring(pictures: Iterable[int]) -> bool:
    """Ask the workers to fetch these. False, not an error, when Valkey is away: the scheduler rings again."""
    queue = django_rq.get_queue("batch", connection=connection())
    # Ringing twice in a few seconds queues once; the remains of a dead turn keep nobody silent.
    moment = int(time.time()) // 10
    for pk in pictures:
        try:
            queue.enqueue(TASK, pk, job_id=f"picture-{pk}-{moment}", unique=True, result_ttl=0, failure_ttl=0)
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True
