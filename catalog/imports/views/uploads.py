"""Files on their way into an import: announced, sent in parts, taken up again where they stopped."""

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
from batches.uploads import PART_BYTES, WrongOffset
from catalog.imports import doorbell, uploads
from catalog.models import CatalogImport, ImportFile

logger = logging.getLogger(__name__)


@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON {name, size, fingerprint} → {file, received, part_bytes}; 400 {error} for what is not taken."""
    of = row_to_change(CatalogImport.objects.all(), user=signed_in(request), pk=pk)
    asked = _json(request)
    name, size, fingerprint = asked.get("name"), asked.get("size"), asked.get("fingerprint")
    if not (isinstance(name, str) and isinstance(fingerprint, str) and type(size) is int and 0 <= size < 2**50):
        raise Http404
    try:
        file = uploads.announce(of=of, name=name, size=size, fingerprint=fingerprint)
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=400)
    return JsonResponse({"file": file.pk, "received": file.received, "part_bytes": PART_BYTES})


@require_POST
def part(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The body is what follows `?offset=`; answers {received}, with 409 when it begins elsewhere.

    507 {error} when it could not be written: what came before is kept.
    """
    of = row_to_change(CatalogImport.objects.all(), user=signed_in(request), pk=pk)
    file = get_object_or_404(ImportFile, of=of, pk=file_pk)
    offset = request.GET.get("offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        raise Http404
    try:
        file = uploads.receive(file, offset=int(offset), data=request.body)
    except WrongOffset as problem:
        return JsonResponse({"received": problem.received}, status=409)
    except OSError as error:
        logger.warning("A part of an upload cannot be written: %s", type(error).__name__)
        return JsonResponse({"error": _("The server’s storage failed; choose the file again to go on.")}, status=507)
    _ring_for(file)
    return JsonResponse({"received": file.received})


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


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except ValueError:
        raise Http404 from None
    if not isinstance(asked, dict):
        raise Http404
    return asked
