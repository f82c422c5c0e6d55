"""Files on their way into an import: announced, sent in parts, taken up again where they stopped."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import row_to_change, signed_in
from batches.views import parts
from catalog.imports import doorbell, uploads
from catalog.models import CatalogImport, ImportFile

logger = logging.getLogger(__name__)


@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON {name, size, fingerprint} → {file, received, part_bytes}; 400 {error} for what is not taken."""
    of = row_to_change(CatalogImport.objects.all(), user=signed_in(request), pk=pk)
    try:
        file = uploads.announce(of=of, **parts.announced_in(request)._asdict())
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=400)
    return parts.expected(file.pk, file.received)


@require_POST
def part(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The body is what follows `?offset=`; answers {received}, with 409 when it begins elsewhere.

    507 {error} when it could not be written: what came before is kept.
    """
    of = row_to_change(CatalogImport.objects.all(), user=signed_in(request), pk=pk)
    file = get_object_or_404(ImportFile, of=of, pk=file_pk)

    def receive(offset: int, data: bytes) -> int:
        held = uploads.receive(file, offset=offset, data=data)
        _ring_for(held)
        return held.received

    return parts.received(request, receive)


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Whole files, from a page without scripts."""
    of = row_to_change(CatalogImport.objects.all(), user=signed_in(request), pk=pk)
    for sent in request.FILES.getlist("files"):
        try:
            file = uploads.receive_whole(of=of, upload=sent, name=sent.name or "", size=sent.size or 0)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        except OSError as error:
            logger.warning("An upload cannot be written: %s", type(error).__name__)
            messages.error(request, _("The server’s storage failed; choose the file again to go on."))
        else:
            _ring_for(file)
    return redirect(of)


def _ring_for(file: ImportFile) -> None:
    if file.is_sheet and file.is_here:
        doorbell.ring([file.of_id])
