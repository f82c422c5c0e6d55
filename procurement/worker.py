"""The RQ worker as this portal runs it."""

from typing import Any

from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from rq import Worker
from rq.utils import now

from procurement import alive
from procurement.processes import die_with_parent
from searches.imaging import start_reading


class PortalWorker(Worker):
    """Outlives a restart of Valkey, and takes its work horse along when it is killed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without this a worker ends when the server is away while a job finishes (measured: FINDINGS, rq).
        self.connection.set_retry(Retry(ExponentialBackoff(cap=2, base=0.1), 60))

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        alive.show()  # first: Valkey may be away, and then this worker waits for it
        super().heartbeat(*args, **kwargs)

    def clean_registries(self) -> None:
        try:
            super().clean_registries()  # type: ignore[no-untyped-call]  # rq is untyped here
        except ValueError as error:
            # For a minute after a killed worker, rq lists an execution that has expired, and would end this one, too.
            self.log.warning("rq's lists are cleaned later: %s", error)
            self.last_cleaned_at = now()  # type: ignore[assignment]  # rq's hint is only its first value

    def fork_work_horse(self, *args: Any, **kwargs: Any) -> None:
        start_reading()  # the work horses share it, instead of each starting its own
        super().fork_work_horse(*args, **kwargs)

    def setup_work_horse_signals(self) -> None:
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]  # rq is untyped here
        die_with_parent()
