"""Authorizing a credential: to the marketplace's OAuth page and back, with tokens or with what went wrong."""

import logging

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from searches import credentials
from searches.admin.authorizing import Question, StateRefused, question_of, state_for
from searches.admin.credential_actions import Log
from searches.admin.state import in_words
from searches.credentials import Unauthorizable
from searches.marketplaces import MarketplaceError
from searches.models import Credential

logger = logging.getLogger(__name__)

LIST = "admin:searches_credential_changelist"
CALLBACK = "searches_credential_authorized"
# What OAuth's pages say of themselves goes into a message: no more of it than a sentence.
LONGEST = 200


def redirect_uri(request: HttpRequest) -> str:
    """Where the marketplace sends the browser back to: this portal, by the name that the browser knows it by."""
    return request.build_absolute_uri(reverse(f"admin:{CALLBACK}"))


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the browser to the marketplace's page."""
    credential = get_object_or_404(Credential, pk=pk)
    question = Question(pk, redirect_uri(request))
    try:
        url = credentials.authorize_url(credential, question.redirect_uri, state_for(request, question))
    except Unauthorizable:
        raise Http404 from None
    except MarketplaceError as error:
        messages.error(request, format_html("{}: {} [{}]", credential.name, _(error.message), error.code))
        return _page_of(credential)
    return redirect(url)


def end(request: HttpRequest, log: Log) -> HttpResponse:
    """The browser is back: with a code to trade for tokens, or with a refusal."""
    try:
        question = question_of(request)
    except StateRefused:
        # Neither the state nor the code is written down: one of them may still be good.
        logger.warning("OAuth: an answer without a question was refused (user %s)", request.user.pk)
        messages.error(request, _("This answer belongs to no question of this session, or came too late. Start again."))
        return redirect(LIST)
    credential = Credential.objects.filter(pk=question.credential).first()
    if credential is None:
        messages.error(request, _("The credential was deleted meanwhile."))
        return redirect(LIST)
    code = request.GET.get("code", "")
    if request.GET.get("error") or not code:
        _refused(request, credential, log)
    else:
        _trade(request, credential, code, question.redirect_uri, log)
    return _page_of(credential)


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while the browser was away. The address of this page, with the code, goes nowhere."""
    text = _("You were signed out before the marketplace answered. Sign in and authorize again.")
    messages.warning(request, text)
    return redirect_to_login(reverse(LIST))


def _refused(request: HttpRequest, credential: Credential, log: Log) -> None:
    error = request.GET.get("error", "")[:LONGEST] or "no-code"
    said = request.GET.get("error_description", "")[:LONGEST]
    text = _("%(name)s: not authorized, nothing was changed. The marketplace said:") % {"name": credential.name}
    messages.error(request, format_html("{} {} [{}]", text, said, error))
    log(request, credential, _("Authorization failed: %(code)s.") % {"code": error})


def _trade(request: HttpRequest, credential: Credential, code: str, uri: str, log: Log) -> None:
    trouble = credentials.keep_authorization(credential, code, uri)
    if trouble is None:
        text = _("%(name)s is authorized: its tokens are stored.") % {"name": credential.name}
        messages.success(request, text)
        log(request, credential, _("Authorized: new tokens."))
        return
    text = _("%(name)s: not authorized, nothing was changed.") % {"name": credential.name}
    messages.error(request, format_html("{} {} [{}]", text, in_words(trouble), trouble.code))
    log(request, credential, _("Authorization failed: %(code)s.") % {"code": trouble.code})


def _page_of(credential: Credential) -> HttpResponse:
    return redirect("admin:searches_credential_change", credential.pk)
