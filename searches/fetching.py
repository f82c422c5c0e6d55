"""Pictures from addresses that people type: fetched from public hosts only, checked when the connection is made."""

import time
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

import requests
from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions
from django.conf import settings
from django.utils.translation import gettext_noop as _
from urllib3.exceptions import HTTPError, ReadTimeoutError

from searches.imaging import MAX_BYTES

CONNECT_SECONDS, READ_SECONDS, DEADLINE_SECONDS = 4.0, 6.0, 12.0
MAX_REDIRECTS = 3
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


def fetch_picture(url: str) -> bytes:
    """The bytes at `url`, unchecked as a picture. Raises `FetchRefused`.

    Every connection, redirects included, goes only to the address that was checked; no proxy from the environment
    takes part, since it would connect for us. At most 20 MB and 12 s.
    """
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
    with _open_session() if allowed else _guarded_session() as session:
        session.trust_env = False
        session.max_redirects = 0 if allowed else MAX_REDIRECTS
        return _read(session, url)


def _open_session() -> requests.Session:
    return requests.Session()


def _guarded_session() -> requests.Session:
    policy = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.allow_plain_text_http = True
    policy.add_xff_header = False
    session: requests.Session = policy.get_antissrf_session()
    return session


def _read(session: requests.Session, url: str) -> bytes:
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        with session.get(url, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)) as response:
            if response.status_code != requests.codes.ok:
                raise FetchRefused("refused")
            data = bytearray()
            # read1 answers with what has arrived: a full chunk of a slow drip would come long after the deadline.
            while chunk := response.raw.read1(CHUNK, decode_content=True):
                data += chunk
                if len(data) > MAX_BYTES:
                    raise FetchRefused("too-large")
                if time.monotonic() > deadline:
                    raise FetchRefused("too-slow")
            return bytes(data)
    except AntiSSRFError:
        raise FetchRefused("not-public") from None
    except requests.TooManyRedirects:
        raise FetchRefused("redirects") from None
    except (requests.Timeout, ReadTimeoutError):
        raise FetchRefused("too-slow") from None
    except (requests.RequestException, HTTPError, OSError, UnicodeError):
        raise FetchRefused("unreachable") from None
