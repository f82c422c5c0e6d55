"""Connections that keep two promises which requests alone does not.

A whole call has a deadline. A read time-out starts anew with every byte, so a server that drips could hold a worker
for hours; here each read and each write gets only what is left of the call's time. (Looking a name up is bounded by
the resolver's own settings, connecting by the connect time-out for each address.)

The signed query of a GET is put on the request line by the connection itself, at the last moment. requests and
urllib3 put the URL they know into the texts of exceptions and into log lines; so they never know that query.
"""

import http.client
import io
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import requests.adapters
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from searches.marketplaces.content import FORM


@dataclass(frozen=True, slots=True)
class Call:
    """The call under way. deadline: on the monotonic clock, seconds. What it carries stays out of its repr.

    media_type: of the body.
    """

    deadline: float
    read_timeout: float
    query: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)
    media_type: str = FORM

    def allowance(self) -> float:
        """Seconds that the next read or write may take. Raises TimeoutError when the call's time is over."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's deadline has passed")
        return min(self.read_timeout, left)


current_call: ContextVar[Call] = ContextVar("current_call")


class _PacedReader(io.RawIOBase):
    """The socket's reading side, with the rest of the call's time as each read's time-out."""

    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw = raw
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(current_call.get().allowance())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PacedResponse(http.client.HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_PacedReader(self.fp.detach(), sock))


class _LateQuery(HTTPConnection):
    response_class = _PacedResponse

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        query = current_call.get().query
        super().putrequest(method, f"{url}?{query}" if query else url, *args, **kwargs)

    def send(self, data: Any) -> None:
        # A picture may take longer to send than a connection to open. sendall's time-out is for all of the data.
        if self.sock is not None:
            self.sock.settimeout(current_call.get().allowance())
        super().send(data)


class _LateQueryTLS(_LateQuery, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _LateQuery


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _LateQueryTLS


_POOLS = {"http": _Pool, "https": _TLSPool}


def keep_to_deadline(adapter: requests.adapters.HTTPAdapter) -> None:
    """Have the adapter make these connections. `current_call` must be set while it sends and an answer is read."""
    adapter.poolmanager.pool_classes_by_scheme = _POOLS


class Adapter(requests.adapters.HTTPAdapter):
    """requests' adapter over these connections. `current_call` must be set while it sends."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        keep_to_deadline(self)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> urllib3.ProxyManager:
        if not proxy.lower().startswith("http"):
            # A SOCKS pool makes connections of its own kind, which would lose the query.
            raise requests.exceptions.InvalidProxyURL("only http and https proxies are supported")
        manager: urllib3.ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
