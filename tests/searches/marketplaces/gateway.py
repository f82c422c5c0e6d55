"""A gateway of the tests' own: a real HTTP server on the loopback interface that answers what a script says.

It records every request and checks its signature by code written from the protocol's document, not by calling ours.
"""

import gzip
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SECRET = "test123"
APP_KEY = "12345678"


@dataclass(frozen=True)
class Recorded:
    """params: of the form, or of the query where there is none. content: of a JSON body."""

    method: str
    target: str
    headers: dict[str, str]
    params: dict[str, str]
    signature_holds: bool
    content: Any = None

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


Answer = Callable[["Wire"], None]


@dataclass
class Gateway:
    """`script` is answered one after the other; the last answer is for all that follow."""

    url: str = ""
    script: list[Answer] = field(default_factory=list)
    requests: list[Recorded] = field(default_factory=list)
    reads_after: float = 0
    over: threading.Event = field(default_factory=threading.Event)

    def answers(self, *script: Answer) -> None:
        self.script = list(script)

    @property
    def last(self) -> Recorded:
        return self.requests[-1]


class Wire(BaseHTTPRequestHandler):
    """One connection. `write` puts bytes on it as they are."""

    protocol_version = "HTTP/1.1"
    gateway: Gateway

    def do_GET(self) -> None:
        self._serve(urlsplit(self.path).query)

    def do_POST(self) -> None:
        if self.gateway.script[0] is deaf:
            deaf(self)
            return
        self.gateway.over.wait(self.gateway.reads_after)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"] == "application/json":
            self._serve("", json.loads(body))
        else:
            self._serve(body)

    def _serve(self, form: str, content: Any = None) -> None:
        pairs = parse_qsl(form, keep_blank_values=True, strict_parsing=bool(form))
        headers = {name.lower(): value for name, value in self.headers.items()}
        holds = dict(pairs).get("sign") == independent_signature(pairs, SECRET)
        self.gateway.requests.append(Recorded(self.command, self.path, headers, dict(pairs), holds, content))
        script = self.gateway.script
        answer = script.pop(0) if len(script) > 1 else script[0]
        answer(self)

    def write(self, data: bytes) -> None:
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


def independent_signature(pairs: list[tuple[str, str]], secret: str) -> str:
    """As MARKETPLACES section 1 words it, with the form encoding spelt out."""
    plain = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")

    def encoded(text: str) -> str:
        return "".join(
            chr(byte) if byte in plain else "+" if byte == 0x20 else f"%{byte:02X}" for byte in text.encode()
        )

    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(pairs) if name != "sign")
    return hashlib.md5((query + secret).encode(), usedforsecurity=False).hexdigest().upper()


def reply(
    body: bytes | str = b"", *, status: int = 200, content_type: str = "application/json", **headers: Any
) -> Answer:
    """A well-formed answer; header names are given with `_` for `-`."""
    content = body.encode() if isinstance(body, str) else body

    def answer(wire: Wire) -> None:
        wire.send_response(status)
        wire.send_header("Content-Type", content_type)
        wire.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            wire.send_header(name.replace("_", "-"), value)
        wire.end_headers()
        wire.write(content)

    return answer


def json_reply(payload: object, *, status: int = 200, **headers: Any) -> Answer:
    return reply(json.dumps(payload), status=status, **headers)


def refused(code: object, msg: str = "refused", *, status: int = 200, **headers: Any) -> Answer:
    """The document's error envelope."""
    return json_reply({"error_response": {"code": code, "msg": msg, "request_id": "req-1"}}, status=status, **headers)


def found(*products: object, **result: object) -> Answer:
    """The document's success envelope."""
    return json_reply(
        {
            "alibaba_image_search_response": {
                "result": {"total": len(products), "page": 1, "page_size": 20, "products": list(products), **result}
            }
        }
    )


def hang(wire: Wire) -> None:
    """No answer at all, until the test is over."""
    wire.gateway.over.wait(60)
    wire.close_connection = True


def after(seconds: float, answer: Answer) -> Answer:
    """The answer, late."""

    def late(wire: Wire) -> None:
        wire.gateway.over.wait(seconds)
        answer(wire)

    return late


def drip(start: bytes, drop: bytes) -> Answer:
    """`start`, then `drop` again and again: every read time-out starts anew, the answer never ends."""

    def answer(wire: Wire) -> None:
        wire.close_connection = True
        try:
            wire.write(start)
            while not wire.gateway.over.wait(0.02):
                wire.write(drop)
        except OSError:
            pass  # the client has gone, as it should

    return answer


def deaf(wire: Wire) -> None:
    """Never reads the request's body."""
    hang(wire)


def broken_off(data: bytes) -> Answer:
    """These bytes, then the end of the connection."""

    def answer(wire: Wire) -> None:
        wire.write(data)
        wire.close_connection = True

    return answer


def reset(wire: Wire) -> None:
    wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.connection.close()
    wire.close_connection = True


def redirect(location: str, status: int = 302) -> Answer:
    return reply(status=status, Location=location)


def gzip_bomb(megabytes: int) -> bytes:
    return gzip.compress(b"[" + b" " * 1_000_000 * megabytes + b"]")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    address_family = socket.AF_INET

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hangs up early is what many of these tests are about


@contextmanager
def running_gateway(tls: SSLContext | None = None, *, receive_buffer: int | None = None) -> Iterator[Gateway]:
    gateway = Gateway()
    handler = type("Handler", (Wire,), {"gateway": gateway})
    with _Server(("127.0.0.1", 0), handler) as server:
        if receive_buffer:
            server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        gateway.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield gateway
        finally:
            gateway.over.set()
            server.shutdown()
            thread.join()
