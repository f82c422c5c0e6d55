"""Signing in, with a limit to guessing."""

import hashlib
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

MOST_FAILURES = 10
FAILURES_KEPT_SECONDS = 15 * 60


class SignInForm(AuthenticationForm):
    """Says the same for an unknown user, a wrong password and a closed account.

    After ten failures for one name from one address, it refuses for a quarter of an hour.
    """

    error_messages = {  # noqa: RUF012  Django's own way
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "This user name and password do not belong together. Check both: capital letters count in the password."
        ),
        "too_many": _("Too many attempts. Wait a quarter of an hour, or ask your administrator for a new password."),
    }

    def clean(self) -> dict[str, Any]:
        key = self._failures_key()
        if _failures(key) >= MOST_FAILURES:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            return super().clean()
        except ValidationError:
            _count_failure(key)
            raise

    def _failures_key(self) -> str:
        address = _address_of(self.request) if self.request else ""
        name = self.cleaned_data.get("username", "")
        digest = hashlib.sha256(f"{name.casefold()} {address}".encode()).hexdigest()
        return f"sign-in-failures:{digest}"


def _address_of(request: HttpRequest) -> str:
    """The client's; behind a proxy the last one named, which is all that our own proxy vouches for."""
    forwarded = request.headers.get("x-forwarded-for", "") if settings.BEHIND_PROXY else ""
    address: str = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return address


def _failures(key: str) -> int:
    try:
        return int(cache.get(key, 0))
    except redis.RedisError:
        # Without Valkey people still sign in: the limit slows guessing, it is not the lock.
        return 0


def _count_failure(key: str) -> None:
    try:
        cache.add(key, 0, FAILURES_KEPT_SECONDS)
        cache.incr(key)
    except (redis.RedisError, ValueError):
        # ValueError: the count ran out between the two lines.
        return
