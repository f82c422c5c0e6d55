"""What is done to an import: its columns are confirmed, it is tried, written, cancelled; its rows are taken along."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import row_to_change, signed_in
from catalog.imports import actions, rejected
from catalog.imports.fields import Field
from catalog.imports.views.pages import mapping_context
from catalog.models import CatalogImport
from exports.models import Export

State = CatalogImport.State


@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Each `column-N` names a field, or none. `do`: `try` has all rows tried, anything else only shows the first ones.

    For the page that asks while somebody chooses, only these rows.
    """
    of = _to_change(request, pk)
    names = {which.value for which in Field}
    width = len(of.sheet.get("headings", ()))
    chosen = [request.POST.get(f"column-{column}", "") for column in range(width)]
    chosen = [name if name in names else "" for name in chosen]
    actions.keep_columns(of=of, columns=chosen)
    if request.headers.get("HX-Request"):
        if of.state != State.MAPPING:
            raise Http404
        of.columns = chosen
        return render(request, "catalog/imports/_preview.html", mapping_context(of))
    if request.POST.get("do") == "try":
        try:
            actions.try_out(of=of, columns=chosen)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
    return redirect(of)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    of = _to_change(request, pk)
    try:
        actions.start(of=of)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(of)


@require_POST
def map_again(request: HttpRequest, pk: int) -> HttpResponse:
    of = _to_change(request, pk)
    actions.map_again(of=of)
    return redirect(of)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    of = _to_change(request, pk)
    writing = of.state in (State.WRITING, State.PICTURES)
    if actions.cancel(of=of):
        kept = _("The import is cancelled. What it had written stays in the catalogue.")
        messages.info(request, kept if writing else _("The import is cancelled. Nothing of it was written."))
    return redirect(of)


@require_POST
def rejected_rows(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The rows with which something is wrong, as a file that a worker writes: for viewers, too."""
    user = signed_in(request)
    of = get_object_or_404(CatalogImport.objects.for_user(user).select_related("team"), pk=pk)
    if kind not in Export.Kind or not of.rows_file:
        raise Http404
    try:
        export = rejected.ask_for(of=of, user=user, kind=kind, language=get_language() or "en")
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
        return redirect(of)
    return redirect(export)


def _to_change(request: HttpRequest, pk: int) -> CatalogImport:
    return row_to_change(CatalogImport.objects.select_related("team"), user=signed_in(request), pk=pk)
