"""The sandbox's own interface for tests and demos, under ``/_sandbox/``: faults, calls, settings.

It answers on loopback only, and only to requests with the header ``X-Sandbox-Control: 1``: a web
page can send neither that header across origins, nor come from loopback under another host name.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sandbox.dialects.dialect import Dialect, check_fault
from sandbox.faults import Fault
from sandbox.fetching import is_loopback
from sandbox.marketplace import Marketplace
from sandbox.web import Reply, Request, json_reply

PREFIX = "/_sandbox/"


class Control:
    """Answers the control interface's requests."""

    def __init__(self, marketplace: Marketplace, dialects: Sequence[Dialect]) -> None:
        self._marketplace = marketplace
        self._dialects = dialects
        self._routes = {
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "calls"): self._list_calls,
            ("DELETE", "calls"): self._clear_calls,
            ("GET", "settings"): self._show_settings,
            ("POST", "settings"): self._change_settings,
            ("DELETE", "tokens"): self._expire_tokens,
            ("DELETE", "uploads"): self._forget_uploads,
        }

    def handles(self, path: str) -> bool:
        return path.startswith(PREFIX)

    def answer(self, request: Request) -> Reply:
        if not (is_loopback(request.client) and is_loopback(urlsplit(request.base_url).hostname or "")):
            return json_reply({"error": "control is for loopback only"}, 403)
        if request.headers.get("x-sandbox-control") != "1":
            return json_reply({"error": "the header X-Sandbox-Control: 1 is required"}, 403)
        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None:
            return json_reply({"error": "no such control"}, 404)
        try:
            return route(_json_object(request))
        except ValueError as error:
            return json_reply({"error": str(error)}, 400)

    def _list_faults(self, _body: Mapping[str, Any]) -> Reply:
        return json_reply([fault.as_json() for fault in self._marketplace.faults.planned()])

    def _add_fault(self, body: Mapping[str, Any]) -> Reply:
        times = _number(body, "times", None, whole=True, least=1)
        page = _number(body, "page", None, whole=True, least=1)
        fault = Fault(
            str(body.get("fault")),
            None if times is None else int(times),
            None if page is None else int(page),
            _text(body, "dialect"),
            _text(body, "api"),
        )
        check_fault(fault, self._dialects)
        self._marketplace.faults.add(fault)
        return self._list_faults(body)

    def _clear_faults(self, _body: Mapping[str, Any]) -> Reply:
        self._marketplace.faults.clear()
        return json_reply([])

    def _list_calls(self, _body: Mapping[str, Any]) -> Reply:
        return json_reply(self._marketplace.calls.as_json())

    def _clear_calls(self, _body: Mapping[str, Any]) -> Reply:
        self._marketplace.calls.clear()
        return json_reply([])

    def _show_settings(self, _body: Mapping[str, Any]) -> Reply:
        conduct = self._marketplace.conduct
        return json_reply(
            {
                "limit": conduct.limit,
                "window": conduct.window,
                "delay_ms": conduct.delay_ms,
                "token_seconds": conduct.token_seconds,
                "rotate_refresh_tokens": conduct.rotate_refresh_tokens,
                "ordered_apis": {key: sorted(apis) for key, apis in conduct.ordered_apis.items()},
            }
        )

    def _change_settings(self, body: Mapping[str, Any]) -> Reply:
        conduct = self._marketplace.conduct
        limit = _number(body, "limit", conduct.limit, whole=True, least=0)
        window = _number(body, "window", conduct.window, least=0.001)
        delay = _number(body, "delay_ms", conduct.delay_ms, whole=True, least=0)
        lifetime = _number(body, "token_seconds", conduct.token_seconds, whole=True, least=1)
        rotate = _flag(body, "rotate_refresh_tokens", conduct.rotate_refresh_tokens)
        conduct.ordered_apis = self._ordered(body.get("ordered_apis", {}))
        conduct.delay_ms, conduct.token_seconds = int(delay or 0), int(lifetime or 0)
        conduct.rotate_refresh_tokens = rotate
        if "limit" in body or "window" in body:
            self._marketplace.set_limit(int(limit or 0), float(window or 0))
        return self._show_settings(body)

    def _ordered(self, changes: object) -> Mapping[str, frozenset[str]]:
        """What every app key has ordered once the changes are made; null is all there is."""
        known = {api for dialect in self._dialects for api in dialect.apis}
        ordered = dict(self._marketplace.conduct.ordered_apis)
        if not isinstance(changes, dict):
            raise ValueError("ordered_apis must be an object of lists by app key")
        for app_key, apis in changes.items():
            if apis is None:
                ordered.pop(app_key, None)
            elif isinstance(apis, list) and all(isinstance(api, str) and api in known for api in apis):
                ordered[app_key] = frozenset(apis)
            else:
                raise ValueError(f"ordered_apis must be null or names of APIs: {', '.join(sorted(known))}")
        return ordered

    def _expire_tokens(self, _body: Mapping[str, Any]) -> Reply:
        self._marketplace.tokens.expire_access()
        return json_reply([])

    def _forget_uploads(self, _body: Mapping[str, Any]) -> Reply:
        self._marketplace.forget_uploads()
        return json_reply([])


def _json_object(request: Request) -> Mapping[str, Any]:
    content = json.loads(request.body or b"{}")
    if not isinstance(content, dict):
        raise ValueError("the body must be a JSON object")
    return content


def _flag(body: Mapping[str, Any], name: str, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")
    return value


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be text")
    return value


def _number(
    body: Mapping[str, Any], name: str, default: float | None, *, whole: bool = False, least: float
) -> float | None:
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value < least:
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{name} must be {kind} of at least {least}")
    return float(value)
