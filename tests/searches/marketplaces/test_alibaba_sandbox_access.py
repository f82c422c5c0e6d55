"""The official platform's keys, clock and OAuth against the sandbox's half, written from the document alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from searches.marketplaces import Account, ErrorKind, Remedy, SearchRequest, Tokens
from searches.marketplaces.alibaba_open import AlibabaOpen
from tests.sandbox.running import Sandbox, running_sandbox
from tests.searches.marketplaces.alibaba import Office, failure_of

REDIRECT = "https://portal.example/authorized"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    """With its fixed token."""
    token = sandbox.marketplace.accounts[sandbox.app_key].token
    return Account(sandbox.url, sandbox.app_key, sandbox.secret, token, auth_url=sandbox.url)


def by_picture(sandbox: Sandbox, page: int = 1) -> SearchRequest:
    return SearchRequest(image=sandbox.query(), page=page, page_size=2)


def called(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(call["api"], call["outcome"]) for call in sandbox.calls()]


def test_the_check_needs_no_token_and_no_order(sandbox: Sandbox, account: Account) -> None:
    sandbox.settings(ordered_apis={sandbox.app_key: []})

    with AlibabaOpen(replace(account, token="")) as client:
        client.check()

    assert called(sandbox) == [("current_time", "ok")]


def test_the_check_names_a_clock_that_is_wrong(account: Account) -> None:
    with AlibabaOpen(account, clock=lambda: datetime.now(UTC) - timedelta(minutes=11)) as client:
        error = failure_of(client.check)

    assert (error.kind, error.remedy) == (ErrorKind.CONFIGURATION, Remedy.SET_CLOCK)


@pytest.mark.parametrize(
    ("wrong", "code"), [({"secret": "wrong"}, "gw.SignatureInvalid"), ({"app_key": "404404"}, "gw.AppKeyNotFound")]
)
def test_the_check_names_wrong_keys(account: Account, wrong: dict[str, Any], code: str) -> None:
    with AlibabaOpen(replace(account, **wrong)) as client:
        error = failure_of(client.check)

    assert (error.kind, error.code) == (ErrorKind.AUTHENTICATION, code)
    assert error.request_id


def allowed_code(address: str) -> str:
    """What the administrator's browser brings back after "Allow"."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    answer = requests.post(
        address.partition("?")[0], data=asked | {"decision": "allow"}, allow_redirects=False, timeout=10
    )
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["state-1"]
    return back["code"][0]


def authorized(account: Account) -> Tokens:
    with AlibabaOpen(replace(account, token="")) as client:
        return client.exchange_code(allowed_code(client.authorize_url(REDIRECT, "state-1")), REDIRECT)


def test_a_code_is_exchanged_and_its_token_searches(sandbox: Sandbox, account: Account) -> None:
    tokens = authorized(account)

    assert tokens.refresh_token
    assert tokens.expires_in == 36_000
    assert tokens.refresh_expires_in
    assert 180 * 86_400 < tokens.refresh_expires_in < 184 * 86_400
    with AlibabaOpen(replace(account, token=tokens.access_token)) as client:
        assert client.search(by_picture(sandbox)).offers


class Keeping(Office):
    """Keeps a new refresh token, where the reply has one."""

    def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
        def kept(refresh_token: str) -> Tokens:
            tokens = renew(refresh_token)
            self.refresh_token = tokens.refresh_token or self.refresh_token
            return tokens

        return super().renew_token(stale, kept)


@pytest.mark.parametrize("rotate", [False, True])
def test_tokens_that_end_are_refreshed(sandbox: Sandbox, account: Account, rotate: bool) -> None:
    sandbox.settings(rotate_refresh_tokens=rotate)
    tokens = authorized(account)
    host = Keeping(tokens.refresh_token)
    sandbox.clear_calls()

    with AlibabaOpen(replace(account, token=tokens.access_token), host=host) as client:
        client.search(by_picture(sandbox))
        for page in (2, 3):
            sandbox.expire_tokens()
            assert client.search(by_picture(sandbox, page)).offers

    refreshed = [("search", "401"), ("token", "ok"), ("search", "ok")]
    assert called(sandbox) == [("upload", "ok"), ("search", "ok"), *refreshed, *refreshed]
    assert (host.refresh_token != tokens.refresh_token) == rotate


def test_a_code_is_good_once(account: Account) -> None:
    with AlibabaOpen(account) as client:
        code = allowed_code(client.authorize_url(REDIRECT, "state-1"))
        client.exchange_code(code, REDIRECT)
        error = failure_of(lambda: client.exchange_code(code, REDIRECT))

    assert (error.kind, error.code, error.remedy) == (
        ErrorKind.AUTHENTICATION,
        "invalid_grant",
        Remedy.AUTHORIZE_AGAIN,
    )


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [("invalid_grant", Remedy.AUTHORIZE_AGAIN), ("invalid_client", Remedy.CHECK_KEY_AND_SECRET)],
)
def test_each_fault_of_a_refresh(sandbox: Sandbox, account: Account, fault: str, remedy: Remedy) -> None:
    sandbox.fault(fault, api="token")

    with AlibabaOpen(replace(account, token=""), host=Office()) as client:
        error = failure_of(lambda: client.search(by_picture(sandbox)))

    assert (error.kind, error.code, error.remedy) == (ErrorKind.AUTHENTICATION, fault, remedy)
