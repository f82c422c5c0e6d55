"""Chosen offers as a sheet of paper: a decision pack."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.scope import signed_in
from searches.addresses import changed
from searches.models import SearchJob
from searches.packs import MOST_OFFERS, pack_of
from searches.selection import selection_of
from searches.views.export import choice_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The offers with the `match` ids, or the first of the view. What a tray sends becomes an address."""
    user = signed_in(request)
    job = get_object_or_404(SearchJob.objects.for_user(user).select_related("team", "owner"), pk=pk)
    choice = choice_of(request)
    if request.method == "POST" and not choice.ids:
        messages.warning(request, _("Choose the offers for the pack by their boxes first."))
        return redirect(job)
    if request.method == "POST":
        return redirect(request.path + changed(request.GET, match=[str(one) for one in choice.ids[:MOST_OFFERS]]))
    selection = selection_of(job, user, request.GET, choice)
    back = job.get_absolute_url() + changed(request.GET, match=None)
    return render(request, "exports/pack.html", {"pack": pack_of(selection, user, back), "most": MOST_OFFERS})
