"""The comparison as a file: exactly the current view, or the chosen offers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.scope import id_of, signed_in
from searches.asked import marketplaces_of, view_of
from searches.exports import MATCH_COLUMNS, csv_response, match_cells, notice_of
from searches.models import SearchJob
from searches.tables import in_order


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse | HttpResponseRedirect:
    """All pages of the view that the query string describes. With `match` ids, sent either way, just these."""
    job = get_object_or_404(SearchJob.objects.for_user(signed_in(request)), pk=pk)
    calls = list(job.calls.all())
    marketplaces = marketplaces_of(calls)
    photos = len(job.photos)
    view = view_of(request.GET, marketplaces, job.order, photos=photos)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = [match for text in sent.getlist("match") if (match := id_of(text))]
    if request.method == "POST" and not chosen:
        messages.warning(request, _("Choose the offers to export by their boxes first."))
        return redirect(job)
    ids = view.ids_of(job, calls, chosen) if chosen else view.ids(job, calls, signed_in(request))
    rows = (match_cells(match, photos) for match in in_order(ids))
    return csv_response(job.title, MATCH_COLUMNS, rows, notice=notice_of(calls))
