"""RQ as a doorbell: it says "look at row N", and losing it loses nothing."""

import logging
import time
from collections.abc import Iterable

import django_rq
import redis
from rq.exceptions import DuplicateJobError

from searches.models import SearchCall, SearchJob
from searches.valkey import connection

logger = logging.getLogger(__name__)

TASK = "searches.jobs.run_call"


def ring(calls: Iterable[SearchCall], *, again: bool = False, first: bool = False) -> bool:
    """Ask the workers to look at these calls. False, not an error, when Valkey is away: the scheduler rings again.

    With `first` they go before all that wait in the queue: they have stood in line already.

    A call's RQ job is named after its turn, so ringing twice for one turn queues it once. With `again` it gets another
    name each minute: the remains of a turn that ended before its claim must not keep the bell silent.
    """
    queues = {
        urgency: django_rq.get_queue(urgency.name.lower(), connection=connection()) for urgency in SearchJob.Urgency
    }
    minute = f"-{int(time.time()) // 60}" if again else ""
    for call in calls:
        job_id = f"call-{call.pk}-{call.claims}{minute}"
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
