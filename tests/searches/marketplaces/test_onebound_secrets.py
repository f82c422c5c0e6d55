"""Onebound's key and secret are in no exception, no cause, no variable of a frame, and no log at its loudest."""

import base64
import logging
from contextlib import closing

import pytest

from searches.marketplaces import Account, MarketplaceError, SearchRequest
from searches.marketplaces.onebound import Onebound
from tests.searches.marketplaces.conftest import SHORT
from tests.searches.marketplaces.gateway import Answer, Gateway, Wire, json_reply, redirect, running_gateway
from tests.searches.marketplaces.reselling import onebound_found, uploaded
from tests.searches.marketplaces.test_secrets import FAULTS, told_by

KEY = "marked-key"
SECRET = "marked-key+secret/0815"  # begins as the key does
PICTURE = b"\xff\xd8 marked picture \xff\xd9"
REQUEST = SearchRequest(image=PICTURE, page_size=20)
# Up to the call that fails: none for an upload, an upload for a search.
STEPS: dict[str, tuple[Answer, ...]] = {"upload": (), "search": (uploaded(),)}
BOTH = pytest.mark.parametrize("step", STEPS)


def quoting(wire: Wire) -> None:
    sent = wire.gateway.last
    words = f"no such account: {sent.target} ({sent.params['secret']})"
    json_reply({"error_code": "4004", "reason": words, "request_id": KEY, "api_info": sent.params})(wire)


def quoting_in_a_code(wire: Wire) -> None:
    json_reply({"error_code": SECRET})(wire)


def quoting_in_the_items(wire: Wire) -> None:
    json_reply({"error_code": "0000", "items": {"error": f"{SECRET} {KEY}"}})(wire)


OWN_FAULTS: dict[str, Answer] = {name: FAULTS[name] for name in FAULTS if name != "quoting"} | {
    "quoting": quoting,
    "code": quoting_in_a_code,
    "items": quoting_in_the_items,
}


@pytest.fixture(autouse=True)
def loudest(caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "urllib3", "requests", "urllib3.connectionpool", "urllib3.connection"):
        caplog.set_level(logging.DEBUG, logger=name)


def gives_away(text: str) -> bool:
    image = base64.b64encode(PICTURE).decode()
    return any(part in text for part in ("marked", "0815", image, image.replace("=", "%3D")))


def search_and_tell(base_url: str) -> tuple[str, MarketplaceError]:
    with (
        closing(Onebound(Account(base_url, KEY, SECRET), SHORT)) as client,
        pytest.raises(MarketplaceError) as failure,
    ):
        client.search(REQUEST)
    # Of the frames, only those of the product: this test's own hold the secret.
    innermost = failure.value.__traceback__
    assert innermost is not None
    failure.value.__traceback__ = innermost.tb_next
    return told_by(failure.value), failure.value


@BOTH
@pytest.mark.parametrize("fault", OWN_FAULTS)
def test_no_failure_gives_anything_away(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, fault: str, step: str
) -> None:
    gateway.answers(*STEPS[step], OWN_FAULTS[fault])

    told, _ = search_and_tell(gateway.url)

    assert "MarketplaceError" in told
    assert len(gateway.requests) > len(STEPS[step])
    assert not gives_away(told)
    assert "127.0.0.1" in caplog.text  # urllib3 did log the call
    assert not gives_away(caplog.text)


@BOTH
def test_the_vendor_s_words_are_shown_without_key_and_secret(gateway: Gateway, step: str) -> None:
    gateway.answers(*STEPS[step], quoting)

    _, error = search_and_tell(gateway.url)

    assert error.message.startswith("no such account: /1688/")
    assert "key=***" in error.message
    assert error.message.endswith("(***)")
    assert error.request_id == "***"


@pytest.mark.parametrize("before", range(300 - len(SECRET), 301, 5))
def test_a_secret_that_lies_across_the_end_of_a_message_is_not_quoted(gateway: Gateway, before: int) -> None:
    gateway.answers(json_reply({"error_code": "4004", "reason": "x" * before + SECRET}))

    _, error = search_and_tell(gateway.url)

    assert "mark" not in error.message


def test_the_secret_is_not_in_the_address_of_an_upload(gateway: Gateway) -> None:
    gateway.answers(uploaded(), onebound_found())

    with closing(Onebound(Account(gateway.url, KEY, SECRET))) as client:
        client.search(REQUEST)

    assert gateway.requests[0].params["secret"] == SECRET
    assert "secret" not in gateway.requests[0].target


def test_a_host_that_is_not_there_gives_nothing_away(caplog: pytest.LogCaptureFixture) -> None:
    with running_gateway() as gone:
        pass

    told, _ = search_and_tell(gone.url)

    assert "ConnectionRefusedError" in told
    assert not gives_away(told + caplog.text)


def test_calls_that_succeed_are_logged_without_key_and_secret(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.answers(uploaded(), onebound_found())

    with closing(Onebound(Account(gateway.url, KEY, SECRET))) as client:
        client.search(REQUEST)

    assert "/1688/item_search_img/" in caplog.text
    assert not gives_away(caplog.text)


@BOTH
def test_nothing_goes_to_another_host(gateway: Gateway, step: str) -> None:
    with running_gateway() as other:
        other.answers(onebound_found())
        gateway.answers(*STEPS[step], redirect(other.url, 307))

        _, error = search_and_tell(gateway.url)

    assert error.code == "redirect"
    assert other.requests == []
