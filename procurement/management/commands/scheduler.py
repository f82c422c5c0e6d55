import signal
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from batches import feeding
from batches import jobs as batch_jobs
from batches.models import BatchFile, BatchRow
from catalog import jobs as catalog_jobs
from catalog.imports import jobs as import_jobs
from catalog.models import CatalogImport, ImportPicture, ItemPicture
from exports import jobs as export_jobs
from exports.models import Export
from procurement import alive, housekeeping
from procurement.valkey import answers
from searches import jobs, standing, turns
from searches.clock import ClockWatch
from searches.looks import jobs as look_jobs
from searches.models import Look, OfferPicture
from suppliers import jobs as list_jobs
from suppliers.models import KeptPicture

SECONDS_BETWEEN_LOOKS = 0.25
# While calls stand in line: a slot that is handed out so much later is idle so long.
SECONDS_BETWEEN_TURNS = 0.05
SECONDS_BETWEEN_SWEEPS = 10
SECONDS_BETWEEN_FEEDS = 1
SECONDS_BETWEEN_NEWS = 1  # for those in line
SECONDS_FOR_THE_LAST_STEP = 5


class Command(BaseCommand):
    help = (
        "Rings for calls whose time or turn has come and for those that a lost worker or a lost queue left behind, "
        "and begins the searches of batches."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        swept_at = fed_at = told_at = 0.0
        # Whatever rang while Valkey was away, or before it lost its data, was not heard.
        heard = False
        clock = ClockWatch(
            BatchFile, BatchRow, Export, KeptPicture, Look, OfferPicture, ItemPicture, CatalogImport, ImportPicture
        )
        keeper = housekeeping.start(self.stopping)
        while not self.stopping.is_set():
            close_old_connections()
            alive.show()
            clock.look()
            if not heard:
                heard = answers(settings.REDIS_URL) and jobs.sweep(seconds_unheard=0)
                swept_at = time.monotonic()
            elif time.monotonic() - swept_at > SECONDS_BETWEEN_SWEEPS:
                heard = jobs.sweep() and look_jobs.sweep()
                swept_at = time.monotonic()
            heard = heard and jobs.ring_due()
            if time.monotonic() - fed_at > SECONDS_BETWEEN_FEEDS:
                feeding.feed()
                heard = heard and batch_jobs.ring_due() and list_jobs.ring_due() and export_jobs.ring_due()
                heard = heard and catalog_jobs.ring_due() and import_jobs.ring_due()
                fed_at = time.monotonic()
            in_line = False
            with suppress(redis.RedisError):
                in_line = heard and turns.hand_out()
                if in_line and time.monotonic() - told_at > SECONDS_BETWEEN_NEWS:
                    standing.tell_those_in_line()
                    told_at = time.monotonic()
            self.stopping.wait(SECONDS_BETWEEN_TURNS if in_line else SECONDS_BETWEEN_LOOKS)
        keeper.join(SECONDS_FOR_THE_LAST_STEP)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
