"""A form that was sent after its session had ended: kept until its sender has signed in again.

It waits in the anonymous session, which Django carries over into the signed-in one. Only forms that passed the
CSRF check come here, and nothing is sent again without a click. A signed cookie outlives the session and says whose
form it was: whoever else signs in at that browser does not get to see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

SESSION_KEY = "interrupted_post"
COOKIE = "last-user"
MOST_BYTES = 64 * 1024
URLENCODED = "application/x-www-form-urlencoded"
# A session is stored in clear: forms that hold such a field are never kept.
SENSITIVE = ("password", "secret", "token")
NOT_KEPT = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class InterruptedPost:
    """sender: the user's id; path: where it was going; fields: what it said, in order, names may repeat; back: the page
    it came from."""

    sender: int
    path: str
    fields: tuple[tuple[str, str], ...]
    back: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """What can be kept of the request, or None: nobody's, too large, no plain form, or with a secret in it."""
        sender = _last_user(request)
        if sender is None or request.method != "POST" or request.content_type != URLENCODED:
            return None
        fields = [(name, value) for name, values in request.POST.lists() for value in values if name != NOT_KEPT]
        if _is_sensitive(name for name, _ in fields) or sum(map(_size, fields)) > MOST_BYTES:
            return None
        return cls(sender, path=request.get_full_path(), fields=tuple(fields), back=page_before(request))

    @classmethod
    def from_session(cls, request: HttpRequest) -> Self | None:
        kept = request.session.get(SESSION_KEY)
        if not kept or kept["sender"] != request.user.pk:
            return None
        fields = tuple((name, value) for name, value in kept["fields"])
        return cls(kept["sender"], path=kept["path"], fields=fields, back=kept["back"])

    def keep(self, request: HttpRequest) -> None:
        request.session[SESSION_KEY] = {
            "sender": self.sender,
            "path": self.path,
            "fields": self.fields,
            "back": self.back,
        }


def remember_user(request: HttpRequest, response: HttpResponseBase) -> None:
    """Leave word in the browser who is signed in at it, for after the session's end."""
    if request.user.pk is not None and _last_user(request) != request.user.pk:
        response.set_signed_cookie(
            COOKIE,
            str(request.user.pk),
            salt=COOKIE,
            max_age=2 * settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _last_user(request: HttpRequest) -> int | None:
    text = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=2 * settings.SESSION_COOKIE_AGE)
    return int(text) if text else None


def forget(request: HttpRequest) -> InterruptedPost | None:
    """Take it out of the session, and answer it."""
    interrupted = InterruptedPost.from_session(request)
    request.session.pop(SESSION_KEY, None)
    return interrupted


def page_before(request: HttpRequest) -> str:
    """The path of the page of ours from which the request came, else the home page's."""
    referer = request.headers.get("referer", "")
    if not is_ours(request, referer):
        return resolve_url("home")
    parts = urlsplit(referer)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or resolve_url("home")


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether the address leads to this portal, so that somebody may be sent there."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def _size(field: tuple[str, str]) -> int:
    return len("".join(field).encode())


def _is_sensitive(names: Iterable[str]) -> bool:
    return any(word in name.lower() for name in names for word in SENSITIVE)
