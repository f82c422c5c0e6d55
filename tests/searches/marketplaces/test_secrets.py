"""No secret, signature, signed URL or picture in an exception, its causes, its frames, or a log at its loudest."""

import base64
import logging
import re
import traceback
from collections.abc import Callable

import pytest

from searches.marketplaces import Account, MarketplaceError, SearchRequest
from searches.marketplaces.image_search_md5 import ImageSearchMd5
from tests.searches.marketplaces.conftest import SHORT
from tests.searches.marketplaces.gateway import (
    Answer,
    Gateway,
    Wire,
    broken_off,
    found,
    hang,
    json_reply,
    redirect,
    refused,
    reply,
    reset,
    running_gateway,
)

SECRET = "marked-secret-4711"
TOKEN = "marked-token-0815"
PICTURE = b"\xff\xd8 marked picture \xff\xd9"
BY_PICTURE = SearchRequest(image=PICTURE)
BY_URL = SearchRequest(image_url="https://cbu01.alicdn.com/img/a.jpg")
BOTH = pytest.mark.parametrize("request_", [BY_PICTURE, BY_URL], ids=["post", "get"])
SIGNATURE = re.compile(r"[0-9A-F]{32}")
HEAD = b"HTTP/1.1 200 OK\r\n"


def account_at(base_url: str) -> Account:
    return Account(base_url, "12345678", SECRET, TOKEN)


def give_away(text: str) -> bool:
    image = base64.b64encode(PICTURE).decode()
    parts = (SECRET, TOKEN, "sign=", "app_key=1", "marked picture", image, image.replace("=", "%3D"))
    return any(part in text for part in parts) or SIGNATURE.search(text) is not None


def told_by(error: BaseException) -> str:
    """Everything that a traceback, a debugger or a crash reporter shows of an error, its locals included."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            waiting += [one.__cause__, one.__context__]
    shown = ["".join(traceback.TracebackException.from_exception(one, capture_locals=True).format()) for one in seen]
    return "\n".join([*shown, *(f"{one!r} {one} {vars(one)}" for one in seen)])


def search_and_tell(base_url: str, request: SearchRequest) -> str:
    with ImageSearchMd5(account_at(base_url), SHORT) as client, pytest.raises(MarketplaceError) as failure:
        client.search(request)
    # Of the frames, only those of the product: this test's own hold the secret.
    innermost = failure.value.__traceback__
    assert innermost is not None
    failure.value.__traceback__ = innermost.tb_next
    return told_by(failure.value)


def redirect_quoting_the_call(wire: Wire) -> None:
    redirect(f"https://elsewhere.invalid{wire.gateway.last.target}")(wire)


def report_quoting_the_call(wire: Wire) -> None:
    sign = wire.gateway.last.params["sign"]
    refused("25", f"Invalid signature {sign}: md5(…{SECRET}) with {TOKEN} expected")(wire)


FAULTS: dict[str, Answer] = {
    "hang": hang,
    "reset": reset,
    "closed": broken_off(b""),
    "no http": broken_off(b"SSH-2.0\r\n"),
    "cut": broken_off(HEAD + b"Content-Length: 1000\r\n\r\n{"),
    "bad chunk": broken_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{"),
    "bad header": broken_off(HEAD + b"a header without a colon\r\n\r\n{}"),
    "two lengths": broken_off(HEAD + b"Content-Length: 1, 2\r\n\r\n{}"),
    "html": reply("<html>"),
    "empty": reply(""),
    "502": reply("", status=502),
    "429": refused("429"),
    "redirect": redirect_quoting_the_call,
    "quoting": report_quoting_the_call,
    "gzip": reply("{}", Content_Encoding="gzip"),
    "wrong": json_reply([]),
}


@pytest.fixture(autouse=True)
def loudest(caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "urllib3", "requests", "urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
        caplog.set_level(logging.DEBUG, logger=name)


@BOTH
@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_gives_anything_away(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, fault: str, request_: SearchRequest
) -> None:
    gateway.answers(FAULTS[fault])

    told = search_and_tell(gateway.url, request_)

    assert "MarketplaceError" in told
    assert not give_away(told)
    assert "127.0.0.1" in caplog.text  # urllib3 did log the call
    assert not give_away(caplog.text)


def test_a_vendor_that_quotes_the_secret_is_not_quoted(gateway: Gateway) -> None:
    gateway.answers(report_quoting_the_call)

    with ImageSearchMd5(account_at(gateway.url)) as client, pytest.raises(MarketplaceError) as failure:
        client.search(BY_URL)

    assert failure.value.message == "Invalid signature ***: md5(…***) with *** expected"


@pytest.mark.parametrize("before", range(300 - len(SECRET), 301, 6))
def test_a_secret_that_lies_across_the_end_of_a_message_is_not_quoted(gateway: Gateway, before: int) -> None:
    gateway.answers(refused("25", "x" * before + SECRET))
    with pytest.raises(MarketplaceError) as caught:
        ImageSearchMd5(account_at(gateway.url), SHORT).search(BY_URL)
    assert SECRET[:6] not in caught.value.message


@BOTH
def test_a_host_that_is_not_there_gives_nothing_away(caplog: pytest.LogCaptureFixture, request_: SearchRequest) -> None:
    with running_gateway() as gone:
        pass

    told = search_and_tell(gone.url, request_)

    assert "ConnectionRefusedError: Connection refused" in told
    assert not give_away(told + caplog.text)


@BOTH
def test_a_name_that_is_not_known_gives_nothing_away(caplog: pytest.LogCaptureFixture, request_: SearchRequest) -> None:
    told = search_and_tell("http://gateway.invalid", request_)

    assert not give_away(told + caplog.text)


@BOTH
def test_a_call_that_succeeds_is_logged_without_its_signature(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, request_: SearchRequest
) -> None:
    gateway.answers(found())

    with ImageSearchMd5(account_at(gateway.url)) as client:
        client.search(request_)

    assert "/openapi/param2/2.0/" in caplog.text
    assert not give_away(caplog.text)


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_an_account_shows_no_secret(show: Callable[[object], str]) -> None:
    shown = show(account_at("https://gw.open.1688.com"))

    assert "12345678" in shown
    assert not give_away(shown)
