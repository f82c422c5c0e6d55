"""RQ as a doorbell for looks; see `searches.doorbell`. Their queue comes last: searches go first."""

import logging
import time
from collections.abc import Iterable
from contextlib import suppress

import django_rq
import redis
from rq.exceptions import DuplicateJobError
from rq.job import Job

from searches.models import Look
from searches.valkey import connection

logger = logging.getLogger(__name__)

QUEUE, TASK = "looks", "searches.looks.jobs.work"
# Those that go before, in whichever order.
SEARCHES = ("interactive", "batch")
# A look takes as long as its pictures' hosts do, and steps aside for searches meanwhile.
SECONDS_A_TURN = 600
# Bells for looks that wait for long are not rung again and again.
SECONDS_OF_A_NAME = 600


def ring(looks: Iterable[Look], *, again: bool = False) -> bool:
    """Ask the workers for these looks. False, not an error, when Valkey is away: the scheduler rings again."""
    queue = django_rq.get_queue(QUEUE, connection=connection())
    moment = f"-{int(time.time()) // SECONDS_OF_A_NAME}" if again else ""
    for look in looks:
        try:
            queue.enqueue(
                TASK,
                look.pk,
                job_id=f"{_name(look)}{moment}",
                unique=True,
                job_timeout=SECONDS_A_TURN,
                result_ttl=0,
                failure_ttl=0,
            )
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True


def unring(look: Look) -> None:
    """Take the bell back, as somebody is at it: the next worker need not fork for nothing."""
    queue = django_rq.get_queue(QUEUE, connection=connection())
    with suppress(redis.RedisError):
        if connection().lrem(queue.key, 1, _name(look)):
            connection().delete(Job.key_for(_name(look)))


def searches_wait() -> bool:
    """Whether a bell for a search, or for a batch, rings unheard. No when Valkey is away: nobody could heed it."""
    with suppress(redis.RedisError):
        queues = [django_rq.get_queue(name, connection=connection()) for name in SEARCHES]
        return any(connection().llen(queue.key) for queue in queues)
    return False


def _name(look: Look) -> str:
    return f"look-{look.pk}-{look.claims}"
