"""TMAPI's key is in no exception, no cause, no variable of a frame, and no log at its loudest."""

import logging
from contextlib import closing

import pytest

from searches.marketplaces import Account, MarketplaceError, SearchRequest
from searches.marketplaces.tmapi import Tmapi
from tests.searches.marketplaces.conftest import SHORT
from tests.searches.marketplaces.gateway import Answer, Gateway, Wire, json_reply, redirect, running_gateway
from tests.searches.marketplaces.reselling import converted, tmapi_found
from tests.searches.marketplaces.test_secrets import FAULTS, told_by

KEY = "marked+key/4711"
IN_AN_ADDRESS = "marked%2Bkey%2F4711"
SEARCH = SearchRequest(image_url="https://cbu01.alicdn.com/img/a.jpg", page_size=20)
CONVERSION = SearchRequest(image_url="https://shop.example/a.jpg", page_size=20)
BOTH = pytest.mark.parametrize("request_", [SEARCH, CONVERSION], ids=["search", "convert"])


def quoting(wire: Wire) -> None:
    key = wire.gateway.last.headers["apikey"]
    words = f"apikey {key} unknown, see /1688?apikey={IN_AN_ADDRESS}"
    json_reply({"code": 4011, "msg": words, "request_id": key, "data": {"apikey": key}})(wire)


def quoting_in_a_code(wire: Wire) -> None:
    json_reply({"code": wire.gateway.last.headers["apikey"]})(wire)


OWN_FAULTS: dict[str, Answer] = {name: FAULTS[name] for name in FAULTS if name != "quoting"} | {
    "quoting": quoting,
    "code": quoting_in_a_code,
}


@pytest.fixture(autouse=True)
def loudest(caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "urllib3", "requests", "urllib3.connectionpool", "urllib3.connection"):
        caplog.set_level(logging.DEBUG, logger=name)


def gives_away(text: str) -> bool:
    return any(part in text for part in (KEY, IN_AN_ADDRESS, "marked"))


def search_and_tell(base_url: str, request: SearchRequest) -> tuple[str, MarketplaceError]:
    with closing(Tmapi(Account(base_url, token=KEY), SHORT)) as client, pytest.raises(MarketplaceError) as failure:
        client.search(request)
    # Of the frames, only those of the product: this test's own hold the key.
    innermost = failure.value.__traceback__
    assert innermost is not None
    failure.value.__traceback__ = innermost.tb_next
    return told_by(failure.value), failure.value


@BOTH
@pytest.mark.parametrize("fault", OWN_FAULTS)
def test_no_failure_gives_the_key_away(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, fault: str, request_: SearchRequest
) -> None:
    gateway.answers(OWN_FAULTS[fault])

    told, _ = search_and_tell(gateway.url, request_)

    assert "MarketplaceError" in told
    assert gateway.last.headers["apikey"] == KEY
    assert not gives_away(told)
    assert "127.0.0.1" in caplog.text  # urllib3 did log the call
    assert not gives_away(caplog.text)


def test_the_vendor_s_words_are_shown_without_the_key(gateway: Gateway) -> None:
    gateway.answers(quoting)

    _, error = search_and_tell(gateway.url, SEARCH)

    assert error.message == "apikey *** unknown, see /1688?apikey=***"
    assert error.request_id == "***"


@pytest.mark.parametrize("before", range(300 - len(KEY), 301, 5))
def test_a_key_that_lies_across_the_end_of_a_message_is_not_quoted(gateway: Gateway, before: int) -> None:
    gateway.answers(json_reply({"code": 4011, "msg": "x" * before + KEY}))

    _, error = search_and_tell(gateway.url, SEARCH)

    assert "xmark" not in error.message


@BOTH
def test_a_host_that_is_not_there_gives_nothing_away(caplog: pytest.LogCaptureFixture, request_: SearchRequest) -> None:
    with running_gateway() as gone:
        pass

    told, _ = search_and_tell(gone.url, request_)

    assert "ConnectionRefusedError" in told
    assert not gives_away(told + caplog.text)


def test_calls_that_succeed_are_logged_without_the_key(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.answers(converted(), tmapi_found())

    with closing(Tmapi(Account(gateway.url, token=KEY))) as client:
        client.search(CONVERSION)

    assert "/1688/search/image" in caplog.text
    assert not gives_away(caplog.text)


@BOTH
def test_the_key_goes_to_no_other_host(gateway: Gateway, request_: SearchRequest) -> None:
    with running_gateway() as other:
        other.answers(tmapi_found())
        gateway.answers(redirect(other.url, 307))

        _, error = search_and_tell(gateway.url, request_)

    assert error.code == "redirect"
    assert other.requests == []
