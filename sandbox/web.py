"""Requests and replies of the sandbox, between WSGI and its pages."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


class BadRequest(ValueError):
    """The request cannot be read at all; the text says why."""


class Unanswered(Exception):
    """The connection is to end without an answer: by a reset, or once the client has left."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("reset" if reset else "hang")
        self.reset = reset


@dataclass(frozen=True)
class Request:
    """``arrived`` is in epoch seconds; ``client`` is the peer's IP address; header names are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    client: str
    host: str
    arrived: float

    @property
    def base_url(self) -> str:
        """The address this server was called by, without a slash at the end."""
        return f"http://{self.host}"

    def parameters(self) -> dict[str, str]:
        """Query string and form together. Raises BadRequest for a name given twice or a non-text body."""
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, errors="strict")
            form = self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
            if self.method == "POST" and form:
                text = self.body.decode("ascii")
                pairs += parse_qsl(text, keep_blank_values=True, errors="strict")
        except ValueError as error:
            raise BadRequest("the parameters are not form-encoded UTF-8") from error
        parameters = dict(pairs)
        if len(parameters) != len(pairs):
            raise BadRequest("a parameter is given twice")
        return parameters


@dataclass(frozen=True)
class Reply:
    """An answer; ``declared_length`` other than None is announced in place of the body's real length."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    declared_length: int | None = None

    def with_header(self, name: str, value: str) -> "Reply":
        return replace(self, headers=(*self.headers, (name, value)))

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"


def json_reply(content: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(content, ensure_ascii=False).encode(), status)


def html_reply(page: str, status: int = 200) -> Reply:
    return Reply(page.encode(), status, "text/html; charset=utf-8")


def request_from_environ(environ: Mapping[str, Any], now: float) -> Request:
    """Builds a Request; ``now`` is the arrival where the server did not note one.

    A Host header that is not a host is not repeated in links: the server's own address is used.
    """
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    host = headers.get("host", "")
    if not HOST.fullmatch(host):
        host = f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        query=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=environ["wsgi.input"].read(length) if length else b"",
        client=environ.get("REMOTE_ADDR", "").removeprefix("::ffff:"),
        host=host,
        arrived=environ.get("sandbox.arrived", now),
    )
