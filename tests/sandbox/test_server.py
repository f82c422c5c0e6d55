"""The HTTP server itself, with raw sockets."""

import contextlib
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from wsgiref.validate import validator

import pytest
import requests

from sandbox.application import Application
from sandbox.server import MOST_BODY, Server
from tests.sandbox.calling import image, post, search, signed
from tests.sandbox.running import running_sandbox


@contextlib.contextmanager
def serving(application):
    server = Server("127.0.0.1", 0)
    server.listen(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def _hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


def _exchange(server, raw):
    """Everything the server sends until it ends the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(raw)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_application_is_good_wsgi():
    with running_sandbox() as sandbox:
        marketplace = sandbox.marketplace
    with serving(validator(Application(marketplace))) as server:
        assert requests.get(f"{server.url}/healthz", timeout=10).json()["status"] == "ok"


def test_several_requests_on_one_connection():
    raw = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    raw += b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with serving(_hello) as server:
        answer = _exchange(server, raw)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert b"POST ab" in answer and answer.endswith(b"GET ")


def test_http_1_0_clients_are_left_after_the_answer():
    with serving(_hello) as server:
        assert _exchange(server, b"GET / HTTP/1.0\r\n\r\n").endswith(b"GET ")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: many", b"400"),
        (b"Transfer-Encoding: chunked", b"411"),
    ],
)
def test_bodies_of_unknown_length_are_refused(head, status):
    with serving(_hello) as server:
        answer = _exchange(server, b"POST / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)


def test_a_body_beyond_the_limit_is_refused_in_words():
    with serving(_hello) as server:
        answer = requests.post(server.url, data=b"x" * (MOST_BODY + 1), timeout=30)
    assert answer.status_code == 413


def test_a_client_that_leaves_in_the_middle_does_no_harm():
    with serving(_hello) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nonly this")
        assert requests.get(server.url, timeout=10).text == "GET "


def test_a_failing_application_costs_one_connection(caplog):
    def broken(environ, start_response):
        raise RuntimeError("no luck")

    caplog.set_level(logging.ERROR, "sandbox")
    with serving(broken) as server:
        for _ in range(2):
            with pytest.raises(requests.exceptions.ConnectionError):
                requests.get(server.url, timeout=10)
    assert "no luck" in caplog.text


def test_a_failing_page_is_a_500(caplog):
    with running_sandbox() as sandbox:
        sandbox.marketplace.catalogue = None
        answer = requests.get(f"{sandbox.url}/healthz", timeout=10)
    assert answer.status_code == 500
    assert "/healthz failed" in caplog.text


def test_a_taken_port_is_told_at_once():
    with serving(_hello) as server, pytest.raises(OSError, match="in use"):
        Server("127.0.0.1", server.port)


def test_stopping_ends_connections_that_hang():
    with ThreadPoolExecutor() as pool:
        with running_sandbox(fault="hang") as sandbox:
            hanging = [pool.submit(post, sandbox, signed(sandbox)) for _ in range(3)]
            while [call["outcome"] for call in sandbox.calls()] != ["hang"] * 3:
                pass
        for call in hanging:
            assert isinstance(call.exception(timeout=30), requests.exceptions.ConnectionError)


def test_many_clients_at_once_get_their_own_answers():
    products = ["plate-01", "box-01", "ring-01", "bar-01"]
    with running_sandbox(limit=1000) as sandbox:
        expected = {product: search(sandbox, product) for product in products}
        with ThreadPoolExecutor(8) as pool:
            asked = products * 8
            found = list(pool.map(lambda product: search(sandbox, product), asked))
        assert all(expected[product] == result for product, result in zip(asked, found, strict=True))
        assert len({call["arrived"] for call in sandbox.calls()}) > 1


def test_a_session_keeps_its_connection():
    with running_sandbox() as sandbox, requests.Session() as session:
        data = signed(sandbox, image=image(sandbox.query()))
        peers = set()
        for _ in range(3):
            answer = session.post(f"{sandbox.url}/openapi/param2/2.0/", data=data, stream=True, timeout=20)
            peers.add(answer.raw.connection.sock.getsockname())
            assert answer.json()
        assert len(peers) == 1
