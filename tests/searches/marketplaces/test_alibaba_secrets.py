"""No secret, token, code, signature or picture of the official platform in an exception, its frames, or a log."""

import base64
import logging
import re
from collections.abc import Callable

import pytest

from searches.marketplaces import Account, MarketplaceError, SearchRequest, Tokens
from searches.marketplaces.alibaba_gateway import AlibabaClient
from searches.marketplaces.alibaba_open import AlibabaOpen
from searches.marketplaces.alibaba_similar import AlibabaSimilar
from tests.searches.marketplaces.alibaba import Office, granted, refused, similar, uploaded
from tests.searches.marketplaces.conftest import SHORT
from tests.searches.marketplaces.gateway import (
    APP_KEY,
    Answer,
    Gateway,
    Wire,
    broken_off,
    hang,
    json_reply,
    redirect,
    reply,
    reset,
)
from tests.searches.marketplaces.test_secrets import told_by

SECRET = "marked-secret-4711"
TOKEN = "marked-token-0815"
REFRESH_TOKEN = "marked-refresh-1234"
CODE = "marked-code-5678"
PICTURE = b"\xff\xd8 marked picture \xff\xd9"
BY_PICTURE = SearchRequest(image=PICTURE)
BY_URL = SearchRequest(image_url="https://cbu01.alicdn.com/img/a.jpg", page_size=20)
EXPIRED = refused("401", "Request need user authorized")
SIGNATURE = re.compile(r"[0-9A-F]{40}")
Act = Callable[[AlibabaClient], object]


def search_by_picture(client: AlibabaClient) -> object:
    assert isinstance(client, AlibabaOpen)
    return client.search(BY_PICTURE)


def search_by_address(client: AlibabaClient) -> object:
    assert isinstance(client, AlibabaSimilar)
    return client.search(BY_URL)


def exchange(client: AlibabaClient) -> Tokens:
    return client.exchange_code(CODE, "https://portal.example/")


# What is done, by whose client, and what the gateway answers before the fault.
ACTS: dict[str, tuple[type[AlibabaOpen] | type[AlibabaSimilar], Act, list[Answer]]] = {
    "upload": (AlibabaOpen, search_by_picture, []),
    "query": (AlibabaOpen, search_by_picture, [uploaded()]),
    "similar": (AlibabaSimilar, search_by_address, []),
    "refresh": (AlibabaSimilar, search_by_address, [EXPIRED]),
    "repeat": (AlibabaSimilar, search_by_address, [EXPIRED, granted("marked-token-new")]),
    "code": (AlibabaOpen, exchange, []),
    "check": (AlibabaOpen, lambda client: client.check(), []),
}


def quoting(wire: Wire) -> None:
    """The platform repeats what it was told."""
    sent = wire.gateway.last.params
    names = ("access_token", "_aop_signature", "client_secret", "code", "refresh_token")
    told = ", ".join(sent[name] for name in names if name in sent)
    refused("gw.SignatureInvalid", f"Not right: {told} with {SECRET}")(wire)


def redirect_quoting_the_call(wire: Wire) -> None:
    redirect(f"https://elsewhere.invalid{wire.gateway.last.target}?{SECRET}")(wire)


FAULTS: dict[str, Answer] = {
    "hang": hang,
    "reset": reset,
    "closed": broken_off(b""),
    "cut": broken_off(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"),
    "html": reply("<html>"),
    "empty": reply(""),
    "502": reply("", status=502),
    "401": EXPIRED,
    "refused": refused("gw.SignatureInvalid"),
    "redirect": redirect_quoting_the_call,
    "wrong": json_reply({"refresh_token": "marked-token-lost"}),
    "quoting": quoting,
}


def give_away(text: str) -> bool:
    image = base64.b64encode(PICTURE).decode()
    parts = (SECRET, "marked-", "_aop_signature=", "client_secret", "marked picture", image, image[:20])
    return any(part in text for part in parts) or SIGNATURE.search(text) is not None


def account_at(base_url: str) -> Account:
    return Account(base_url, APP_KEY, SECRET, TOKEN)


@pytest.fixture(autouse=True)
def loudest(caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "urllib3", "requests", "urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
        caplog.set_level(logging.DEBUG, logger=name)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_gives_anything_away(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, act: str, fault: str
) -> None:
    kind, do, before = ACTS[act]
    gateway.answers(*before, FAULTS[fault])
    client = kind(account_at(gateway.url), SHORT, Office(REFRESH_TOKEN))
    with client, pytest.raises(MarketplaceError) as failure:
        do(client)

    # Of the frames only those of the product: this test's own hold the secrets.
    own = failure.value.__traceback__
    while own is not None and "/tests/" in own.tb_frame.f_code.co_filename:
        own = own.tb_next
    failure.value.__traceback__ = own
    told = told_by(failure.value)
    assert "MarketplaceError" in told
    assert "/marketplaces/alibaba_" in told
    if fault == "wrong" and act not in ("code", "refresh"):
        told = told.replace("marked-token-lost", "")  # there it is a reply like any other
    assert not give_away(told)
    assert "127.0.0.1" in caplog.text  # urllib3 did log the call
    assert not give_away(caplog.text)


@pytest.mark.parametrize("act", ["similar", "code", "refresh"])
def test_a_platform_that_quotes_secrets_is_not_quoted(gateway: Gateway, act: str) -> None:
    kind, do, before = ACTS[act]
    gateway.answers(*before, quoting)
    client = kind(account_at(gateway.url), host=Office(REFRESH_TOKEN))
    with client, pytest.raises(MarketplaceError) as failure:
        do(client)

    assert "***" in failure.value.message
    assert not give_away(failure.value.message)


def test_a_host_that_looks_into_a_failed_renewal_sees_nothing(gateway: Gateway) -> None:
    class Curious(Office):
        told = ""

        def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
            try:
                return renew(self.refresh_token).access_token
            except MarketplaceError as error:
                assert error.__traceback__
                looked_at = error.with_traceback(error.__traceback__.tb_next)  # not at this frame
                self.told = told_by(looked_at)
                raise

    host = Curious(REFRESH_TOKEN)
    gateway.answers(EXPIRED, reply("", status=502))
    with AlibabaSimilar(account_at(gateway.url), host=host) as client, pytest.raises(MarketplaceError):
        client.search(BY_URL)

    assert "_refresh" in host.told
    assert not give_away(host.told)


def test_a_search_that_succeeds_is_logged_without_its_signature(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.answers(EXPIRED, granted("marked-token-new"), similar())

    with AlibabaSimilar(account_at(gateway.url), host=Office(REFRESH_TOKEN)) as client:
        client.search(BY_URL)

    assert "/system.oauth2/getToken/" in caplog.text
    assert not give_away(caplog.text)


def test_clients_and_tokens_show_no_secret(gateway: Gateway) -> None:
    with AlibabaOpen(account_at(gateway.url)) as client:
        assert not give_away(f"{client!r} {client}")
    assert not give_away(repr(Tokens("marked-token-new", REFRESH_TOKEN, 1.0)))
