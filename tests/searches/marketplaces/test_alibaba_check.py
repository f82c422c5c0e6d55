"""The connection test of the official platform: its clock, asked with a signature and without any permission."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from searches.marketplaces import DEFAULT_TIMEOUTS, MARKETPLACES, Alone, ErrorKind, MarketplaceError, Remedy
from searches.marketplaces.alibaba_open import AlibabaOpen
from tests.searches.marketplaces.alibaba import NOW, Office, account_at, failure_of, refused, signature_holds
from tests.searches.marketplaces.gateway import APP_KEY, Gateway, json_reply, reply


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def client(gateway: Gateway, office: Office) -> Iterator[AlibabaOpen]:
    with AlibabaOpen(account_at(gateway.url, token=""), host=office, clock=lambda: NOW) as made:
        yield made


@pytest.mark.parametrize(
    "time", ["20260102080000223+0800", "20260102000000000+0000", "20260102080959999+0800", "20260102075001000+0800"]
)
def test_the_platform_s_time_is_asked_for_signed_and_without_a_token(
    gateway: Gateway, client: AlibabaOpen, office: Office, time: str
) -> None:
    gateway.answers(json_reply(time))

    client.check()

    (sent,) = gateway.requests
    assert (sent.method, sent.target) == ("POST", f"/openapi/param2/1/system/currentTime/{APP_KEY}")
    assert signature_holds(sent)
    assert set(sent.params) == {"_aop_timestamp", "_aop_signature"}
    assert sent.params["_aop_timestamp"] == "1767312000000"
    assert (office.slots, office.stale) == (1, [])


@pytest.mark.parametrize("time", ["20260102081001000+0800", "20260102074959000+0800", "20260102080000000+0900"])
def test_a_clock_that_is_ten_minutes_off_is_named(gateway: Gateway, client: AlibabaOpen, time: str) -> None:
    gateway.answers(json_reply(time))

    error = failure_of(client.check)

    assert (error.kind, error.code, error.remedy) == (ErrorKind.CONFIGURATION, "clock", Remedy.SET_CLOCK)
    assert "ten minutes" in error.message


def test_ten_minutes_are_counted_from_the_account_s_own_clock(gateway: Gateway) -> None:
    gateway.answers(json_reply("20260103080000000+0800"))

    with AlibabaOpen(account_at(gateway.url), clock=lambda: (NOW + timedelta(days=1)).astimezone()) as client:
        client.check()


@pytest.mark.parametrize(
    "answer",
    [
        json_reply("soon"),
        json_reply("20261399080000000+0800"),
        json_reply("20260102080000000"),
        json_reply(20260102080000000),
        json_reply({"time": "20260102080000000+0800"}),
        json_reply(None),
        json_reply({"products": []}),
    ],
)
def test_an_answer_that_is_no_time_is_from_somebody_else(gateway: Gateway, client: AlibabaOpen, answer: Any) -> None:
    gateway.answers(answer)

    error = failure_of(client.check)

    assert (error.kind, error.code, error.remedy) == (
        ErrorKind.PROTOCOL,
        "unexpected-reply",
        Remedy.CHECK_BASE_URL,
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused("gw.SignatureInvalid"), ErrorKind.AUTHENTICATION),
        (refused("gw.AppKeyNotFound"), ErrorKind.AUTHENTICATION),
        (refused("gw.TimestampInvalid", "Invalid timestamp"), ErrorKind.CONFIGURATION),
        (refused("gw.QosAppFrequencyLimit"), ErrorKind.THROTTLED),
        (reply("<html>"), ErrorKind.PROTOCOL),
        (reply("", status=502), ErrorKind.UPSTREAM),
    ],
)
def test_every_failure_fails_the_check(gateway: Gateway, client: AlibabaOpen, answer: Any, kind: ErrorKind) -> None:
    gateway.answers(answer)

    with pytest.raises(MarketplaceError) as failure:
        client.check()

    assert failure.value.kind is kind
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("key", ["alibaba_open", "alibaba_similar"])
def test_the_rows_say_what_it_leaves_open(key: str) -> None:
    row = MARKETPLACES[key]

    assert "first search" in row.check_proves
    assert (row.source, row.default_base_url, row.default_auth_url) == (
        "1688",
        "https://gw.open.1688.com",
        "https://auth.1688.com",
    )
    assert row.allow_list
    assert row.authorizing
    authorizing = row.authorizing(account_at(row.default_base_url, auth_url=""), DEFAULT_TIMEOUTS, Alone())
    assert authorizing.authorize_url("https://portal.example/", "s").startswith(row.default_auth_url)
    authorizing.close()
