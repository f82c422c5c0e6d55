"""Files on their way into a batch: announced, sent in parts, taken up again where they stopped."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import row_to_change, signed_in
from batches import doorbell, intake, uploads
from batches.models import Batch, BatchFile, BatchRow
from batches.reading.grid import MAX_COLUMNS
from batches.reading.headings import Field
from batches.views import parts


@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON {name, size, fingerprint} → {url, received, part_bytes}; 400 {error} for what is not taken."""
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    try:
        file = uploads.announce(batch=batch, **parts.announced_in(request)._asdict())
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=400)
    return parts.expected(file.pk, file.received)


@require_POST
def part(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The body is what follows `?offset=`; answers {received}, with 409 when it begins elsewhere.

    507 {error} when it could not be written: what came before is kept.
    """
    batch = row_to_change(Batch.objects.all(), user=signed_in(request), pk=pk)
    file = get_object_or_404(BatchFile, batch=batch, pk=file_pk)

    def receive(offset: int, data: bytes) -> int:
        held = uploads.receive(file, offset=offset, data=data)
        if held.state == BatchFile.State.RECEIVED:
            doorbell.ring_files([held])
        return held.received

    return parts.received(request, receive)


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
