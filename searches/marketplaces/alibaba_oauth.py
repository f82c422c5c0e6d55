"""OAuth at the 1688 open platform: where people allow the app to act for them, and the tokens that it gets for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from searches.marketplaces.account import Account, Tokens
from searches.marketplaces.base_urls import base_of
from searches.marketplaces.content import Content, form_text
from searches.marketplaces.offers import JSON
from searches.marketplaces.readers import as_identifier, as_object, as_text

DEFAULT_AUTH_URL = "https://auth.1688.com"
_LONGEST_TOKEN = 500
_SECONDS = re.compile(r"([0-9]{1,10})(?:\.[0-9]{1,6})?")
_MOMENT = re.compile(r"([0-9]{14})(?:[0-9]{3})?([+-][0-9]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Content):
    """A demand for tokens. What it trades for them, a code or a refresh token, is kept to hide it in errors."""

    traded: str = field(repr=False)


def authorize_url(account: Account, redirect_uri: str, state: str) -> str:
    """Where the administrator's browser goes. Raises MarketplaceError when the account's auth URL is none."""
    base = base_of(account.auth_url or DEFAULT_AUTH_URL, "oauth/authorize")
    query = {"client_id": account.app_key, "site": "1688", "redirect_uri": redirect_uri, "state": state}
    return f"{base}/oauth/authorize?{urlencode(query)}"


def grant_for_code(account: Account, code: str, redirect_uri: str) -> Grant:
    """A code is good once and for about two minutes."""
    asked = {"grant_type": "authorization_code", "need_refresh_token": "true", "redirect_uri": redirect_uri}
    return _grant(account, asked | {"code": code}, code)


def grant_for_refresh(account: Account, refresh_token: str) -> Grant:
    return _grant(account, {"grant_type": "refresh_token", "refresh_token": refresh_token}, refresh_token)


def _grant(account: Account, asked: Mapping[str, str], traded: str) -> Grant:
    text = form_text({"client_id": account.app_key, "client_secret": account.secret, **asked})
    return Grant(text=text, traded=traded)


def tokens_in(payload: JSON, *, now: datetime) -> Tokens | None:
    """The tokens of a reply, None when it holds no access token. Times that cannot be read are unknown."""
    reply = as_object(payload)
    access_token = as_identifier(reply.get("access_token"), _LONGEST_TOKEN)
    if not access_token:
        return None
    return Tokens(
        access_token=access_token,
        refresh_token=as_identifier(reply.get("refresh_token"), _LONGEST_TOKEN),
        expires_in=_seconds(reply.get("expires_in"), now),
        refresh_expires_in=_seconds(reply.get("refresh_token_timeout"), now),
    )


def _seconds(value: object, now: datetime) -> float | None:
    """Seconds from now on, from seconds as text or number or from a moment; None for what is past or none."""
    text = as_text(value, 40)
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    else:
        moment = as_moment(text)
        seconds = (moment - now).total_seconds() if moment else 0.0
    return seconds if seconds > 0 else None


def as_moment(value: object) -> datetime | None:
    """An aware moment from the platform's "20261010164552223+0800", to the second; else None."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S%z") if found else None
    except ValueError:  # no such day, hour or zone
        return None
