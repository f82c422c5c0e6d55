"""RQ as a doorbell for pictures that the eye has not seen yet; see `searches.doorbell`.

It says "look whether there is something to be done": which pictures, the rows say.
"""

import logging
import time

import django_rq
import redis
from django.conf import settings
from rq.exceptions import DuplicateJobError

from accounts.valkey import connection

logger = logging.getLogger(__name__)

TASK = "catalog.jobs.embed_pictures"
# So many workers may be at it at once.
WORKERS = 4


def ring(*, workers: int = 1) -> bool:
    """Ask so many workers to see to it. False, not an error, when Valkey is away: the scheduler rings again."""
    queue = django_rq.get_queue(_queue(), connection=connection())
    # Ringing many times within a second queues once: an import keeps thousands of pictures.
    moment = int(time.time())
    for number in range(min(workers, WORKERS)):
        try:
            queue.enqueue(TASK, job_id=f"items-{number}-{moment}", unique=True, result_ttl=0, failure_ttl=0)
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True


def _queue() -> str:
    return "looks" if "looks" in settings.RQ_QUEUES else "batch"
