"""Whose calls these are."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """What a client needs to speak for a team at a marketplace. Secret and token stay out of its repr.

    token: an access token, or the API key of marketplaces that sign nothing.
    token_expires_at: aware; None for a token that never does. auth_url: where OAuth asks people, "" without OAuth.
    """

    base_url: str
    app_key: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    token_expires_at: datetime | None = None
    auth_url: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What OAuth gives. `expires_in` and `refresh_expires_in` are seconds, None when it was not said.

    A reply to a refresh may lack `refresh_token`: then the old one stays good.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_in: float | None = None
    refresh_expires_in: float | None = None
