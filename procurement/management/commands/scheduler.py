import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

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
        while not self.stopping.is_set():
            close_old_connections()
            jobs.ring_due()
            if looks % LOOKS_BETWEEN_SWEEPS == 0:
                jobs.sweep()
            looks += 1
            self.stopping.wait(SECONDS_BETWEEN_LOOKS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
