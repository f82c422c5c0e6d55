"""The way in: where somebody lands after signing in, and who may go on to the administration."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from accounts.scope import signed_in
from procurement.storagetrouble import storage_trouble
from searches.models import SearchJob


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The newest search that the user sees; before there is one, the steps that lead to it."""
    newest = SearchJob.objects.for_user(signed_in(request)).first()
    return redirect(newest) if newest else render(request, "searches/start.html")


@login_not_required
@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponseBase:
    """One door for everybody: the administration's own sign-in form is not used."""
    if request.user.is_authenticated:
        raise PermissionDenied(_("The administration is for administrators. Your account is not one."))
    return redirect_to_login(request.GET.get("next") or "/admin/")


def broken(request: HttpRequest) -> HttpResponse:
    """What is shown after an error that nobody expected; of a full disk it says so, as that is not for programmers."""
    trouble = storage_trouble(sys.exc_info()[1])
    if trouble:
        return HttpResponse(render_to_string("507.html", {"trouble": trouble}), status=507)
    return server_error(request)
