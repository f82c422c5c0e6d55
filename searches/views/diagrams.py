"""Prices and places of a search's filtered offers as pictures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.scope import signed_in
from searches.addresses import changed
from searches.exports import notice_of
from searches.pictured import pictured_of
from searches.views.scope import visible_jobs
from searches.views.side_by_side import with_chosen


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def diagrams(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the comparison in the state of the query string, the chosen offers (`match`) marked.

    What the comparison's tray sends becomes an address.
    """
    job = get_object_or_404(visible_jobs(signed_in(request)), pk=pk)
    if request.method == "POST":
        return redirect(request.path + with_chosen(request))
    calls = list(job.calls.all())
    pictured = pictured_of(job, calls, request.GET, signed_in(request))
    params = pictured.view.params
    context = {
        "job": job,
        "pictured": pictured,
        "query": changed(params),
        "back": job.get_absolute_url() + changed(params, match=None),
        "clear_url": changed(params, **dict.fromkeys(pictured.view.filters.active())),
        "unpinned_url": changed(params, match=None),
        "notice": notice_of(calls),
    }
    return render(request, "searches/diagrams.html", context)
