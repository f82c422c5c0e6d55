"""A list as a workbook, written by a worker."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts.scope import signed_in
from suppliers import exporting
from suppliers.views.scope import seen_list, tells_what_is_gone


@require_POST
@tells_what_is_gone
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the rows of the page that has the same query written; whoever sees the list may."""
    found = seen_list(request, pk)
    query = request.GET.copy()
    query.pop("page", None)
    try:
        export = exporting.ask_for(
            supplier_list=found, user=signed_in(request), query=query.urlencode(), language=get_language() or "en"
        )
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
        return redirect("exports:index")
    return redirect(export)
