"""RQ as a doorbell: it says "look at row N", and losing it loses nothing."""

import logging
import time
from collections.abc import Iterable
from contextlib import suppress

import django_rq
import redis
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.job import Job

from searches.models import SearchCall, SearchJob
from searches.valkey import connection

logger = logging.getLogger(__name__)

TASK = "searches.jobs.work"


def ring(calls: Iterable[SearchCall], *, again: bool = False, first: bool = False) -> bool:
    """Ask the workers to look at these calls. False, not an error, when Valkey is away: the scheduler rings again.

    With `first` they go before all that wait in the queue: they have stood in line already.

    A call's RQ job is named after its turn, so ringing twice for one turn queues it once. With `again` it gets another
    name each minute: the remains of a turn that ended before its claim must not keep the bell silent.
    """
    queues = {urgency: _queue(urgency) for urgency in SearchJob.Urgency}
    minute = f"-{int(time.time()) // 60}" if again else ""
    for call in calls:
        job_id = f"{_name(call)}{minute}"
        try:
            queues[SearchJob.Urgency(call.urgency)].enqueue(
                TASK, call.pk, job_id=job_id, unique=True, at_front=first, result_ttl=0, failure_ttl=0
            )
        except DuplicateJobError:
            continue
        except redis.RedisError as error:
            logger.warning("Valkey does not answer (%s): the scheduler will ring later", type(error).__name__)
            return False
    return True


def unring(call: SearchCall) -> None:
    """Take the bell for this turn back, as somebody is at it: the next worker need not fork for nothing."""
    queue, job_id = _queue(SearchJob.Urgency(call.urgency)), _name(call)
    with suppress(redis.RedisError):
        # A job that has left the queue is another worker's, who finds the call taken.
        if connection().lrem(queue.key, 1, job_id):
            connection().delete(Job.key_for(job_id))


def _queue(urgency: SearchJob.Urgency) -> Queue:
    queue: Queue = django_rq.get_queue(urgency.name.lower(), connection=connection())
    return queue


def _name(call: SearchCall) -> str:
    return f"call-{call.pk}-{call.claims}"
