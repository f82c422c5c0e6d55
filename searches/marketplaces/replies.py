"""From what came over the wire to JSON, or to the error that its HTTP status means. The same for every dialect."""

import http.client
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

from searches.marketplaces import errors
from searches.marketplaces.errors import MarketplaceError, Rule
from searches.marketplaces.offers import JSON

_CHUNK = 65_536
_LONGEST_RETRY_AFTER = 86_400.0
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_STATUS_RULES: Mapping[int, Rule] = {
    401: errors.BAD_KEY,
    403: errors.FORBIDDEN,
    404: errors.WRONG_ADDRESS,
    405: errors.WRONG_ADDRESS,
    407: errors.PROXY_FAILED,
    408: errors.TIMED_OUT,
    410: errors.WRONG_ADDRESS,
    413: errors.IMAGE_TOO_LARGE,
    429: errors.THROTTLED,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the marketplace answered, whatever its status. Header names are in lower case; the body is decoded.

    Its repr is the status only: a redirect's Location may repeat the signed query.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class TooLarge(Exception):
    """The body is longer than it may be, before or after decompression."""


class UnreadableEncoding(Exception):
    """The body is compressed in a way that was not asked for, or badly."""


class RawBody(Protocol):
    """What is needed of urllib3's response."""

    def read(self, amt: int, *, decode_content: bool) -> bytes: ...


def decoded_parts(raw: RawBody, encoding: str, limit: int) -> Iterator[bytes]:
    """The body in parts, decompressed here: each part stops just beyond `limit` bytes, however small the bomb.

    Raises TooLarge, UnreadableEncoding, or http.client.IncompleteRead when a compressed body ends too early.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        while part := raw.read(_CHUNK, decode_content=False):
            yield part
        return
    if encoding not in _ENCODINGS:
        raise UnreadableEncoding
    decoder, received = zlib.decompressobj(zlib.MAX_WBITS | 32), 0  # 32: gzip or zlib, as the data says
    while part := raw.read(_CHUNK, decode_content=False):
        received += len(part)
        if received > limit:
            raise TooLarge
        try:
            yield decoder.decompress(part, limit + 1)
        except zlib.error as error:
            raise UnreadableEncoding from error
    if received and not decoder.eof:
        raise http.client.IncompleteRead(b"")


def read_json(reply: Reply) -> JSON:
    """The body as JSON; NaN and Infinity, which JSON has not, become null.

    Raises MarketplaceError: for its status when that says failure, else kind protocol.
    """
    try:
        payload: JSON = json.loads(reply.body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):  # not JSON, not Unicode, a number of thousands of digits, nested too deep
        code = _code_of_unreadable(reply)
    else:
        return payload
    if not reply.ok:
        raise status_error(reply)
    raise (errors.EMPTY_REPLY if code == "empty-body" else errors.UNEXPECTED_REPLY).error(code)


def _code_of_unreadable(reply: Reply) -> str:
    start = reply.body[:1000].lstrip()
    if not start:
        return "empty-body"
    is_html = "html" in reply.headers.get("content-type", "").lower() or start.startswith(b"<")
    return "html" if is_html else "bad-json"


def status_rule(status: int) -> Rule | None:
    """What an HTTP status means where the body says nothing better; None for success and for the unknown."""
    return errors.SERVICE_FAILED if 500 <= status < 600 else _STATUS_RULES.get(status)


def status_error(reply: Reply) -> MarketplaceError:
    """The error for a failure that only the HTTP status tells."""
    rule = status_rule(reply.status) or errors.UNEXPECTED_REPLY
    return rule.error(str(reply.status), retry_after=retry_after(reply))


def retry_after(reply: Reply) -> float | None:
    """Seconds from the Retry-After header, a day at most; None without a readable one.

    A date is counted from the reply's own Date, so the two clocks need not agree.
    """
    value = reply.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), _LONGEST_RETRY_AFTER)
    try:
        pause = parsedate_to_datetime(value) - parsedate_to_datetime(reply.headers.get("date", ""))
    except (TypeError, ValueError, OverflowError):  # TypeError: only one of the two names its zone
        return None
    return min(max(pause.total_seconds(), 0.0), _LONGEST_RETRY_AFTER)
