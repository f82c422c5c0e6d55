"""The table of a team's items, and how far their pictures are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scope import signed_in
from catalog.embedding import progress_of
from catalog.listing import COLUMNS, MOST_SHOWN, ItemPaginator, narrowing_of, page_of, sorting_from
from catalog.rows import rows_of
from catalog.views.scope import Catalogue, catalogue_of
from searches.addresses import changed
from searches.sorting import headers


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    catalogue = catalogue_of(signed_in(request), request.GET.get("team", ""))
    if catalogue is None:
        return render(request, "catalog/index.html", {"in_a_team": False})
    return render(request, "catalog/index.html", _context(request, catalogue))


@require_safe
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """The line that says how many pictures can be found, for the page that polls it while they are being made."""
    catalogue = catalogue_of(signed_in(request), request.GET.get("team", ""))
    context = {"catalogue": catalogue, "progress": progress_of(catalogue.team.pk) if catalogue else None}
    return render(request, "catalog/_progress.html", context)


def _context(request: HttpRequest, catalogue: Catalogue) -> dict[str, Any]:
    narrowing = narrowing_of(request.GET)
    sorting = sorting_from(request.GET.get("sort", ""))
    items = narrowing.of(catalogue.team.pk)
    page = page_of(items, sorting, request.GET.get("page"), narrowed=narrowing.is_active)
    paginator = page.paginator
    assert isinstance(paginator, ItemPaginator)  # noqa: S101  for the type checker
    return {
        "in_a_team": True,
        "catalogue": catalogue,
        "may_edit": catalogue.may_edit,
        "narrowing": narrowing,
        "chips": narrowing.chips,
        "headers": headers(sorting, COLUMNS, request.GET),
        "sort": sorting.text if request.GET.get("sort") else "",
        "page": page,
        "rows": rows_of(list(page)),
        "found": paginator.found,
        "is_all": paginator.is_all,
        "most": MOST_SHOWN,
        # The whole view, without the page: what exports and the changes of all that match repeat.
        "query": changed(request.GET),
        "whole_url": reverse("catalog:index") + (f"?team={catalogue.team.pk}" if catalogue.others else ""),
        "progress": progress_of(catalogue.team.pk),
    }
