import signal
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from procurement.valkey import ValkeyNotStarted, answers, embedded_url, other_clients, running_server

# Workers end their registrations on the way out; the supervisor kills after 10 s (SECONDS_TO_END).
SECONDS_FOR_CLIENTS_TO_LEAVE = 4.0


class Stop(Exception):
    """Raised by a signal, out of the wait for the server."""


class Command(BaseCommand):
    help = "Runs the embedded Valkey server of this installation, append-only, in VAR_DIR."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if answers(embedded_url(settings.VAR_DIR)):
            raise CommandError("An embedded Valkey server of this folder is running already.")
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            with running_server(settings.VAR_DIR) as server:
                try:
                    server.wait()
                except Stop:
                    self._let_clients_leave()
                    return
                raise CommandError(f"Valkey ended by itself with status {server.returncode}.")
        except ValkeyNotStarted as error:
            raise CommandError(str(error)) from error
        except Stop:
            return

    def _stop(self, number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise Stop

    def _let_clients_leave(self) -> None:
        deadline = time.monotonic() + SECONDS_FOR_CLIENTS_TO_LEAVE
        while time.monotonic() < deadline and other_clients(embedded_url(settings.VAR_DIR)):
            time.sleep(0.05)
