"""HTTP that goes wrong: every fault ends as a MarketplaceError, in bounded time and memory."""

import gzip
import json
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from searches.marketplaces import Account, ErrorKind, MarketplaceError, SearchRequest, Timeouts
from searches.marketplaces.image_search_md5 import ImageSearchMd5
from searches.marketplaces.signing import signed_form
from searches.marketplaces.transport import Transport
from tests.searches.marketplaces.calling import BOTH, BY_PICTURE, BY_URL, failure_of
from tests.searches.marketplaces.conftest import SHORT, tls_of
from tests.searches.marketplaces.gateway import (
    APP_KEY,
    SECRET,
    Answer,
    Gateway,
    after,
    broken_off,
    deaf,
    drip,
    found,
    gzip_bomb,
    hang,
    redirect,
    reply,
    reset,
    running_gateway,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def test_a_client_s_calls_share_one_deadline(gateway: Gateway) -> None:
    """A search of two calls must end within the lease that was reckoned for one."""
    gateway.answers(found())
    with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), Timeouts(total=0.05)) as client:
        time.sleep(0.1)
        error = failure_of(client)

    assert (error.code, gateway.requests) == ("timeout", [])


@BOTH
@pytest.mark.parametrize(
    "answer",
    [
        hang,
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        drip(HEAD + b"Content-Length: 1000000\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"[")[:10], b"\x00"),
    ],
    ids=["hang", "status", "headers", "continue", "body", "chunks", "gzip"],
)
def test_an_answer_that_does_not_come_or_does_not_end_times_out(
    gateway: Gateway, hasty_client: ImageSearchMd5, request_: SearchRequest, answer: Answer
) -> None:
    gateway.answers(answer)

    error = failure_of(hasty_client, request_)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "timeout", True)
    assert (error.retry_after, error.retry_with) == (None, None)


def test_a_gateway_that_does_not_read_times_out() -> None:
    with running_gateway(receive_buffer=4096) as gateway:
        gateway.answers(deaf)
        with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), SHORT) as client:
            error = failure_of(client, SearchRequest(image=b"x" * 5_000_000))

    assert error.code == "timeout"


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_picture_may_take_longer_to_send_than_a_connection_to_open(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with running_gateway(tls=tls_of(certificate) if tls else None, receive_buffer=4096) as gateway:
        gateway.reads_after = 1.0
        gateway.answers(found())
        patient = Timeouts(connect=0.5, read=30, total=45)
        with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), patient) as client:
            client.search(SearchRequest(image=b"x" * 5_000_000))

    assert gateway.last.signature_holds


def test_a_host_that_does_not_accept_times_out() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        # Its queue is full now: the kernel answers no further connection.
        waiting = [socket.socket() for _ in range(8)]
        for queued in waiting:
            queued.setblocking(False)
            queued.connect_ex(address)
        with ImageSearchMd5(Account(f"http://127.0.0.1:{address[1]}", APP_KEY, SECRET), SHORT) as client:
            error = failure_of(client, BY_URL)
        for queued in waiting:
            queued.close()

    assert (error.code, error.retryable) == ("timeout", True)


@BOTH
@pytest.mark.parametrize(
    "answer",
    [
        reset,
        broken_off(b""),
        broken_off(b"HTTP/1."),
        broken_off(HEAD + b"Content-Length: 1000\r\n\r\n{"),
        broken_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"),
        broken_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{"),
        broken_off(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}" * 100)[:-9]),
        broken_off(b"SSH-2.0-OpenSSH_9.2\r\n"),
        broken_off(HEAD + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n"),
        broken_off(HEAD + b"X-Many: 1\r\n" * 200 + b"\r\n"),
        broken_off(HEAD + b"Content-Length: 1, 2\r\n\r\n{}"),
    ],
    ids=[
        "reset",
        "closed",
        "status cut",
        "body cut",
        "chunk cut",
        "chunk broken",
        "gzip cut",
        "no http",
        "long header",
        "many headers",
        "two lengths",
    ],
)
def test_a_connection_that_breaks_is_to_be_tried_again(
    gateway: Gateway, client: ImageSearchMd5, request_: SearchRequest, answer: Answer
) -> None:
    gateway.answers(answer)

    error = failure_of(client, request_)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "connection", True)
    assert len(gateway.requests) == 1  # never repeated behind the caller's back


def test_nobody_there_is_to_be_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with ImageSearchMd5(Account(base_url, APP_KEY, SECRET)) as client:
            error = failure_of(client, BY_URL)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "connection", True)
    assert "Connection refused" in str(error.__cause__)


def test_a_host_name_that_cannot_be_one_is_a_configuration_error() -> None:
    with ImageSearchMd5(Account(f"http://{'a' * 64}.example", APP_KEY, SECRET)) as client:
        error = failure_of(client, BY_URL)

    assert (error.kind, error.code) == (ErrorKind.CONFIGURATION, "base-url")


def test_an_answer_cut_in_its_headers_is_to_be_tried_again(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(broken_off(b"HTTP/1.1 200 OK\r\nContent-"))

    assert failure_of(client, BY_URL).retryable


def test_a_client_goes_on_after_failures(gateway: Gateway) -> None:
    gateway.answers(reset, found(), hang, found())
    with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), Timeouts(connect=1, read=1, total=2)) as client:
        codes = [failure_of(client, BY_URL).code]
        client.search(BY_PICTURE)
        codes += [failure_of(client, BY_URL).code]
        client.search(BY_URL)

    assert codes == ["connection", "timeout"]


def test_one_deadline_holds_over_all_redirects(gateway: Gateway) -> None:
    slowly = after(0.2, redirect("/again"))
    gateway.answers(slowly, slowly, slowly, found())
    with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), Timeouts(connect=5, read=5, total=0.5)) as client:
        assert failure_of(client, BY_URL).code == "timeout"


FORM = signed_form({"a": 1}, SECRET)


@pytest.fixture
def narrow(gateway: Gateway) -> Iterator[Transport]:
    """A transport that reads a megabyte at most."""
    transport = Transport(max_bytes=1_000_000)
    yield transport
    transport.close()


@pytest.mark.parametrize(
    "answer",
    [
        reply(b" " * 1_000_001),
        broken_off(HEAD + b"\r\n" + b" " * 2_000_000),
        reply(gzip_bomb(200), Content_Encoding="gzip"),
        reply(gzip.compress(b" " * 1_000_001), Content_Encoding="x-gzip"),
        reply(zlib.compress(b" " * 1_000_001), Content_Encoding="deflate"),
        reply(gzip.compress(b"{}") + b"\x00" * 2_000_000, Content_Encoding="gzip"),
        reply(gzip_bomb(200), status=502, Content_Encoding="gzip"),
        reply(gzip_bomb(200), status=302, Content_Encoding="gzip", Location="/again"),
    ],
    ids=["long", "endless", "bomb", "x-gzip", "deflate", "padding", "bomb with 502", "bomb with 302"],
)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    gateway: Gateway, narrow: Transport, answer: Answer
) -> None:
    gateway.answers(answer)

    tracemalloc.start()
    try:
        with pytest.raises(MarketplaceError) as failure:
            narrow.get(gateway.url, FORM)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (failure.value.kind, failure.value.code) == (ErrorKind.PROTOCOL, "response-too-large")
    assert failure.value.retryable is False
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "answer",
    [
        reply(b" " * 1_000_000),
        reply(gzip.compress(b" " * 1_000_000), Content_Encoding="gzip"),
        reply(zlib.compress(b" " * 1_000_000), Content_Encoding="deflate"),
    ],
)
def test_an_answer_at_the_limit_is_read(gateway: Gateway, narrow: Transport, answer: Answer) -> None:
    gateway.answers(answer)

    assert narrow.get(gateway.url, FORM).body == b" " * 1_000_000


@pytest.mark.parametrize(
    "answer",
    [
        reply("{}", Content_Encoding="br"),
        reply("{}", Content_Encoding="gzip, gzip"),
        reply("{}", Content_Encoding="gzip"),
    ],
    ids=["unknown", "twice", "none at all"],
)
def test_an_encoding_that_was_not_asked_for_is_a_protocol_error(
    gateway: Gateway, narrow: Transport, answer: Answer
) -> None:
    gateway.answers(answer)

    with pytest.raises(MarketplaceError) as failure:
        narrow.get(gateway.url, FORM)

    assert (failure.value.kind, failure.value.code) == (ErrorKind.PROTOCOL, "content-encoding")


def test_an_answer_is_json_however_it_was_compressed(gateway: Gateway, client: ImageSearchMd5) -> None:
    body = json.dumps({"alibaba_image_search_response": {"result": {"products": [{"product_id": 1}]}}}).encode()
    gateway.answers(reply(gzip.compress(body), Content_Encoding="gzip"))

    assert len(client.search(BY_PICTURE).offers) == 1
    assert gateway.last.headers["accept-encoding"] == "gzip"
