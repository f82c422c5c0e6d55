"""What somebody asked to be written: all of it, one with its progress, the file, and taking it away."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import signed_in
from exports.filenames import file_name
from exports.lines import line_of, lines_of
from exports.models import KEPT_FOR, Export
from exports.writers import may_see

EXPORTS_PER_PAGE = 50
TYPES = {
    Export.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Kind.CSV: "text/csv; charset=utf-8",
}


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The page; for the page that polls while something is written, its list."""
    user = signed_in(request)
    exports = Export.objects.for_user(user).select_related("team")
    page = Paginator(exports, EXPORTS_PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(page, user)
    context = {"page": page, "lines": lines, "busy": any(line.busy for line in lines), "days": KEPT_FOR.days}
    return render(request, "exports/_list.html" if _polls(request) else "exports/index.html", context)


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for the page that polls while it is written, how far it is."""
    context = _context(request, _export(request, pk))
    return render(request, "exports/_progress.html" if _polls(request) else "exports/detail.html", context)


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file. Whether its asker may still see what it is of is asked again. Raises Http404."""
    export = _export(request, pk)
    if not export.is_ready or not may_see(export, signed_in(request)):
        raise Http404
    try:
        file = default_storage.open(export.file_name)
    except FileNotFoundError:
        raise Http404 from None
    kind = Export.Kind(export.kind)
    response = FileResponse(
        file, as_attachment=True, filename=file_name(export.label, kind.value), content_type=TYPES[kind]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the file away; one that is being written is not written to its end."""
    export = _export(request, pk)
    if request.method != "POST":
        return render(request, "exports/delete.html", _context(request, export))
    export.delete()
    messages.success(request, _("The file of “%(name)s” is gone.") % {"name": export.label})
    return redirect("exports:index")


def _export(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.for_user(signed_in(request)), pk=pk)


def _context(request: HttpRequest, export: Export) -> dict[str, Any]:
    line = line_of(export, signed_in(request))
    return {"line": line, "busy": line.busy, "days": KEPT_FOR.days}


def _polls(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))
