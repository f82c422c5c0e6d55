"""The comparison as a file: exactly the current view, or the chosen offers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.scope import id_of, signed_in
from searches import exporting
from searches.exports import MATCH_COLUMNS, csv_response, match_cells, notice_of
from searches.models import SearchJob
from searches.reckonedcells import reckoned_cells, reckoned_columns
from searches.selection import Choice, selection_of

# A choice beyond that is no choice: the view's filters say it better.
MOST_CHOSEN = 5000


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse | HttpResponseRedirect:
    """All pages of the view that the query string describes. With `match` ids, sent either way, just these.

    What the view reckons comes behind the offers' own columns.
    """
    job = get_object_or_404(SearchJob.objects.for_user(signed_in(request)).select_related("team"), pk=pk)
    chosen = choice_of(request).ids
    if request.method == "POST" and not chosen:
        messages.warning(request, _("Choose the offers to export by their boxes first."))
        return redirect(job)
    selection = selection_of(job, signed_in(request), request.GET, Choice(chosen))
    photos = len(job.photos)
    rows = ([*match_cells(match, photos), *reckoned_cells(line)] for some in selection.lines() for match, line in some)
    header = [*MATCH_COLUMNS, *reckoned_columns(selection.terms)]
    return csv_response(job.title, header, rows, notice=notice_of(selection.calls))


@require_POST
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the view that the query string describes written by a worker; with `match` ids, sent either way, just these.

    Those of an address stay in its order. `of`: "chosen" says that no choice is a mistake, and not all of the view.
    """
    user = signed_in(request)
    job = get_object_or_404(SearchJob.objects.for_user(user).select_related("team"), pk=pk)
    choice = choice_of(request)
    if request.POST.get("of") == "chosen" and not choice.ids:
        messages.warning(request, _("Choose the offers to export by their boxes first."))
        return redirect(job)
    try:
        export = exporting.ask_for(
            job=job, user=user, query=view_query(request.GET), choice=choice, language=get_language() or "en"
        )
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
        return redirect("exports:index")
    return redirect(export)


def choice_of(request: HttpRequest) -> Choice:
    """The offers that a form or an address names."""
    posted = request.POST.getlist("match")
    ids = [match for text in posted or request.GET.getlist("match") if (match := id_of(text))]
    return Choice(list(dict.fromkeys(ids))[:MOST_CHOSEN], in_own_order=not posted)


def view_query(params: QueryDict) -> str:
    """The address of the view: without its page, and without what was chosen from it."""
    query = params.copy()
    for name in ("match", "page", "open"):
        query.pop(name, None)
    return query.urlencode()
