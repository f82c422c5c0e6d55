"""OAuth of the official platform: the page where a person allows an app, and the desk that trades tokens."""

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.calls import Call
from sandbox.dialects.dialect import ApiError
from sandbox.marketplace import Marketplace
from sandbox.pages import page
from sandbox.tokens import Grant, GrantRefusedError
from sandbox.web import BadRequest, Reply, Request, html_reply, json_reply

TOKEN_PATH = "/openapi/http/1/system.oauth2/getToken/"  # noqa: S105 -- an address
AUTHORIZE_PATH = "/oauth/authorize"
CHINA = timezone(timedelta(hours=8))
VISIBLE = re.compile(r"[\x21-\x7e]+")

GRANT_CODES = {
    "invalid_grant": "the code or the refresh token is not good",
    "invalid_client": "the client_id or the client_secret is wrong",
}


class TokenDesk:
    """Trades codes and refresh tokens for access tokens; calls to it are not signed."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def identify(self, request: Request, call: Call) -> Mapping[str, str]:
        """The arguments of a call by an app that has shown its secret. Raises ApiError."""
        app_key = request.path.removeprefix(TOKEN_PATH)
        call.app_key = app_key or None
        if request.method != "POST":
            raise ApiError("invalid_request", "getToken takes POST only")
        try:
            arguments = request.parameters()
        except BadRequest as error:
            raise ApiError("invalid_request", str(error)) from error
        account = self._marketplace.accounts.get(app_key)
        secret = arguments.get("client_secret", "")
        if (
            account is None
            or arguments.get("client_id") != app_key
            or not hmac.compare_digest(secret.encode(), account.secret.encode())
        ):
            raise ApiError("invalid_client", GRANT_CODES["invalid_client"])
        return arguments

    def answer(self, arguments: Mapping[str, str]) -> Reply:
        """Tokens for ``authorization_code`` or ``refresh_token``. Raises ApiError."""
        grants: Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]] = {
            "authorization_code": self._for_code,
            "refresh_token": self._for_refresh_token,
        }
        grant = grants.get(arguments.get("grant_type", ""))
        if grant is None:
            raise ApiError("unsupported_grant_type", f"grant_type must be one of {', '.join(grants)}")
        try:
            return json_reply(grant(arguments))
        except GrantRefusedError as error:
            raise ApiError("invalid_grant", str(error)) from error

    def _for_code(self, arguments: Mapping[str, str]) -> dict[str, Any]:
        grant = self._marketplace.tokens.redeem(
            _required(arguments, "code"),
            arguments["client_id"],
            _required(arguments, "redirect_uri"),
            self._marketplace.conduct.token_seconds,
            refreshable=arguments.get("need_refresh_token") == "true",
        )
        return self._tokens(grant, with_refresh_token=grant.refresh_token is not None)

    def _for_refresh_token(self, arguments: Mapping[str, str]) -> dict[str, Any]:
        conduct = self._marketplace.conduct
        rotate = conduct.rotate_refresh_tokens
        grant = self._marketplace.tokens.refresh(
            _required(arguments, "refresh_token"), arguments["client_id"], conduct.token_seconds, rotate
        )
        return self._tokens(grant, with_refresh_token=rotate)

    def _tokens(self, grant: Grant, *, with_refresh_token: bool) -> dict[str, Any]:
        tokens: dict[str, Any] = {
            "access_token": grant.access_token,
            "expires_in": str(self._marketplace.conduct.token_seconds),
            "aliId": f"8{grant.app_key}",
            "memberId": f"b2b-8{grant.app_key}",
            "resource_owner": f"sandbox-{grant.app_key}",
        }
        if with_refresh_token:
            until = datetime.fromtimestamp(grant.refresh_until, CHINA)
            tokens["refresh_token"] = grant.refresh_token
            tokens["refresh_token_timeout"] = f"{until:%Y%m%d%H%M%S}000{until:%z}"
        return tokens


class AuthorizePage:
    """Asks the person at the browser; its answer goes to the app's ``redirect_uri``."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def handles(self, path: str) -> bool:
        return path == AUTHORIZE_PATH

    def answer(self, request: Request) -> Reply:
        if request.method not in ("GET", "HEAD", "POST"):
            return json_reply({"error": "method not allowed"}, 405).with_header("Allow", "GET, HEAD, POST")
        try:
            asked = request.parameters()
        except BadRequest as error:
            return _refused(str(error))
        app_key, address = asked.get("client_id", ""), asked.get("redirect_uri", "")
        # Nobody is sent anywhere by a question that is wrong: the answer stays here.
        if app_key not in self._marketplace.accounts:
            return _refused("No app has this client_id.")
        if asked.get("site") != "1688":
            return _refused("The site must be 1688.")
        if not _is_web_address(address):
            return _refused("The redirect_uri must be an http or https address.")
        state = {"state": asked["state"]} if "state" in asked else {}
        if request.method != "POST":
            return html_reply(_question(app_key, address, asked))
        if asked.get("decision") != "allow":
            return _sent_to(address, {"error": "access_denied", **state})
        code = self._marketplace.tokens.issue_code(app_key, address)
        return _sent_to(address, {"code": code, **state})


def _required(arguments: Mapping[str, str], name: str) -> str:
    if not arguments.get(name):
        raise ApiError("invalid_request", f"Required argument {name}")
    return arguments[name]


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and VISIBLE.fullmatch(text) is not None


def _sent_to(address: str, answer: Mapping[str, str]) -> Reply:
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *answer.items()])
    target = urlunsplit(parts._replace(query=query, fragment=""))
    return Reply(b"", 302, "text/html; charset=utf-8").with_header("Location", target)


def _refused(reason: str) -> Reply:
    return html_reply(page("Not possible", f"<h1>This cannot be allowed.</h1><p>{escape(reason)}</p>"), 400)


def _question(app_key: str, address: str, asked: Mapping[str, str]) -> str:
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(asked[name])}">'
        for name in ("client_id", "site", "redirect_uri", "state")
        if name in asked
    )
    return page(
        "Allow this app",
        "<h1>Allow this app?</h1>"
        f"<p>The app <code>{escape(app_key)}</code> asks to search this marketplace in your name. "
        f"The answer goes to <code>{escape(address)}</code>.</p>"
        f'<form method="post" action="{AUTHORIZE_PATH}">{kept}'
        '<button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="deny">Deny</button></form>',
    )
