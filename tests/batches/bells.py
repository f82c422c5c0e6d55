"""What workers of batches were rung for."""

import django_rq

from searches.valkey import connection


def rung() -> set[tuple[str, int]]:
    """The tasks that wait in the batches' queue, each with the id that it was given."""
    queue = django_rq.get_queue("batch", connection=connection())
    return {(job.func_name, job.args[0]) for job in queue.jobs}
