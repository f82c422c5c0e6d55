"""Files on their way into a batch: announced, sent in parts, taken up again where they stopped."""

import json
import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import row_to_change, signed_in
from batches import doorbell, intake, uploads
from batches.models import Batch, BatchFile, BatchRow
from batches.reading.grid import MAX_COLUMNS
from batches.reading.headings import Field

logger = logging.getLogger(__name__)


@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON {name, size, fingerprint} → {url, received, part_bytes}; 400 {error} for what is not taken."""
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    asked = _json(request)
    name, size, fingerprint = asked.get("name"), asked.get("size"), asked.get("fingerprint")
    if not (isinstance(name, str) and isinstance(fingerprint, str) and type(size) is int and 0 <= size < 2**50):
        raise Http404
    try:
        file = uploads.announce(batch=batch, name=name, size=size, fingerprint=fingerprint)
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=400)
    return JsonResponse({"file": file.pk, "received": file.received, "part_bytes": uploads.PART_BYTES})


@require_POST
def part(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The body is what follows `?offset=`; answers {received}, with 409 when it begins elsewhere.

    507 {error} when it could not be written: what came before is kept.
    """
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    file = get_object_or_404(BatchFile, batch=batch, pk=file_pk)
    offset = request.GET.get("offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        raise Http404
    try:
        file = uploads.receive(file, offset=int(offset), data=request.body)
    except uploads.WrongOffset as problem:
        return JsonResponse({"received": problem.received}, status=409)
    except OSError as error:
        logger.warning("A part of an upload cannot be written: %s", error)
        return JsonResponse({"error": _("The server’s storage failed; choose the file again to go on.")}, status=507)
    if file.state == BatchFile.State.RECEIVED:
        doorbell.ring_files([file])
    return JsonResponse({"received": file.received})


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except ValueError:
        raise Http404 from None
    if not isinstance(asked, dict):
        raise Http404
    return asked


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Whole files, from a page without scripts."""
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    for sent in request.FILES.getlist("files"):
        try:
            file = uploads.receive_whole(batch=batch, upload=sent, name=sent.name or "", size=sent.size or 0)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            doorbell.ring_files([file])
    return redirect(batch)


@require_POST
def replace(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Another picture for a row whose own was refused."""
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    row = get_object_or_404(batch.rows.select_related("batch__owner", "batch__team"), pk=row_pk)
    sent = request.FILES.get("picture")
    if row.state == BatchRow.State.REFUSED and sent is not None:
        name = sent.name or ""
        intake.give_picture(row, intake.keep(row.batch, sent.read(), name=name), name=name)
    return redirect(batch)


@require_POST
def confirm(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The sheet's columns, as the page's preview has them now."""
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    file = get_object_or_404(batch.files.filter(state=BatchFile.State.MAPPING), pk=file_pk)
    chosen = {field.value: request.POST.get(field.value, "") for field in Field}
    columns = {name: int(text) for name, text in chosen.items() if text.isdigit() and len(text) < 4}
    if len(set(columns.values())) < len(columns):
        messages.error(request, _("Two fields name the same column; nothing was read yet."))
        return redirect(batch)
    marked = [int(text) for text in request.POST.getlist("further")[:MAX_COLUMNS] if text.isdigit() and len(text) < 4]
    further = [column for column in dict.fromkeys(marked) if column not in columns.values()]
    file.mapping |= {"columns": columns, "further": further, "confirmed": True}
    file.state = BatchFile.State.RECEIVED
    file.save(update_fields=["mapping", "state"])
    doorbell.ring_files([file])
    return redirect(batch)
