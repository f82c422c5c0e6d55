"""Whose calls these are."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """What a client needs to speak for a team at a marketplace. Secret and token stay out of its repr."""

    base_url: str
    app_key: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
