"""The RQ worker as this portal runs it."""

import django_rq
from rq.executions import Execution
from rq.job import JobStatus
from rq.registry import StartedJobRegistry

from procurement.worker import PortalWorker


def test_what_a_killed_worker_left_in_the_lists_ends_no_other_worker() -> None:
    """Its execution has expired and is listed still: rq raises ValueError, and its worker would quit."""
    queue = django_rq.get_queue("interactive")
    job = queue.enqueue("searches.jobs.work", 1, job_id="call-1-0", failure_ttl=0)
    job.set_status(JobStatus.STARTED)
    worker = PortalWorker([queue], connection=queue.connection)
    with queue.connection.pipeline() as pipeline:
        execution = Execution.create(job, ttl=1, pipeline=pipeline, worker_name="killed")
        pipeline.execute()
    queue.connection.delete(execution.key)
    started = StartedJobRegistry(queue=queue)
    queue.connection.zadd(started.key, {execution.composite_key: 1})
    worker.clean_registries()
    assert not worker.should_run_maintenance_tasks
