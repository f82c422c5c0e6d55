"""OAuth at the official platform: where people allow the app, and what it gets for the code that comes back."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from searches.marketplaces import ErrorKind, Remedy, Tokens
from searches.marketplaces.alibaba_open import AlibabaOpen
from searches.marketplaces.alibaba_similar import AlibabaSimilar
from tests.searches.marketplaces.alibaba import BY_URL, NOW, Office, account_at, failure_of, granted, refused
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Gateway, json_reply, reply

EXPIRED = refused("401", "Request need user authorized")
REDIRECT = "https://portal.example/authorized?a=1"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def client(gateway: Gateway, office: Office) -> Iterator[AlibabaSimilar]:
    with AlibabaSimilar(account_at(gateway.url), host=office, clock=lambda: NOW) as made:
        yield made


def test_the_address_where_people_allow_the_app(gateway: Gateway) -> None:
    account = account_at(gateway.url, auth_url="https://auth.example/")
    with AlibabaOpen(account) as client:
        address = client.authorize_url(REDIRECT, "state-1 &")

    assert address.startswith("https://auth.example/oauth/authorize?")
    assert parse_qs(urlsplit(address).query) == {
        "client_id": [APP_KEY],
        "site": ["1688"],
        "redirect_uri": [REDIRECT],
        "state": ["state-1 &"],
    }


def test_without_an_address_of_its_own_people_are_sent_to_1688(gateway: Gateway) -> None:
    with AlibabaOpen(account_at(gateway.url)) as client:
        assert client.authorize_url(REDIRECT, "s").startswith("https://auth.1688.com/oauth/authorize?client_id=")


def test_an_auth_address_that_is_none_is_a_configuration_error(gateway: Gateway) -> None:
    with AlibabaOpen(account_at(gateway.url, auth_url="javascript:1")) as client:
        error = failure_of(lambda: client.authorize_url(REDIRECT, "s"))

    assert (error.kind, error.code) == (ErrorKind.CONFIGURATION, "base-url")


def test_a_code_becomes_tokens(gateway: Gateway, client: AlibabaSimilar, office: Office) -> None:
    answer = {"refresh_token": "refresh-2", "refresh_token_timeout": "20260701080000000+0800", "memberId": "b2b-1"}
    gateway.answers(granted("token-456", **answer))

    tokens = client.exchange_code("code-1", REDIRECT)

    assert gateway.last.target == f"/openapi/http/1/system.oauth2/getToken/{APP_KEY}"
    assert gateway.last.params == {
        "grant_type": "authorization_code",
        "need_refresh_token": "true",
        "client_id": APP_KEY,
        "client_secret": SECRET,
        "redirect_uri": REDIRECT,
        "code": "code-1",
    }
    assert tokens == Tokens("token-456", "refresh-2", 36000.0, 180 * 86400.0)
    assert office.slots == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("36000", 36000.0),
        (36000, 36000.0),
        (1800.5, 1800.5),
        ("20260102010000000+0000", 3600.0),
        ("20260102090000+0800", 3600.0),
        ("20260101000000000+0800", None),  # past
        ("20261399000000000+0800", None),
        ("0", None),
        (-5, None),
        ("soon", None),
        ("9" * 30, None),
        (None, None),
        ({"a": 1}, None),
        (True, None),
    ],
)
def test_how_long_tokens_last(gateway: Gateway, client: AlibabaSimilar, said: object, seconds: float | None) -> None:
    gateway.answers(granted(expires_in=said, refresh_token_timeout=said))

    tokens = client.exchange_code("code-1", REDIRECT)

    assert (tokens.expires_in, tokens.refresh_expires_in) == (seconds, seconds)


@pytest.mark.parametrize("absent", [{}, {"refresh_token": None}, {"refresh_token": ""}, {"refresh_token": [1]}])
def test_a_reply_may_lack_a_refresh_token(gateway: Gateway, client: AlibabaSimilar, absent: dict[str, Any]) -> None:
    gateway.answers(granted(**absent))

    assert client.exchange_code("code-1", REDIRECT).refresh_token == ""


GRANT_REFUSALS = [
    (json_reply({"error": "invalid_grant", "error_description": "x"}, status=400), Remedy.AUTHORIZE_AGAIN),
    (json_reply({"error": "invalid_grant"}), Remedy.AUTHORIZE_AGAIN),
    (refused("invalid_grant", "x"), Remedy.AUTHORIZE_AGAIN),
    (refused("invalid_request", "x", status=401), Remedy.AUTHORIZE_AGAIN),
    (json_reply({"error_code": "500123", "error_message": "wrong code"}, status=400), Remedy.AUTHORIZE_AGAIN),
    (refused("invalid_client", "x"), Remedy.CHECK_KEY_AND_SECRET),
    (refused("gw.AppKeyNotFound", "x"), Remedy.CHECK_KEY_AND_SECRET),
]


@pytest.mark.parametrize(("answer", "remedy"), GRANT_REFUSALS)
@pytest.mark.parametrize("refresh", [False, True], ids=["code", "refresh"])
def test_a_refused_grant_is_the_administrator_s(
    gateway: Gateway, client: AlibabaSimilar, answer: Any, remedy: Remedy, refresh: bool
) -> None:
    gateway.answers(EXPIRED, answer) if refresh else gateway.answers(answer)

    error = failure_of(lambda: client.search(BY_URL) if refresh else client.exchange_code("code-1", REDIRECT))

    assert (error.kind, error.remedy, error.retryable) == (ErrorKind.AUTHENTICATION, remedy, False)


@pytest.mark.parametrize(
    ("answer", "kind", "code", "retryable"),
    [
        (json_reply({}), ErrorKind.PROTOCOL, "unexpected-reply", False),
        (json_reply({"access_token": None}), ErrorKind.PROTOCOL, "unexpected-reply", False),
        (json_reply({"access_token": ["t"]}), ErrorKind.PROTOCOL, "unexpected-reply", False),
        (json_reply({"access_token": "t" * 501}), ErrorKind.PROTOCOL, "unexpected-reply", False),
        (json_reply([]), ErrorKind.PROTOCOL, "unexpected-reply", False),
        (reply("<html>"), ErrorKind.PROTOCOL, "html", False),
        (reply("", status=502), ErrorKind.UPSTREAM, "502", True),
        (refused("gw.QosAppFrequencyLimit"), ErrorKind.THROTTLED, "gw.QosAppFrequencyLimit", True),
    ],
)
def test_what_else_may_come_instead_of_tokens(
    gateway: Gateway, client: AlibabaSimilar, answer: Any, kind: ErrorKind, code: str, retryable: bool
) -> None:
    gateway.answers(answer)

    error = failure_of(lambda: client.exchange_code("code-1", REDIRECT))

    assert (error.kind, error.code, error.retryable) == (kind, code, retryable)
