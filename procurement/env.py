"""Settings from the environment, read strictly.

A value that cannot be understood, or a secret that is missing, stops the start with one line:
a portal that guesses what its operator meant is worse than one that does not start.
"""

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})


class ConfigurationError(SystemExit):
    """Ends the process with one line on standard error and exit status 1."""

    def __init__(self, message: str) -> None:
        super().__init__(f"tongkuan: {message}")


class StrictEnv:
    """django-environ with a closed list of booleans and one-line errors."""

    def __init__(self) -> None:
        self.environ = environ.Env()

    def boolean(self, name: str, *, default: bool) -> bool:
        text = str(self.environ.str(name, default=str(default))).strip().lower()
        if text in TRUE:
            return True
        if text in FALSE:
            return False
        raise ConfigurationError(f"{name} must be true or false, not {text!r}.")

    def integer(self, name: str, *, default: int, least: int = 0) -> int:
        text = str(self.environ.str(name, default=str(default))).strip()
        if not text.lstrip("-").isdigit() or int(text) < least:
            raise ConfigurationError(f"{name} must be a whole number of at least {least}, not {text!r}.")
        return int(text)

    def text(self, name: str, *, default: str = "") -> str:
        return str(self.environ.str(name, default=default)).strip()

    def words(self, name: str, *, default: str = "") -> list[str]:
        """A list separated by commas; empty items are dropped."""
        return [word.strip() for word in self.text(name, default=default).split(",") if word.strip()]

    def secret(self, name: str, *, hint: str) -> str:
        """A value that has no default: its absence stops the start."""
        value = self.text(name)
        if not value:
            raise ConfigurationError(f"{name} is not set. {hint}")
        return value

    def database(self, name: str, *, default: str) -> dict[str, object]:
        try:
            return dict(self.environ.db_url(name, default=default))
        except (ImproperlyConfigured, ValueError, KeyError) as error:
            # The value holds a password: it is not repeated.
            raise ConfigurationError(f"{name} is not a database address ({type(error).__name__}).") from None
