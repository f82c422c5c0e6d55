"""Pictures that callers name by an address: the sandbox's own, and those of servers on this machine.

A marketplace fetches from anywhere; a sandbox must not become the way into a network.
"""

import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from sandbox.images import ImageRefusedError

MOST_BYTES = 6 * 1024 * 1024
MOST_SECONDS = 5.0
CHUNK = 64 * 1024


def fetch_picture(url: str, own_host: str, files: Mapping[str, Path]) -> bytes:
    """The bytes at ``url``. Raises ImageRefusedError.

    On ``own_host`` (``name:port``, as the caller reached this server) the address is a picture of
    ``files``; elsewhere it must be plain HTTP on loopback. No proxy is used and no redirect followed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError as error:
        raise ImageRefusedError("the picture's address is not a URL") from error
    if parts.scheme == "http" and parts.netloc.lower() == own_host.lower():
        path = files.get(unquote(parts.path).lstrip("/"))
        if path is not None:
            return path.read_bytes()
    elif parts.scheme == "http" and parts.username is None and is_loopback(parts.hostname or ""):
        return _fetch(parts, port)
    raise ImageRefusedError(
        f"the sandbox fetches nothing but its own pictures, http://{own_host}/pictures/…, "
        "and pictures that a server on this machine has under http://127.0.0.1 or http://localhost"
    )


def is_loopback(host: str) -> bool:
    """Whether a host of an address, without port and brackets, is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _fetch(parts: SplitResult, port: int) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = HTTPConnection(parts.hostname or "", port, timeout=MOST_SECONDS)
    deadline = time.monotonic() + MOST_SECONDS
    try:
        connection.request("GET", target, headers={"Accept": "image/*"})
        with connection.getresponse() as response:
            if response.status != 200:
                raise ImageRefusedError(f"the picture's address answers with HTTP {response.status}")
            return _read(response, deadline)
    except ImageRefusedError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        raise ImageRefusedError("the picture's address gives no answer") from error
    finally:
        connection.close()


def _read(response: HTTPResponse, deadline: float) -> bytes:
    data = b""
    while chunk := response.read1(CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            raise ImageRefusedError("the picture at the address is larger than 6 MB", too_large=True)
        if time.monotonic() > deadline:
            raise ImageRefusedError("the picture at the address takes too long")
    return data
