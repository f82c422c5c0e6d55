import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from procurement.valkey import answers
from searches import jobs

SECONDS_BETWEEN_LOOKS = 0.25
LOOKS_BETWEEN_SWEEPS = 40


class Command(BaseCommand):
    help = "Rings for calls whose time has come, and for those that a lost worker or a lost queue left behind."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        looks = 0
        # Whatever rang while Valkey was away, or before it lost its data, was not heard.
        heard = False
        while not self.stopping.is_set():
            close_old_connections()
            if not heard:
                heard = answers(settings.REDIS_URL) and jobs.sweep(seconds_unheard=0)
            elif looks % LOOKS_BETWEEN_SWEEPS == 0:
                heard = jobs.sweep()
            heard = heard and jobs.ring_due()
            looks += 1
            self.stopping.wait(SECONDS_BETWEEN_LOOKS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
