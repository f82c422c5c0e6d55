"""Pictures from addresses that people type: fetched from public hosts only, checked when the connection is made."""

import time
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import requests
from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions
from django.conf import settings
from django.utils.translation import gettext_noop as _
from urllib3.exceptions import HTTPError, ReadTimeoutError

from searches.imaging import MAX_BYTES
from searches.marketplaces.connections import Call, current_call, keep_to_deadline

CONNECT_SECONDS, READ_SECONDS, DEADLINE_SECONDS = 4.0, 6.0, 12.0
MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 64 * 1024


class FetchRefused(Exception):
    """The picture was not fetched; `message` says why and what to do (an English sentence for gettext)."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "address": _("This is not an address that starts with http:// or https://."),
        "not-public": _("This address is not on the public internet. Upload the picture itself instead."),
        "unreachable": _("The address cannot be reached. Check it, or upload the picture itself."),
        "too-slow": _("The picture took too long to load. Try again, or upload it."),
        "refused": _("The host did not hand out the picture. Open the address in a browser, save it, upload it."),
        "redirects": _("The address leads on too many times. Give the address of the picture itself."),
        "too-large": _("The picture is larger than 20 MB. Save a smaller copy and upload that."),
    }

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = self.MESSAGES[code]
        super().__init__(self.message)


def fetch_picture(url: str, *, most_bytes: int = MAX_BYTES) -> bytes:
    """The bytes at `url`, unchecked as a picture. Raises `FetchRefused`.

    Every connection, redirects included, goes only to the address that was checked; no proxy from the environment
    takes part, since it would connect for us. At most 20 MB and 12 s, redirects included. A host that is allowed
    although it is not public may not lead on.
    """
    allowed = _is_allowed(url)
    token = current_call.set(Call(time.monotonic() + DEADLINE_SECONDS, READ_SECONDS))
    try:
        with _session(guarded=not allowed) as session:
            return _follow(session, url, 0 if allowed else MAX_REDIRECTS, most_bytes)
    except AntiSSRFError:
        raise FetchRefused("not-public") from None
    except (requests.Timeout, ReadTimeoutError, TimeoutError):
        raise FetchRefused("too-slow") from None
    except (requests.RequestException, HTTPError, OSError, UnicodeError):
        raise FetchRefused("unreachable") from None
    finally:
        current_call.reset(token)


def _is_allowed(url: str) -> bool:
    """Whether the host and port may be fetched from although they are not public. Raises `FetchRefused`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchRefused("address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchRefused("address")
    allowed = f"{host}:{port}" in settings.FETCH_ALLOWED_HOSTS
    if not allowed and port not in (None, 80, 443):
        raise FetchRefused("not-public")
    return allowed


def _session(*, guarded: bool) -> requests.Session:
    session: Any = _policy().get_antissrf_session() if guarded else requests.Session()
    session.trust_env = False
    # Even with allow_redirects=False requests looks a redirect's target up, and reads the whole body for that.
    session.get_redirect_target = lambda response: None
    for adapter in session.adapters.values():
        keep_to_deadline(adapter)
    opened: requests.Session = session
    return opened


def _policy() -> AntiSSRFPolicy:
    policy = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.allow_plain_text_http = True
    policy.add_xff_header = False
    return policy


def _follow(session: requests.Session, url: str, redirects: int, most_bytes: int) -> bytes:
    for _step in range(redirects + 1):
        allowance = current_call.get().allowance()
        timeouts = (min(CONNECT_SECONDS, allowance), allowance)
        with session.get(url, stream=True, timeout=timeouts, allow_redirects=False) as response:
            if response.status_code not in REDIRECTS or "location" not in response.headers:
                return _body(response, most_bytes)
            url = _target(response)
    raise FetchRefused("redirects")


def _target(response: requests.Response) -> str:
    """Where a redirect leads. Raises `FetchRefused`; the session still checks the host."""
    try:
        # Headers are read as Latin-1; hosts that write addresses unescaped mean UTF-8.
        url = urljoin(response.url, response.headers["location"].encode("latin-1").decode())
        _is_allowed(url)
    except ValueError:
        raise FetchRefused("redirects") from None
    except FetchRefused as refused:
        # Not the address that was typed is at fault.
        raise FetchRefused("redirects" if refused.code == "address" else refused.code) from None
    return url


def _body(response: requests.Response, most_bytes: int) -> bytes:
    if response.status_code != requests.codes.ok:
        raise FetchRefused("refused")
    data = bytearray()
    # read1 answers with what has arrived: a full chunk of a slow drip would come long after the deadline.
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        data += chunk
        if len(data) > most_bytes:
            raise FetchRefused("too-large")
        current_call.get().allowance()  # raises TimeoutError after the deadline, also for what had arrived before it
    return bytes(data)
