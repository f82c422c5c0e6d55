"""The RQ worker as this portal runs it."""

from typing import Any

from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from rq import Worker

from procurement.processes import die_with_parent
from searches.imaging import start_reading


class PortalWorker(Worker):
    """Outlives a restart of Valkey, and takes its work horse along when it is killed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without this a worker ends when the server is away while a job finishes (measured: FINDINGS, rq).
        self.connection.set_retry(Retry(ExponentialBackoff(cap=2, base=0.1), 60))

    def fork_work_horse(self, *args: Any, **kwargs: Any) -> None:
        start_reading()  # the work horses share it, instead of each starting its own
        super().fork_work_horse(*args, **kwargs)

    def setup_work_horse_signals(self) -> None:
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]  # rq is untyped here
        die_with_parent()
