"""Items as a file that a worker writes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts.scope import signed_in
from catalog import exporting
from catalog.selection import ids_in
from catalog.views.scope import catalogue_of
from exports.models import Export


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """All items that `query` asks for. `do`: xlsx or csv; `team`: whose."""
    return export_chosen(request, request.POST.get("do", ""), everything=True)


def export_chosen(request: HttpRequest, kind: str, *, everything: bool = False) -> HttpResponse:
    """The ticked items, or all that `query` asks for. Raises Http404."""
    user = signed_in(request)
    catalogue = catalogue_of(user, request.POST.get("team", ""))
    if catalogue is None or kind not in Export.Kind:
        raise Http404
    everything = everything or bool(request.POST.get("all"))
    try:
        made = exporting.ask_for(
            team=catalogue.team,
            user=user,
            kind=kind,
            query=request.POST.get("query", "").removeprefix("?"),
            items=None if everything else ids_in(request.POST.getlist("entry")),
            language=get_language() or "en",
        )
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
        return redirect("exports:index")
    return redirect(made)
