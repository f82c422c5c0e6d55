"""Everything is behind the sign-in, and a session that ends takes nothing with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.interrupted import InterruptedPost, page_before, remember_user

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, and: a form that meets an ended session is kept, and no fragment becomes a sign-in page."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if super().process_view(request, view_func, view_args, view_kwargs) is None:
            return None
        to_sign_in = redirect_to_login(_page_after_signing_in(request))
        # A redirect would be followed inside the fragment: htmx is told to leave the page instead.
        return HttpResponseClientRedirect(to_sign_in.url) if "hx-request" in request.headers else to_sign_in

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        remember_user(request, response)
        return response


def _page_after_signing_in(request: HttpRequest) -> str:
    if request.method not in SAFE_METHODS:
        return _page_after_post(request)
    is_fragment = "hx-request" in request.headers and "hx-boosted" not in request.headers
    return page_before(request) if is_fragment else request.get_full_path()


def _page_after_post(request: HttpRequest) -> str:
    interrupted = InterruptedPost.of(request)
    if interrupted:
        interrupted.keep(request)
        return resolve_url("accounts:resume")
    text = _("You were signed out before this was sent, so nothing was changed. Sign in, then send it again.")
    messages.warning(request, text)
    return page_before(request)
