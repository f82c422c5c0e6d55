"""RQ as a doorbell for pictures that the eye has not seen yet; see `searches.doorbell`.

It says "look whether there is something to be done": which pictures, the rows say.
"""

import logging
import time

import django_rq
import redis
from rq.exceptions import DuplicateJobError

from accounts.valkey import connection

logger = logging.getLogger(__name__)

# Their queue comes last: searches go first.
QUEUE, TASK = "looks", "catalog.jobs.embed_pictures"
# So many workers may be at it at once.
WORKERS = 4
MOST_SECONDS = 300


def ring(*, workers: int = 1) -> bool:
    """Ask so many workers to see to it. False, not an error, when Valkey is away: the scheduler rings again."""
    queue = django_rq.get_queue(QUEUE, connection=connection())
    # An import keeps thousands of pictures, each of which rings; the remains of a dead turn keep nobody silent.
    moment = int(time.time()) // 60
    for number in range(min(workers, WORKERS)):
        try:
            job_id = f"items-{number}-{moment}"
            queue.enqueue(TASK, job_id=job_id, unique=True, job_timeout=MOST_SECONDS, result_ttl=0, failure_ttl=0)
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True
