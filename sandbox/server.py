"""A threaded HTTP/1.1 server for a WSGI application, on the standard library alone.

``wsgiref`` closes the connection after every request and cannot misbehave on purpose; this server
keeps connections alive, and ends one without an answer when the application raises Unanswered.
"""

import io
import logging
import select
import socket
import socketserver
import struct
import sys
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sandbox.web import Unanswered

IDLE_SECONDS = 120
MOST_BODY = 16 * 1024 * 1024
MOST_DRAINED = 64 * 1024 * 1024

logger = logging.getLogger("sandbox")


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Serves ``application`` on ``(host, port)``; port 0 picks a free one.

    The address is bound at once, so that a taken port shows early (OSError); calls are taken up
    after ``listen``.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.application: WSGIApplication | None = None
        self._connections: dict[socket.socket, Thread] = {}
        self._lock = Lock()
        super().__init__((host, port), Handler, bind_and_activate=False)
        try:
            self.server_bind()
        except OSError:
            self.server_close()
            raise

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        host = str(self.server_address[0])
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def listen(self, application: WSGIApplication) -> None:
        self.application = application
        self.server_activate()

    def stop(self) -> None:
        """Ends every connection and waits for their threads. ``serve_forever`` must be running."""
        self.shutdown()
        self.server_close()
        with self._lock:
            open_connections = list(self._connections.items())
        for connection, thread in open_connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                logger.debug("A connection was gone before the server ended it.")
            thread.join(timeout=5)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._lock:
            self._connections.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave in the middle are daily life; anything else is worth a line."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            logger.exception("A connection failed.")


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests and hands them to the server's application."""

    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Server

    def parse_request(self) -> bool:
        self.arrived = time.time()
        return super().parse_request()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
        """Quiet: the calls are on record elsewhere."""

    def do_GET(self) -> None:
        body = self._read_body()
        if body is None:
            return
        try:
            head, parts = self._run(self._environ(body))
        except Unanswered as fault:
            self._leave(fault)
            return
        content = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        declared = [line for line in head if line[:15].lower() == b"content-length:"]
        if not declared:
            head.append(b"Content-Length: %d" % len(content))
        elif int(declared[0][15:]) != len(content) and self.command != "HEAD":
            self.close_connection = True
        if self.close_connection:
            head.append(b"Connection: close")
        # One write, so that head and body leave in as few packets as can be.
        self.wfile.write(b"\r\n".join(head) + b"\r\n\r\n" + (b"" if self.command == "HEAD" else content))

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_GET  # noqa: N815

    def _run(self, environ: WSGIEnvironment) -> tuple[list[bytes], Iterable[bytes]]:
        head: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = [f"HTTP/1.1 {status}".encode("latin-1")]
            head.extend(f"{name}: {value}".encode("latin-1") for name, value in headers)
            return self.wfile.write

        starter: StartResponse = start_response
        if self.server.application is None:
            raise RuntimeError("The server was not given an application.")
        parts = self.server.application(environ, starter)
        return head, parts

    def _environ(self, body: bytes) -> WSGIEnvironment:
        path, _, query = self.path.partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "sandbox.arrived": self.arrived,
        }
        for name, value in self.headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ

    def _read_body(self) -> bytes | None:
        """The request's body; None when the request was refused for it."""
        announced = self.headers.get("Content-Length", "0")
        refusal = None
        if "Transfer-Encoding" in self.headers:
            refusal = 411
        elif not (announced.isascii() and announced.isdigit()):
            refusal = 400
        elif int(announced) > MOST_BODY:
            self._drain(min(int(announced), MOST_DRAINED))
            refusal = 413
        if refusal is not None:
            self.close_connection = True
            self.send_error(refusal)
            return None
        body = self.rfile.read(int(announced))
        if len(body) < int(announced):
            self.close_connection = True
            return None
        return body

    def _drain(self, length: int) -> None:
        # A client that is still sending would see a reset instead of the refusal.
        while length > 0 and (chunk := self.rfile.read(min(length, 65536))):
            length -= len(chunk)

    def _leave(self, fault: Unanswered) -> None:
        self.close_connection = True
        if fault.reset:
            # With no time to linger, closing sends a reset in place of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.connection.close()
            return
        while True:
            select.select([self.connection], [], [])
            if not self.connection.recv(65536):
                return
