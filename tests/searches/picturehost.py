"""A host of offers' pictures, on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.batches.making import picture


class Host(BaseHTTPRequestHandler):
    """A marketplace's pictures; counts, and fails for some."""

    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        self.send_response(404 if "missing" in self.path else 200)
        self.end_headers()
        self.wfile.write(b"no picture" if "bad" in self.path else picture(len(self.path)))

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def host(settings) -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    made.hits = []
    made.url = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{made.server_port}"]
    yield made
    made.shutdown()
    made.server_close()
    thread.join()
