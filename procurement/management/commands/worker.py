from typing import Any

from django_rq.management.commands import rqworker

from searches import jobs


class Command(rqworker.Command):
    """django-rq's worker with the portal's choices fixed.

    The task module is imported here, before any fork: a work horse that imports it itself takes 17 times as long.
    """

    help = f"Works on search calls ({jobs.__name__})."

    def handle(self, *args: Any, **options: Any) -> None:
        options.update(
            worker_class="procurement.worker.PortalWorker",
            serializer="rq.serializers.JSONSerializer",
            verbosity=0,
        )
        super().handle("default", **options)  # type: ignore[no-untyped-call]  # django-rq's commands are untyped
