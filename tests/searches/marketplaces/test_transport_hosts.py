"""Where calls go, and where not: redirects, cookies, passwords, proxies, certificates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from searches.marketplaces import Account, ErrorKind, SearchRequest
from searches.marketplaces.image_search_md5 import ImageSearchMd5
from tests.searches.marketplaces.calling import BOTH, BY_PICTURE, BY_URL, failure_of
from tests.searches.marketplaces.conftest import SHORT, tls_of
from tests.searches.marketplaces.gateway import (
    APP_KEY,
    SECRET,
    Gateway,
    drip,
    found,
    redirect,
    refused,
    running_gateway,
)


def test_a_get_follows_redirects_on_its_own_host(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(redirect("/moved?a=b%20c"), redirect(f"{gateway.url}/moved/twice", 307), found())

    client.search(BY_URL)

    assert [recorded.target for recorded in gateway.requests[1:]] == ["/moved?a=b%20c", "/moved/twice"]


@pytest.mark.parametrize("status", [307, 308])
def test_a_post_is_repeated_whole_on_its_own_host(gateway: Gateway, client: ImageSearchMd5, status: int) -> None:
    gateway.answers(redirect("/moved", status), found())

    client.search(BY_PICTURE)

    first, second = gateway.requests
    assert (second.method, second.path, second.params) == ("POST", "/moved", first.params)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_post_never_turns_into_a_get(gateway: Gateway, client: ImageSearchMd5, status: int) -> None:
    gateway.answers(redirect("/moved", status))

    assert failure_of(client, BY_PICTURE).code == "redirect"
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@BOTH
def test_a_signed_call_is_never_sent_to_another_host(
    gateway: Gateway, client: ImageSearchMd5, request_: SearchRequest, status: int
) -> None:
    with running_gateway() as other:
        gateway.answers(redirect(f"{other.url}/openapi/param2/2.0/", status))

        error = failure_of(client, request_)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.CONFIGURATION, "redirect", False)
    assert other.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1/",
        "//127.0.0.1:1/",
        "http://[::1",
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1/",
        "file:///etc",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(gateway: Gateway, client: ImageSearchMd5, location: str) -> None:
    gateway.answers(redirect(location))

    assert failure_of(client, BY_URL).code == "redirect"


def test_a_user_name_in_a_redirect_to_the_same_host_is_not_followed(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(redirect(gateway.url.replace("//", "//user:password@")))

    assert failure_of(client, BY_URL).code == "redirect"


def test_a_redirect_in_a_circle_ends(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(redirect("/round"))

    assert failure_of(client, BY_URL).code == "redirect"
    assert len(gateway.requests) == 4


@pytest.mark.parametrize("query", ["a=ä", "a=b c", 'a="\x7f'])
def test_a_redirect_with_an_odd_query_is_followed_encoded(gateway: Gateway, client: ImageSearchMd5, query: str) -> None:
    gateway.answers(redirect(f"/moved?{query.encode().decode('latin-1')}"), found())

    client.search(BY_URL)

    assert gateway.last.path == "/moved"
    assert gateway.last.target.isascii()


def test_cookies_are_not_kept(gateway: Gateway, client: ImageSearchMd5) -> None:
    gateway.answers(refused("502", Set_Cookie="session=1; Path=/"), found())

    failure_of(client, BY_URL)
    client.search(BY_URL)

    assert "cookie" not in gateway.last.headers


def test_netrc_adds_no_password(
    gateway: Gateway, client: ImageSearchMd5, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    gateway.answers(found())

    client.search(BY_URL)

    assert "authorization" not in gateway.last.headers


@pytest.fixture
def through_proxy(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """The gateway as the environment's proxy for both schemes."""
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, gateway.url.replace("//", "//proxy-user:proxy-password@"))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return gateway


@BOTH
def test_the_environment_s_proxy_is_used(through_proxy: Gateway, request_: SearchRequest) -> None:
    through_proxy.answers(found())

    with ImageSearchMd5(Account("http://gateway.invalid", APP_KEY, SECRET)) as client:
        client.search(request_)

    sent = through_proxy.last
    assert sent.target.startswith("http://gateway.invalid/openapi/param2/2.0/")
    assert sent.signature_holds
    assert "proxy-authorization" in sent.headers


def test_a_proxy_that_refuses_the_tunnel_is_named(through_proxy: Gateway) -> None:
    with ImageSearchMd5(Account("https://gateway.invalid", APP_KEY, SECRET)) as client:
        error = failure_of(client, BY_URL)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.UPSTREAM, "proxy", True)
    assert "proxy-password" not in f"{error!r} {error.__cause__!r}"


def test_a_socks_proxy_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with ImageSearchMd5(Account("http://gateway.invalid", APP_KEY, SECRET)) as client:
        assert failure_of(client, BY_URL).code == "proxy"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_goes_past_the_proxy(through_proxy: Gateway, host: str) -> None:
    with running_gateway() as direct:
        direct.answers(found())
        with ImageSearchMd5(Account(direct.url.replace("127.0.0.1", host), APP_KEY, SECRET)) as client:
            client.search(BY_URL)

    assert through_proxy.requests == []


@pytest.fixture
def tls_gateway(certificate: Path) -> Iterator[Gateway]:
    with running_gateway(tls=tls_of(certificate)) as running:
        yield running


def test_a_certificate_that_nobody_vouches_for_is_a_configuration_error(tls_gateway: Gateway) -> None:
    with ImageSearchMd5(Account(tls_gateway.url, APP_KEY, SECRET)) as client:
        error = failure_of(client, BY_URL)

    assert (error.kind, error.code, error.retryable) == (ErrorKind.CONFIGURATION, "tls", False)
    assert "self-signed certificate" in str(error.__cause__)


@BOTH
def test_the_environment_s_authorities_are_trusted(
    tls_gateway: Gateway, certificate: Path, request_: SearchRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    tls_gateway.answers(found())

    with ImageSearchMd5(Account(tls_gateway.url, APP_KEY, SECRET)) as client:
        client.search(request_)

    assert tls_gateway.last.signature_holds


@BOTH
def test_deadlines_hold_over_tls(
    tls_gateway: Gateway, certificate: Path, request_: SearchRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    tls_gateway.answers(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "))

    with ImageSearchMd5(Account(tls_gateway.url, APP_KEY, SECRET), SHORT) as client:
        assert failure_of(client, request_).code == "timeout"


def test_plain_http_where_tls_is_spoken_is_a_broken_connection(gateway: Gateway) -> None:
    gateway.answers(found())
    with ImageSearchMd5(Account(gateway.url.replace("http:", "https:"), APP_KEY, SECRET)) as client:
        assert failure_of(client, BY_URL).code == "connection"
