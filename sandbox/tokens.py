"""What people allowed an app to do, and for how long: codes, access tokens and refresh tokens of OAuth."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

CODE_SECONDS = 300.0
REFRESH_SECONDS = 182 * 24 * 3600.0
MOST_KEPT = 1000


class GrantRefusedError(Exception):
    """No tokens for this; the text says why."""


@dataclass
class Grant:
    """One authorization of an app. Moments are in epoch seconds; only the newest access token is good."""

    app_key: str
    refresh_token: str | None
    refresh_until: float
    access_token: str
    access_until: float


@dataclass(frozen=True)
class _Code:
    app_key: str
    redirect_uri: str
    until: float


class TokenBook:
    """All that was handed out; the oldest are forgotten beyond a thousand. ``clock`` gives epoch seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._grants: list[Grant] = []
        self._lock = Lock()

    def issue_code(self, app_key: str, redirect_uri: str) -> str:
        """A code that is good once, for five minutes, for this app and address."""
        code = secrets.token_hex(16)
        with self._lock:
            self._codes[code] = _Code(app_key, redirect_uri, self._clock() + CODE_SECONDS)
            while len(self._codes) > MOST_KEPT:
                del self._codes[next(iter(self._codes))]
        return code

    def redeem(self, code: str, app_key: str, redirect_uri: str, seconds: float, refreshable: bool) -> Grant:
        """Tokens for a code; the access token is good for ``seconds``. Raises GrantRefusedError."""
        now = self._clock()
        with self._lock:
            known = self._codes.pop(code, None)
            if known is None:
                raise GrantRefusedError("the authorization code is unknown or was used before")
            if known.until <= now:
                raise GrantRefusedError("the authorization code has expired")
            if known.app_key != app_key or known.redirect_uri != redirect_uri:
                raise GrantRefusedError("the authorization code was given to another app or redirect_uri")
            refresh_token = secrets.token_hex(16) if refreshable else None
            grant = Grant(app_key, refresh_token, now + REFRESH_SECONDS, secrets.token_hex(16), now + seconds)
            self._grants = [*self._grants[1 - MOST_KEPT :], grant]
            return replace(grant)

    def refresh(self, refresh_token: str, app_key: str, seconds: float, rotate: bool) -> Grant:
        """A new access token in place of the former; with ``rotate`` a new refresh token too.

        Raises GrantRefusedError.
        """
        now = self._clock()
        with self._lock:
            for grant in self._grants:
                if grant.refresh_token != refresh_token or grant.app_key != app_key:
                    continue
                if grant.refresh_until <= now:
                    break
                grant.access_token, grant.access_until = secrets.token_hex(16), now + seconds
                if rotate:
                    grant.refresh_token = secrets.token_hex(16)
                return replace(grant)
        raise GrantRefusedError("the refresh token is unknown or has expired")

    def admits(self, access_token: str, app_key: str) -> bool:
        """Whether this is a token that was handed out to this app and is still good."""
        now = self._clock()
        with self._lock:
            return any(
                grant.access_token == access_token and grant.app_key == app_key and grant.access_until > now
                for grant in self._grants
            )

    def expire_access(self) -> None:
        """Ends all access tokens at once; refresh tokens stay good."""
        with self._lock:
            for grant in self._grants:
                grant.access_until = 0.0
