"""A network that delays: a TCP proxy on loopback that holds each connection's first bytes back, there and back."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536


@contextmanager
def jittery(host: str, port: int, *, seconds: tuple[float, float], seed: int = 1) -> Iterator[int]:
    """The port of a proxy to `host:port` that delays requests and answers by as much, each by chance."""
    dice = random.Random(seed)  # noqa: S311  delays are no secrets
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)

    def accept() -> None:
        # Ends with the listener.
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = socket.create_connection((host, port))
                for source, target in ((client, server), (server, client)):
                    pipe = (source, target, dice.uniform(*seconds))
                    threading.Thread(target=_pass_on, args=pipe, daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _pass_on(source: socket.socket, target: socket.socket, delay: float) -> None:
    with suppress(OSError):
        first = True
        while data := source.recv(CHUNK):
            if first:
                time.sleep(delay)
                first = False
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
