"""Results as files: asked for, and downloaded when they are written."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.scope import signed_in
from batches import exporting
from batches.models import Batch, BatchExport
from searches.exports import LONGEST_FILE_NAME, UNSAFE_IN_FILE_NAMES

TYPES = {
    BatchExport.Kind.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    BatchExport.Kind.CSV: "text/csv; charset=utf-8",
}


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """POST has the file written, GET downloads it; whoever sees the batch may do both."""
    batch = get_object_or_404(Batch.objects.for_user(signed_in(request)), pk=pk)
    if kind not in BatchExport.Kind.values:
        raise Http404
    if request.method != "POST":
        return _download(batch, BatchExport.Kind(kind))
    if batch.status == Batch.Status.COLLECTING:
        messages.warning(request, _("Nothing was found yet: start the searches first."))
    else:
        exporting.ask_for(batch=batch, kind=kind, language=get_language() or "en")
    return redirect(f"{batch.get_absolute_url()}#exports")


def _download(batch: Batch, kind: BatchExport.Kind) -> FileResponse:
    written = get_object_or_404(batch.exports.exclude(file_name=""), kind=kind)
    try:
        file = default_storage.open(written.file_name)
    except FileNotFoundError:
        raise Http404 from None
    name = _stem(batch.title) + exporting.ENDINGS[kind]
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])


def _stem(title: str) -> str:
    """Without what file systems refuse."""
    kept = "".join("-" if sign in UNSAFE_IN_FILE_NAMES or not sign.isprintable() else sign for sign in title)
    return kept.strip(" .")[:LONGEST_FILE_NAME] or "results"
