"""What a failed connection means. The exceptions of requests and urllib3 stop here."""

import socket
import ssl
from collections.abc import Iterator

import requests.exceptions
import urllib3.exceptions

from searches.marketplaces import errors
from searches.marketplaces.errors import MarketplaceError, Rule

_SYSTEM_MODULES = frozenset({"builtins", "socket", "ssl"})
_MOST_CAUSES = 20


class ConnectionCause(Exception):
    """The cause of a failed connection in the system's words: types and reasons.

    It stands in for the original exceptions, whose texts and attributes hold the URL, the signature and the picture.
    """


def failure_of(error: BaseException) -> MarketplaceError:
    """The MarketplaceError for an exception of the HTTP libraries, ready to be raised outside its `except`."""
    causes = list(_causes(error))
    rule, code = _meaning(causes)
    failure = rule.error(code)
    failure.__cause__ = ConnectionCause(" < ".join(_words(cause) for cause in causes))
    return failure


def _meaning(causes: list[BaseException]) -> tuple[Rule, str]:
    def any_is(*types: type[BaseException]) -> bool:
        return any(isinstance(cause, types) for cause in causes)

    if any_is(ssl.SSLCertVerificationError):
        return errors.BAD_CERTIFICATE, "tls"
    if any_is(urllib3.exceptions.ProxyError, requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL):
        return errors.PROXY_FAILED, "proxy"
    if any_is(TimeoutError, urllib3.exceptions.ReadTimeoutError):
        return errors.TIMED_OUT, "timeout"
    if any_is(requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, urllib3.exceptions.LocationParseError):
        return errors.WRONG_ADDRESS, "base-url"
    return errors.CONNECTION_FAILED, "connection"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and all it wraps, outermost first: requests and urllib3 keep them in four different places."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _MOST_CAUSES:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting.extend(value for value in inner if isinstance(value, BaseException))


def _words(cause: BaseException) -> str:
    # Only what the operating system says: it knows no URL. A library's text may quote one.
    name = type(cause).__name__
    said = cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else None
    if said is None and isinstance(cause, OSError | socket.gaierror) and type(cause).__module__ in _SYSTEM_MODULES:
        said = cause.strerror
    return f"{name}: {said}" if said else name
