"""Tokens of the official platform: got for a code, renewed once when they end, never twice for one call."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from searches.marketplaces import Alone, ErrorKind, MarketplaceError, Remedy, Tokens
from searches.marketplaces.alibaba_open import AlibabaOpen
from searches.marketplaces.alibaba_similar import AlibabaSimilar
from tests.searches.marketplaces.alibaba import (
    BY_PICTURE,
    BY_URL,
    NOW,
    TOKEN,
    Office,
    account_at,
    apis,
    failure_of,
    found,
    granted,
    refused,
    signature_holds,
    similar,
    uploaded,
)
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Gateway, json_reply, reply

EXPIRED = refused("401", "Request need user authorized")
GET_TOKEN = f"/openapi/http/1/system.oauth2/getToken/{APP_KEY}"
REDIRECT = "https://portal.example/authorized?a=1"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def client(gateway: Gateway, office: Office) -> Iterator[AlibabaSimilar]:
    with AlibabaSimilar(account_at(gateway.url), host=office, clock=lambda: NOW) as made:
        yield made


def tokens_sent(gateway: Gateway) -> list[str]:
    return [sent.params.get("access_token", "-") for sent in gateway.requests]


@pytest.mark.parametrize(
    "expired",
    [
        EXPIRED,
        refused("401", "Request need user authorized", status=200),
        refused("gw.Other", "the access token has expired"),
        reply("", status=401),
        reply("<html>", status=401),
        json_reply({}, status=401),
    ],
)
def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    gateway: Gateway, client: AlibabaSimilar, office: Office, expired: Any
) -> None:
    gateway.answers(expired, granted("token-456"), similar())

    client.search(BY_URL)

    assert [sent.path for sent in gateway.requests][1] == GET_TOKEN
    assert tokens_sent(gateway) == [TOKEN, "-", "token-456"]
    assert signature_holds(gateway.last)
    assert office.stale == [TOKEN]
    assert office.slots == 3


def test_the_refresh_is_an_unsigned_post(gateway: Gateway, client: AlibabaSimilar) -> None:
    gateway.answers(EXPIRED, granted(), similar())

    client.search(BY_URL)

    sent = gateway.requests[1]
    assert (sent.method, sent.target) == ("POST", GET_TOKEN)
    assert sent.params == {
        "grant_type": "refresh_token",
        "client_id": APP_KEY,
        "client_secret": SECRET,
        "refresh_token": "refresh-1",
    }


def test_a_second_refusal_is_the_end(gateway: Gateway, client: AlibabaSimilar, office: Office) -> None:
    gateway.answers(EXPIRED, granted(), EXPIRED)

    error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.code, error.remedy) == (ErrorKind.AUTHENTICATION, "401", Remedy.AUTHORIZE_AGAIN)
    assert not error.retryable
    assert len(gateway.requests) == 3
    assert len(office.stale) == 1


def test_the_new_token_stays(gateway: Gateway, client: AlibabaSimilar, office: Office) -> None:
    gateway.answers(EXPIRED, granted("token-456"), similar(), similar())

    client.search(BY_URL)
    client.search(BY_URL)

    assert tokens_sent(gateway) == [TOKEN, "-", "token-456", "token-456"]


def test_a_later_refusal_names_the_newer_token_as_stale(
    gateway: Gateway, client: AlibabaSimilar, office: Office
) -> None:
    gateway.answers(EXPIRED, granted("token-456"), similar(), EXPIRED, granted("token-789"), similar())

    client.search(BY_URL)
    client.search(BY_URL)

    assert office.stale == [TOKEN, "token-456"]
    assert tokens_sent(gateway)[-1] == "token-789"


def test_between_upload_and_query_too(gateway: Gateway, office: Office) -> None:
    gateway.answers(uploaded(), EXPIRED, granted("token-456"), found())

    with AlibabaOpen(account_at(gateway.url), host=office) as client:
        client.search(BY_PICTURE)

    assert tokens_sent(gateway) == [TOKEN, TOKEN, "-", "token-456"]
    assert apis(gateway) == ["upload", "imageQuery", "getToken", "imageQuery"]


@pytest.mark.parametrize("minutes", [-1, 0, 5])
def test_a_token_about_to_expire_is_renewed_before_the_call(gateway: Gateway, office: Office, minutes: int) -> None:
    gateway.answers(granted("token-456"), similar())
    ending = account_at(gateway.url, token_expires_at=NOW + timedelta(minutes=minutes))

    with AlibabaSimilar(ending, host=office, clock=lambda: NOW) as client:
        client.search(BY_URL)
        client.search(BY_URL)

    assert tokens_sent(gateway) == ["-", "token-456", "token-456"]


@pytest.mark.parametrize("refresh_token", ["", "refresh-that-fails"], ids=["nothing to renew with", "not renewed"])
def test_a_token_that_is_good_for_some_minutes_serves_until_its_end(gateway: Gateway, refresh_token: str) -> None:
    refusals = [refused("invalid_grant")] if refresh_token else []
    gateway.answers(*refusals, similar())
    ending = account_at(gateway.url, token_expires_at=NOW + timedelta(minutes=2))

    with AlibabaSimilar(ending, host=Office(refresh_token), clock=lambda: NOW) as client:
        client.search(BY_URL)

    assert tokens_sent(gateway)[-1] == TOKEN


def test_a_token_that_has_ended_and_cannot_be_renewed_costs_no_search(gateway: Gateway) -> None:
    ended = account_at(gateway.url, token_expires_at=NOW)

    with AlibabaSimilar(ended, host=Office(refresh_token=""), clock=lambda: NOW) as client:
        error = failure_of(lambda: client.search(BY_URL))

    assert error.remedy == Remedy.AUTHORIZE_AGAIN
    assert gateway.requests == []


def test_a_token_that_has_time_is_used(gateway: Gateway, office: Office) -> None:
    gateway.answers(similar())
    lasting = account_at(gateway.url, token_expires_at=NOW + timedelta(minutes=5, seconds=1))

    with AlibabaSimilar(lasting, host=office, clock=lambda: NOW) as client:
        client.search(BY_URL)

    assert office.stale == []


def test_without_a_token_the_host_is_asked_before_a_call_is_spent(gateway: Gateway, office: Office) -> None:
    gateway.answers(granted("token-456"), similar())

    with AlibabaSimilar(account_at(gateway.url, token=""), host=office) as client:
        client.search(BY_URL)

    assert tokens_sent(gateway) == ["-", "token-456"]


@pytest.mark.parametrize("host", [Alone, lambda: Office(refresh_token="")], ids=["alone", "nothing to renew with"])
def test_where_nobody_authorized_an_administrator_has_to(gateway: Gateway, host: Callable[[], Alone]) -> None:
    with AlibabaSimilar(account_at(gateway.url, token=""), host=host()) as client:
        error = failure_of(lambda: client.search(BY_URL))

    assert (error.kind, error.remedy) == (ErrorKind.AUTHENTICATION, Remedy.AUTHORIZE_AGAIN)
    assert gateway.requests == []


def test_a_token_that_another_process_renewed_needs_no_call(gateway: Gateway) -> None:
    class Informed(Office):
        def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
            return "token-of-the-other"

    gateway.answers(EXPIRED, similar())
    with AlibabaSimilar(account_at(gateway.url), host=Informed()) as client:
        client.search(BY_URL)

    assert tokens_sent(gateway) == [TOKEN, "token-of-the-other"]


def test_what_the_host_raises_passes_through(gateway: Gateway) -> None:
    class Waiting(Exception):
        pass

    class Busy(Office):
        def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
            raise Waiting

    gateway.answers(EXPIRED)
    with AlibabaSimilar(account_at(gateway.url), host=Busy()) as client, pytest.raises(Waiting):
        client.search(BY_URL)


def test_a_refresh_that_fails_on_the_way_may_be_tried_again(
    gateway: Gateway, client: AlibabaSimilar, office: Office
) -> None:
    gateway.answers(EXPIRED, reply("", status=503), EXPIRED, granted("token-456"), similar())

    assert failure_of(lambda: client.search(BY_URL)).retryable
    client.search(BY_URL)

    assert office.stale == [TOKEN, TOKEN]


def test_the_client_of_an_account_without_keys_says_what_the_platform_says(gateway: Gateway) -> None:
    gateway.answers(refused("gw.AppKeyMissing"))
    nobody = replace(account_at(gateway.url), app_key="", secret="")
    with AlibabaSimilar(nobody) as client, pytest.raises(MarketplaceError) as failure:
        client.search(BY_URL)

    assert failure.value.remedy == Remedy.CHECK_KEY_AND_SECRET
