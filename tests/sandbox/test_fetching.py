"""Which addresses of pictures are read, and which are refused before anything is sent."""

import socket
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from sandbox import fetching
from sandbox.fetching import fetch_picture
from sandbox.images import ImageRefusedError

OWN = "127.0.0.1:8100"


@contextmanager
def _serving(body=b"picture", status=200, headers=None, endless=False):
    """A server on loopback, and the paths that it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            length = 10**6 if endless else len(body)
            for name, value in {"Content-Length": str(length), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)
                while endless:
                    self.wfile.write(b".")
                    time.sleep(0.01)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_fetched_with_its_query(host):
    with _serving() as (port, asked):
        assert fetch_picture(f"http://{host}:{port}/a%20b.jpg?size=2#top", OWN, {}) == b"picture"
    assert asked == ["/a%20b.jpg?size=2"]


def test_no_proxy_is_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    with _serving() as (port, _):
        assert fetch_picture(f"http://127.0.0.1:{port}/a.jpg", OWN, {}) == b"picture"


def test_own_pictures_come_from_the_catalogue(tmp_path):
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"own")
    assert fetch_picture(f"http://{OWN}/pictures/a%2Ejpg", OWN, {"pictures/a.jpg": picture}) == b"own"


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/a.jpg",
        "http://example.org/a.jpg",
        "https://127.0.0.1/a.jpg",
        "ftp://127.0.0.1/a.jpg",
        "file:///etc/hostname",
        "http://127.0.0.1.example.org/a.jpg",
        "http://user:word@127.0.0.1/a.jpg",
        "http://0.0.0.0/a.jpg",
        f"http://{OWN}/no/such/picture.jpg",
        "a.jpg",
        "",
    ],
)
def test_every_other_address_is_refused(url):
    with pytest.raises(ImageRefusedError, match="nothing but its own pictures"):
        fetch_picture(url, OWN, {})


@pytest.mark.parametrize("url", ["http://[", "http://127.0.0.1:port/a.jpg"])
def test_what_is_no_address_is_told(url):
    with pytest.raises(ImageRefusedError, match="not a URL"):
        fetch_picture(url, OWN, {})


def test_no_redirect_is_followed():
    with _serving() as (port, asked), _serving(status=302, headers={"Location": f"http://127.0.0.1:{port}/"}) as other:
        with pytest.raises(ImageRefusedError, match="HTTP 302"):
            fetch_picture(f"http://127.0.0.1:{other[0]}/a.jpg", OWN, {})
        assert asked == []


def test_six_megabytes_are_the_limit():
    with _serving(bytes(6 * 1024 * 1024)) as (port, _):
        assert len(fetch_picture(f"http://127.0.0.1:{port}/", OWN, {})) == 6 * 1024 * 1024
    with _serving(bytes(6 * 1024 * 1024 + 1)) as (port, _), pytest.raises(ImageRefusedError) as refused:
        fetch_picture(f"http://127.0.0.1:{port}/", OWN, {})
    assert refused.value.too_large


def test_a_server_that_never_ends_is_left(monkeypatch):
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.2)
    with _serving(endless=True) as (port, _), pytest.raises(ImageRefusedError, match="too long"):
        fetch_picture(f"http://127.0.0.1:{port}/a.jpg", OWN, {})


def test_nobody_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ImageRefusedError, match="no answer"):
        fetch_picture(f"http://127.0.0.1:{port}/a.jpg", OWN, {})


@pytest.mark.parametrize("path", ["a b", "a\r\nHost: evil", "图"])
def test_odd_characters_do_not_reach_the_wire(path):
    with _serving() as (port, asked), pytest.raises(ImageRefusedError):
        fetch_picture(f"http://127.0.0.1:{port}/{path}", OWN, {})
    assert asked == []
