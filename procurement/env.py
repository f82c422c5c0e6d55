"""Settings from the environment, read strictly.

A value that cannot be understood, or a secret that is missing, stops the start with one line:
a portal that guesses what its operator meant is worse than one that does not start.
"""

import os
import re
import zoneinfo
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})
DATABASES = frozenset({"sqlite", "postgres", "postgresql"})


class ConfigurationError(SystemExit):
    """Ends the process with one line on standard error and exit status 1."""

    def __init__(self, message: str) -> None:
        super().__init__(f"tongkuan: {message}")


class StrictEnv:
    """The environment, with a closed list of booleans and one-line errors. Values are taken as they stand.

    django-environ parses database addresses, and no more: of a value that begins with `$` it makes another variable's.
    """

    def boolean(self, name: str, *, default: bool) -> bool:
        text = self.text(name, default=str(default)).lower()
        if text in TRUE:
            return True
        if text in FALSE:
            return False
        raise ConfigurationError(f"{name} must be true or false, not {text!r}.")

    def integer(self, name: str, *, default: int, least: int = 0, most: int = 999_999_999) -> int:
        text = self.text(name, default=str(default))
        number = int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None
        if number is None or number < least:
            raise ConfigurationError(f"{name} must be a whole number of at least {least}, not {text!r}.")
        if number > most:
            raise ConfigurationError(f"{name} must be a whole number of at most {most}, not {text!r}.")
        return number

    def text(self, name: str, *, default: str = "") -> str:
        return os.environ.get(name, default).strip()

    def path(self, name: str, *, default: Path) -> Path:
        """Absolute; an empty value is none, not the folder that the process was started in."""
        return Path(self.text(name) or default).resolve()

    def choice(self, name: str, *, default: str, choices: Collection[str]) -> str:
        text = self.text(name, default=default)
        if text not in choices:
            raise ConfigurationError(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
        return text

    def url(self, name: str, *, default: str = "") -> str:
        """An http(s) address of a server, without a slash at its end; "" for none."""
        text = self.text(name, default=default).rstrip("/")
        parts = urlsplit(text)
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
            raise ConfigurationError(f"{name} must be an address such as https://portal.example.com, not {text!r}.")
        return text

    def words(self, name: str, *, default: str = "") -> list[str]:
        """A list separated by commas; empty items are dropped."""
        return [word.strip() for word in self.text(name, default=default).split(",") if word.strip()]

    def secret(self, name: str, *, hint: str) -> str:
        """A value that has no default: its absence stops the start."""
        value = self.text(name)
        if not value:
            raise ConfigurationError(f"{name} is not set. {hint}")
        return value

    def keys(self, name: str, *, hint: str) -> list[str]:
        """Fernet keys separated by commas, at least one."""
        keys = [key.strip() for key in self.secret(name, hint=hint).split(",")]
        for number, key in enumerate(keys, 1):
            try:
                Fernet(key)
            except ValueError:
                # Neither the key nor what cryptography says of it is repeated.
                raise ConfigurationError(f"{name}: number {number} is not a Fernet key. {hint}") from None
        return keys

    def zone(self, name: str, *, default: str) -> str:
        text = self.text(name, default=default)
        try:
            zoneinfo.ZoneInfo(text)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise ConfigurationError(f"{name} must be a time zone such as {default}, not {text!r}.") from None
        return text

    def database(self, name: str, *, default: str) -> dict[str, object]:
        text = self.text(name, default=default)
        try:
            # Asked first: of an address that it does not know, django-environ prints every part, the password too.
            if urlsplit(text).scheme in DATABASES:
                return dict(environ.Env.db_url_config(text))
        except (ImproperlyConfigured, ValueError, KeyError):
            pass
        raise ConfigurationError(f"{name} is not the address of a PostgreSQL or SQLite database.")

    def valkey(self, name: str, *, default: str) -> str:
        text = self.text(name) or default
        try:
            parts = urlsplit(text)
            reachable = {"redis": parts.hostname, "rediss": parts.hostname, "unix": parts.path}.get(parts.scheme)
            _ = parts.port
        except ValueError:
            reachable = None
        if not reachable:
            raise ConfigurationError(f"{name} must be redis://…, rediss://… or unix:///…")  # it may hold a password
        return text
