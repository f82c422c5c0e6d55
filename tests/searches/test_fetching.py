"""Only public hosts are fetched from, however the address is written; what is fetched is bounded."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from searches import fetching
from searches.fetching import FetchRefused, fetch_picture


class Handler(BaseHTTPRequestHandler):
    """Answers by path, and counts."""

    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/photo")
            self.end_headers()
        elif self.path == "/moved-and-held":
            self.send_response(302)
            self.send_header("Location", "/photo")
            self.end_headers()
            self.server.closing.wait(10)
        elif self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", unquote(self.path.removeprefix("/to?")).encode().decode("latin-1"))
            self.end_headers()
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            for _ in range(fetching.MAX_BYTES // fetching.CHUNK + 2):
                self.wfile.write(b"x" * fetching.CHUNK)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            while not self.server.closing.wait(0.01):
                self.wfile.write(b"x")
        elif self.path == "/slow-head":
            self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Drip: ")
            for _ in range(300):
                if self.server.closing.wait(0.01):
                    return
                self.wfile.write(b"x")
            self.server.hits.append("the whole head")
            self.wfile.write(b"\r\n\r\npicture")
        else:
            self.send_response(200 if self.path == "/photo" else 404)
            self.end_headers()
            self.wfile.write(b"picture")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.hits, made.closing = [], threading.Event()
    made.handle_error = lambda *arguments: None  # clients that hang up are the point of some tests
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.closing.set()
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def allowed(server, settings) -> str:
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{server.server_port}"]
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def public(server, monkeypatch) -> str:
    """The same server under a public name: connections to its public address, and to no other, end there."""
    connect = socket.socket.connect

    def resolve(host, port, *arguments, **options):
        address = "10.0.0.1" if host == "inside.example" else "93.184.215.14"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))]

    def connect_here(self, address):
        assert address[0] == "93.184.215.14"
        return connect(self, ("127.0.0.1", server.server_port))

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect_here)
    return "http://pictures.example"


def refusal(url: str) -> str:
    with pytest.raises(FetchRefused) as refused:
        fetch_picture(url)
    assert refused.value.message
    return refused.value.code


@pytest.mark.parametrize(
    "url", ["", "photo.jpg", "ftp://example.com/a.jpg", "file:///etc/passwd", "http://", "http://["]
)
def test_only_web_addresses(url) -> None:
    assert refusal(url) == "address"


HOSTS = [
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "[fe80::1]",
    "[fd00::1]",
    "100.64.0.1",
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("port", [None, "server"])
def test_no_private_address_however_it_is_written(host, port, server, monkeypatch) -> None:
    # Port 80 is nobody's here: a connection that were made would end at the counting server.
    connect = socket.socket.connect
    reached: list[object] = []
    monkeypatch.setattr(
        socket.socket, "connect", lambda self, address: reached.append(address) or connect(self, address)
    )
    url = f"http://{host}:{server.server_port}/photo" if port else f"http://{host}/photo"
    assert refusal(url) in ("not-public", "unreachable")
    assert reached == []
    assert server.hits == []


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["127.0.0.1", "93.184.215.14"]])
def test_a_name_that_leads_inside_is_refused(answers, monkeypatch, server) -> None:
    def resolve(*arguments, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in answers]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert refusal("http://pictures.example/photo") == "not-public"


def test_a_name_that_changes_between_check_and_connection_is_not_asked_again(monkeypatch) -> None:
    asked: list[str] = []
    connected: list[object] = []

    def resolve(host, *arguments, **options):
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host if host[0].isdigit() else address, 80))]

    def connect(self, address):
        connected.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    assert refusal("http://pictures.example/photo") == "unreachable"
    assert set(connected) == {"93.184.215.14"}


def test_proxies_of_the_environment_take_no_part(monkeypatch, server) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.server_port}")
    assert refusal("http://10.0.0.1/photo") == "not-public"
    assert server.hits == []


def test_an_allowed_host_is_fetched_from(allowed) -> None:
    assert fetch_picture(f"{allowed}/photo") == b"picture"


def test_an_allowed_host_may_not_lead_on(allowed, server) -> None:
    assert refusal(f"{allowed}/moved") == "redirects"
    assert server.hits == ["/moved"]


def test_a_redirect_is_judged_without_its_body(allowed, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    assert refusal(f"{allowed}/moved-and-held") == "redirects"


def test_a_public_host_may_lead_on(public, server, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    assert fetch_picture(f"{public}/to?http://other.example/moved-and-held") == b"picture"
    assert server.hits == ["/to?http://other.example/moved-and-held", "/moved-and-held", "/photo"]


def test_a_redirect_may_be_written_in_chinese(public, server) -> None:
    assert refusal(f"{public}/to?/杯.jpg") == "refused"
    assert unquote(server.hits[1]) == "/杯.jpg"


def test_three_times_at_most(public, server) -> None:
    assert fetch_picture(f"{public}/to?/to?/moved") == b"picture"
    server.hits.clear()
    assert refusal(f"{public}/to?/to?/to?/moved") == "redirects"
    assert len(server.hits) == 4


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://inside.example/photo", "not-public"),
        ("http://10.0.0.1/photo", "not-public"),
        ("http://pictures.example:8080/photo", "not-public"),
        ("ftp://pictures.example/photo", "redirects"),
        ("http://[", "redirects"),
    ],
)
def test_where_a_public_host_may_not_lead(target, code, public, server) -> None:
    assert refusal(f"{public}/to?{target}") == code
    assert len(server.hits) == 1


def test_a_public_host_may_not_lead_to_an_allowed_one(public, server, settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["10.0.0.1:8100"]
    assert refusal(f"{public}/to?http://10.0.0.1:8100/photo") == "not-public"


def test_what_is_not_handed_out(allowed) -> None:
    assert refusal(f"{allowed}/missing") == "refused"


def test_nobody_there(settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:1"]
    assert refusal("http://127.0.0.1:1/photo") == "unreachable"


def test_too_large(allowed) -> None:
    assert refusal(f"{allowed}/large") == "too-large"


def test_a_slow_drip_ends_at_the_deadline(allowed, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "DEADLINE_SECONDS", 0.2)
    assert refusal(f"{allowed}/slow") == "too-slow"


def test_a_slow_drip_of_headers_does_too(allowed, server, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "DEADLINE_SECONDS", 0.2)
    assert refusal(f"{allowed}/slow-head") == "too-slow"
    assert server.hits == ["/slow-head"]
