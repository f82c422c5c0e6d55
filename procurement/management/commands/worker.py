from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django_rq.management.commands import rqworker

from procurement.processes import give_way
from procurement.valkey import wait_for_answer
from searches import jobs

SECONDS_FOR_VALKEY = 60


class Command(rqworker.Command):
    """django-rq's worker with the portal's choices fixed.

    The task module is imported here, before any fork: a work horse that imports it itself takes 17 times as long.
    """

    help = f"Works on search calls ({jobs.__name__})."

    def handle(self, *args: Any, **options: Any) -> None:
        # Whoever looks at a page waits for it; searches are waited for anyway.
        give_way()
        # Started together with its Valkey, as `make run` does, a worker may well be the first of the two.
        if not wait_for_answer(settings.REDIS_URL, SECONDS_FOR_VALKEY):
            raise CommandError(f"Valkey did not answer within {SECONDS_FOR_VALKEY} s.")
        options.update(
            worker_class="procurement.worker.PortalWorker",
            serializer="rq.serializers.JSONSerializer",
            verbosity=0,
            # A quarter of a minute less is how long it waits for work before it shows that it is there.
            worker_ttl=75,
        )
        super().handle(*settings.RQ_QUEUES, **options)  # type: ignore[no-untyped-call]  # django-rq's commands are untyped
