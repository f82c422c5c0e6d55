"""RQ as a doorbell for imports: it says "look at import N", and losing it loses nothing."""

import logging
import time
from collections.abc import Iterable

import django_rq
import redis
from rq.exceptions import DuplicateJobError

from accounts.valkey import connection

logger = logging.getLogger(__name__)

GO_ON, KEEP_PICTURES = (f"catalog.imports.jobs.{name}" for name in ("go_on", "keep_pictures"))
# Reading a sheet of 200,000 rows off a workbook takes a minute, and more on a slow machine.
MOST_SECONDS = 1800
# So many workers may keep pictures of one import at once.
LANES = 4


def ring(imports: Iterable[int]) -> bool:
    """False, not an error, when Valkey is away: the scheduler rings again."""
    return _ring((GO_ON, (pk,), f"import-{pk}") for pk in imports)


def ring_pictures(imports: Iterable[int], lanes: Iterable[int] = range(LANES)) -> bool:
    """Each lane is one worker's, who rings for it again as long as there is something to do."""
    numbers = list(lanes)
    return _ring((KEEP_PICTURES, (pk, lane), f"import-pictures-{pk}-{lane}") for pk in imports for lane in numbers)


def _ring(bells: Iterable[tuple[str, tuple[int, ...], str]]) -> bool:
    queue = django_rq.get_queue("batch", connection=connection())
    # Ringing twice in a few seconds queues once; the remains of a dead turn keep nobody silent.
    moment = int(time.time()) // 5
    for task, numbers, name in bells:
        options = {"unique": True, "result_ttl": 0, "failure_ttl": 0, "job_timeout": MOST_SECONDS}
        try:
            queue.enqueue(task, *numbers, job_id=f"{name}-{moment}", **options)
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True
