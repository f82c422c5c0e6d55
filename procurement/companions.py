"""The servers that a command needs beside itself: run for its own duration when nobody else runs them.

Several commands may run at once, and a portal may start or end meanwhile. So both needs can be asked for again and
again: what another process ran, and took along when it ended, is then started here.
"""

import fcntl
import ipaddress
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from procurement.demo import SANDBOX_APP_KEY
from procurement.processes import die_with_parent
from procurement.valkey import ValkeyNotStarted, answers, embedded_socket, embedded_url, running_server
from searches.models import Credential

SECONDS_BETWEEN_LOOKS = 0.05
SECONDS_TO_START = 60


class NotRunning(Exception):
    """A server that is needed does not answer and was not started; the text says which and why."""


class Companions(ExitStack):
    """A block at whose end the servers that were started in it end too."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """say: is told what is started, and why."""
        super().__init__()
        self._say = say
        self._ours: set[str] = set()

    def need_valkey(self) -> None:
        """See that the embedded Valkey answers. One that the operator named in REDIS_URL is theirs to run.

        Raises NotRunning.
        """
        waiting = _patience("The embedded Valkey server does not answer.")
        while not answers(settings.REDIS_URL):
            if embedded_url(settings.VAR_DIR) != settings.REDIS_URL:
                raise NotRunning("No server answers at REDIS_URL; it counts the calls, so none was made.")
            if _accepts(socket.AF_UNIX, str(embedded_socket(settings.VAR_DIR))) or not self._may_start("valkey"):
                next(waiting)  # it is there but loads its data, or another command starts it
                continue
            try:
                self.enter_context(running_server(settings.VAR_DIR))
            except ValkeyNotStarted as error:
                raise NotRunning(f"{error}.") from error

    def need_sandbox(self, credential: Credential) -> None:
        """See that somebody listens at the credential's address, if that is the sandbox's on this machine.

        Raises NotRunning.
        """
        address = sandbox_address(credential)
        waiting = _patience(f"The sandbox marketplace at {credential.base_url} does not answer.")
        while address and not _accepts(_family(address[0]), address):
            if not self._may_start(f"sandbox-{address[1]}"):
                next(waiting)  # another command starts it
                continue
            self._say(f"Nothing listens at {credential.base_url}: starting the sandbox marketplace there.")
            self.enter_context(_running_sandbox(*address))

    def _may_start(self, name: str) -> bool:
        """Whether this command is the one that runs the server: two would spoil each other's data, or port."""
        if name in self._ours:
            return True
        lock = Path(settings.VAR_DIR) / f"{name}-of-command.lock"
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = lock.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self.enter_context(file)
        self._ours.add(name)
        return True


def _patience(problem: str) -> Iterator[None]:
    """Waits a little at each step. Raises NotRunning once that was long enough."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        yield
    raise NotRunning(problem)


def sandbox_address(credential: Credential) -> tuple[str, int] | None:
    """Where the credential's sandbox is to listen; None when it is no sandbox of this machine.

    A loopback address alone does not tell: a gateway of the operator's own that is down is not to be replaced by
    invented offers.
    """
    parts = urlsplit(credential.base_url)
    # Protocols that know no app key have an empty one.
    ours = credential.app_key in (SANDBOX_APP_KEY, "")
    if parts.scheme != "http" or not ours or not _is_loopback(parts.hostname or ""):
        return None
    return parts.hostname or "", parts.port or 80


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _accepts(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


@contextmanager
def _running_sandbox(host: str, port: int) -> Iterator[None]:
    """Raises NotRunning when it ends instead of listening; it has said why on standard error."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    sandbox = subprocess.Popen(  # noqa: S603  our own command line
        [sys.executable, str(manage), "sandbox", "--host", host, "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(die_with_parent, signal.SIGTERM),
    )
    with sandbox:
        try:
            if sandbox.stdout is None or not sandbox.stdout.readline():
                raise NotRunning("The sandbox marketplace could not be started.")
            yield
        finally:
            sandbox.terminate()
