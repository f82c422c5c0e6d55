"""A form that was sent after its session had ended: kept until its sender has signed in again.

It waits in the anonymous session, which Django carries over into the signed-in one. Only forms that passed the
CSRF check come here, and nothing is sent again without a click.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

SESSION_KEY = "interrupted_post"
MOST_BYTES = 64 * 1024
URLENCODED = "application/x-www-form-urlencoded"
# A session is stored in clear: forms that hold such a field are never kept.
SENSITIVE = ("password", "secret", "token")
NOT_KEPT = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class InterruptedPost:
    """path: where it was going; fields: what it said, in order, names may repeat; back: the page it came from."""

    path: str
    fields: tuple[tuple[str, str], ...]
    back: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """What can be kept of the request, or None: too large, no plain form, or with a secret in it."""
        if request.method != "POST" or request.content_type != URLENCODED:
            return None
        fields = [(name, value) for name, values in request.POST.lists() for value in values if name != NOT_KEPT]
        if _is_sensitive(name for name, _ in fields) or sum(map(_size, fields)) > MOST_BYTES:
            return None
        return cls(path=request.get_full_path(), fields=tuple(fields), back=page_before(request))

    @classmethod
    def from_session(cls, request: HttpRequest) -> Self | None:
        kept = request.session.get(SESSION_KEY)
        if not kept:
            return None
        fields = tuple((name, value) for name, value in kept["fields"])
        return cls(path=kept["path"], fields=fields, back=kept["back"])

    def keep(self, request: HttpRequest) -> None:
        request.session[SESSION_KEY] = {"path": self.path, "fields": self.fields, "back": self.back}


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
