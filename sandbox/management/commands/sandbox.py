"""``manage.py sandbox``: a marketplace on this machine, to try searches with and to test against."""

import signal
import tempfile
import time
from ipaddress import ip_network
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sandbox.application import DIALECTS, Application
from sandbox.dialects.dialect import fault_names
from sandbox.manifest import DEFAULT_FOLDER, ManifestError
from sandbox.marketplace import Account, Conduct, Marketplace
from sandbox.search import Catalogue, open_catalogue
from sandbox.server import Server
from searches.visual import ModelUnavailable


class Command(BaseCommand):
    help = "Serves the sandbox marketplace over the demo catalogue until it is told to stop."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        known = Account()
        conduct = Conduct()
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8100, help="0 picks a free one (default: 8100)")
        parser.add_argument(
            "--limit", type=int, default=conduct.limit, help="calls in a window, by app key and protocol (default: 100)"
        )
        parser.add_argument("--window", type=float, default=conduct.window, help="seconds (default: 60)")
        parser.add_argument("--app-key", default=known.app_key, help="of the first account (default: %(default)s)")
        parser.add_argument("--secret", default=known.secret, help="of that account; public test data by default")
        parser.add_argument(
            "--token",
            default=known.token,
            help="its fixed access token, and its key where that is all; public test data by default",
        )
        parser.add_argument(
            "--allow-ip",
            action="append",
            default=[],
            metavar="IP",
            help="an address or network that may call; may be given again (default: every address)",
        )
        faults = fault_names(DIALECTS)
        parser.add_argument("--fault", choices=faults, metavar="NAME", help=f"one of: {', '.join(faults)}")
        parser.add_argument("--delay-ms", type=int, default=0, help="added to every API call")
        parser.add_argument("--catalogue", type=Path, default=DEFAULT_FOLDER, help="folder with manifest.json")
        parser.add_argument("--cache", type=Path, default=_cache_folder(), help="folder for the visual index")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        conduct = _conduct(options)
        try:
            server = Server(options["host"], options["port"])
        except OSError as error:
            raise CommandError(_taken(options, error)) from error
        try:
            marketplace = Marketplace(
                _catalogue(options),
                time.time,
                account=Account(options["app_key"], options["secret"], options["token"]),
                conduct=conduct,
                fault=options["fault"],
            )
            server.listen(Application(marketplace))
        except BaseException as error:
            server.server_close()
            if isinstance(error, OSError):
                raise CommandError(_taken(options, error)) from error
            raise
        self._serve(server, marketplace)

    def _serve(self, server: Server, marketplace: Marketplace) -> None:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            self.stdout.write(f"sandbox listening on {server.url}")
            self.stdout.flush()
            Event().wait()
        finally:
            # A second signal must not cut the tidying short.
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            marketplace.stopping.set()
            server.stop()


def _end(*_: object) -> None:
    raise SystemExit(0)


def _cache_folder() -> Path:
    folder = getattr(settings, "VAR_DIR", None)
    return Path(folder or tempfile.gettempdir()) / "sandbox"


def _conduct(options: dict[str, Any]) -> Conduct:
    if options["limit"] < 0 or options["window"] <= 0 or options["delay_ms"] < 0:
        raise CommandError("--limit and --delay-ms must not be negative, and --window must be above 0.")
    try:
        allowed = tuple(str(ip_network(entry, strict=False)) for entry in options["allow_ip"])
    except ValueError as error:
        raise CommandError(f"--allow-ip: {error}") from error
    return Conduct(options["limit"], options["window"], options["delay_ms"], allowed)


def _catalogue(options: dict[str, Any]) -> Catalogue:
    try:
        return open_catalogue(options["catalogue"], options["cache"])
    except ManifestError as error:
        raise CommandError(str(error)) from error
    except ModelUnavailable as error:
        raise CommandError(f"The sandbox cannot look at its pictures. {error}") from error


def _taken(options: dict[str, Any], error: OSError) -> str:
    address = f"{options['host']}:{options['port']}"
    reason = error.strerror or str(error)
    return f"The sandbox cannot listen on {address}: {reason}. Choose another with --port, or 0 for a free one."
