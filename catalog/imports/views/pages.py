"""The imports of a team, and the page of one: what it waits for, how far it is, what it found."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import signed_in
from catalog.imports import actions
from catalog.imports.fields import LABELS, Field
from catalog.imports.lines import TONES, columns_of, first_rows, preview, progress_of, report_of
from catalog.imports.tallies import Tally
from catalog.imports.template import workbook
from catalog.models import CatalogImport
from catalog.views.scope import catalogue_of, catalogue_to_change
from searches.formats import day_and_clock

State = CatalogImport.State
IMPORTS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    title: str
    state: str
    tone: str
    busy: bool
    tally: Tally
    owner: str
    created: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The imports of one team; sent, it begins another one."""
    if request.method == "POST":
        of = actions.begin(team=catalogue_to_change(request).team, user=signed_in(request))
        return redirect(of)
    user = signed_in(request)
    catalogue = catalogue_of(user, request.GET.get("team", ""))
    imports = CatalogImport.objects.for_user(user).select_related("owner")
    imports = imports.filter(team=catalogue.team) if catalogue else imports.none()
    page = Paginator(imports, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"catalogue": catalogue, "lines": [_line(of) for of in page], "page": page}
    return render(request, "catalog/imports/list.html", context)


def _line(of: CatalogImport) -> Line:
    return Line(
        url=of.get_absolute_url(),
        title=str(of),
        state=of.get_state_display(),
        tone=TONES.get(State(of.state), ""),
        busy=of.is_busy,
        tally=Tally.from_json(of.written or (of.found if of.state == State.CHECKED else {})),
        owner=str(of.owner) if of.owner else "",
        created=day_and_clock(of.created_at),
    )


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for the page that polls while something goes on, the step that the import is at."""
    user = signed_in(request)
    of = get_object_or_404(CatalogImport.objects.for_user(user).select_related("team", "owner"), pk=pk)
    context = _context(of) | {"may_edit": CatalogImport.objects.editable_by(user).filter(pk=pk).exists()}
    if request.headers.get("HX-Request"):
        return render(request, "catalog/imports/_step.html", context)
    return render(request, "catalog/imports/detail.html", context)


def _context(of: CatalogImport) -> dict[str, Any]:
    context: dict[str, Any] = {
        "of": of,
        "tone": TONES.get(State(of.state), ""),
        "takes_files": of.state in CatalogImport.TAKES_FILES,
        "files": [file for file in of.files.all()[:200] if file.error_message or not file.is_here],
        "here": of.files.filter(is_sheet=False, error_message="").count(),
    }
    if of.is_busy:
        context["percent"], context["progress"] = progress_of(of)
    if of.state == State.MAPPING:
        context |= mapping_context(of)
    if of.written or of.state == State.CHECKED:
        context["report"] = report_of(of)
    return context


def mapping_context(of: CatalogImport) -> dict[str, Any]:
    rows = first_rows(of)
    labels, previewed = preview(of, rows)
    return {
        "columns": columns_of(of, rows),
        "choices": [(which.value, LABELS[which]) for which in Field],
        "labels": labels,
        "preview": previewed,
        "wrong": actions.wrong_with(of.columns, of.sheet["headings"]),
    }


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet in the reader's language."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="catalogue.xlsx"'}
    return HttpResponse(workbook(), content_type=kind, headers=headers)
