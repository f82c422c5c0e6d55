"""What is done to a batch: start it, pause it, go on, cancel it, try failures again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.scope import row_to_change, signed_in
from batches import actions
from batches.folders import one_product_a_folder
from batches.models import Batch
from batches.totals import add_up


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _to_change(request, pk)
    if not request.POST.get("rights"):
        messages.error(request, _("Confirm that you may use these pictures; nothing was started."))
        return redirect(batch)
    try:
        actions.start_batch(batch=batch)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(batch)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _to_change(request, pk)
    actions.pause_batch(batch=batch)
    messages.info(request, _("The batch is paused: searches under way end, no further one begins."))
    return redirect(batch)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _to_change(request, pk)
    actions.resume_batch(batch=batch)
    return redirect(batch)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: a cancelled batch cannot be taken up again."""
    batch = _to_change(request, pk)
    if request.method != "POST":
        if not batch.is_unfinished:
            return redirect(batch)
        return render(request, "batches/cancel.html", {"batch": batch, "totals": add_up(batch)})
    actions.cancel_batch(batch=batch)
    messages.info(request, _("The batch is cancelled. What was found so far is kept."))
    return redirect(batch)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """All that failed, or with `row` the one row."""
    batch = _to_change(request, pk)
    row = request.POST.get("row", "")
    rows = [get_object_or_404(batch.rows, pk=int(row))] if row.isdigit() and len(row) < 19 else None
    number = actions.retry_failed(batch=batch, rows=rows)
    text = ngettext("%(number)d search is tried again.", "%(number)d searches are tried again.", number)
    messages.info(request, text % {"number": number} if number else _("Nothing of this batch has failed."))
    return redirect(batch)


@require_POST
def folders(request: HttpRequest, pk: int) -> HttpResponse:
    """Each folder of photos becomes one product."""
    batch = _to_change(request, pk)
    try:
        number = one_product_a_folder(batch=batch)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        text = ngettext("The photos are %(number)d product now.", "The photos are %(number)d products now.", number)
        messages.info(request, text % {"number": number})
    return redirect(batch)


def _to_change(request: HttpRequest, pk: int) -> Batch:
    return row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
