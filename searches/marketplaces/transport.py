"""HTTP for the clients: bounded in time and size, faithful to one host, silent about secrets.

Proxies and the CA bundle come from the environment (HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE), since companies need
both; but a loopback address never goes through a proxy, and ~/.netrc is not read: it would add a password to calls
that are signed already.
"""

import http.client
import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from types import MappingProxyType
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import requests
import urllib3

from searches.marketplaces import errors
from searches.marketplaces.connections import Adapter, Call, current_call
from searches.marketplaces.content import FORM, Content
from searches.marketplaces.errors import MarketplaceError
from searches.marketplaces.failures import failure_of
from searches.marketplaces.replies import Reply, TooLarge, UnreadableEncoding, decoded_parts

USER_AGENT = "Tongkuan/0.1"
MAX_REPLY_BYTES = 10_000_000
_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REDIRECTS_THAT_KEEP_THE_BODY = frozenset({307, 308})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to wait for the next bytes, and for all that one client does from its making on.

    So a search that takes several calls, and their redirects, ends within the same time as one that takes one: the
    worker's lease covers it.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 45.0


DEFAULT_TIMEOUTS = Timeouts()


class Transport:
    """One session to one marketplace. For one thread at a time.

    headers: for every call, such as a key; Latin-1, on one line.
    """

    def __init__(
        self,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        *,
        max_bytes: int = MAX_REPLY_BYTES,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        self._timeouts = timeouts
        self._deadline = time.monotonic() + timeouts.total
        self._max_bytes = max_bytes
        self._session = _session()
        self._session.headers.update(headers)

    def close(self) -> None:
        self._session.close()

    def get(self, url: str, query: Content) -> Reply:
        """Raises MarketplaceError when there is no answer, or none that may be read."""
        return self._send("GET", url, self._call(query=query.text))

    def post(self, url: str, body: Content, query: Content | None = None) -> Reply:
        """Raises as `get` does."""
        call = self._call(query=query.text if query else "", body=body.text.encode(), media_type=body.media_type)
        return self._send("POST", url, call)

    def _call(self, *, query: str, body: bytes | None = None, media_type: str = FORM) -> Call:
        return Call(self._deadline, self._timeouts.read, query, body, media_type)

    def _send(self, method: str, url: str, call: Call) -> Reply:
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._once(method, url, call)
            if isinstance(answer, MarketplaceError):
                # Raised here, outside every `except`: requests' own exception is neither cause nor context.
                raise answer
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            followed = _followed(url, call, answer)
            if followed is None:
                break
            url, call = followed
        raise errors.REDIRECTED.error("redirect")

    def _once(self, method: str, url: str, call: Call) -> Reply | MarketplaceError:
        token = current_call.set(call)
        try:
            with self._response(method, url, call) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status_code, headers, self._body(response))
        except TooLarge:
            return errors.REPLY_TOO_LARGE.error("response-too-large")
        except UnreadableEncoding:
            return errors.UNEXPECTED_REPLY.error("content-encoding")
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            return failure_of(error)
        finally:
            current_call.reset(token)

    def _response(self, method: str, url: str, call: Call) -> requests.Response:
        request = requests.Request(method, url, data=call.body)
        if call.body is not None:
            request.headers["Content-Type"] = call.media_type
        prepared = self._session.prepare_request(request)
        settings = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
        if _is_loopback(url):
            settings["proxies"] = {}
        allowance = call.allowance()
        timeouts = (min(self._timeouts.connect, allowance), allowance)
        return self._session.send(prepared, timeout=timeouts, allow_redirects=False, **settings)

    def _body(self, response: requests.Response) -> bytes:
        parts, size = [], 0
        for part in decoded_parts(response.raw, response.headers.get("Content-Encoding", ""), self._max_bytes):
            size += len(part)
            if size > self._max_bytes:
                raise TooLarge
            parts.append(part)
        return b"".join(parts)


class _Session(requests.Session):
    def get_redirect_target(self, resp: object) -> None:
        # Even with allow_redirects=False requests looks a redirect's target up, and for that reads the whole body
        # of the answer without any bound. Transport follows redirects itself.
        return None


def _session() -> requests.Session:
    session = _Session()
    session.headers.update(
        {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
    )
    session.auth = _no_auth
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, Adapter(max_retries=0))
    return session


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _followed(url: str, call: Call, answer: Reply) -> tuple[str, Call] | None:
    """Where a redirect leads, if that is the same scheme, host and port and the call can go there whole."""
    if call.body is not None and answer.status not in _REDIRECTS_THAT_KEEP_THE_BODY:
        return None  # it would go on as a GET without the picture
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, answer.headers["location"]))
        same = (here.scheme, here.hostname, _port(here)) == (there.scheme, there.hostname, _port(there))
    except ValueError:
        return None
    if not same or "@" in there.netloc:
        return None
    query = quote(there.query, safe="!$%&'()*+,/:;=?@~")
    return there._replace(query="", fragment="").geturl(), replace(call, query=query)


def _port(parts: SplitResult) -> int | None:
    return parts.port or {"http": 80, "https": 443}.get(parts.scheme)
