"""The suppliers of a user's teams."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import signed_in
from dossiers.index import COLUMNS, entries_by_supplier, found_by_words, in_order, index_rows, sorting_from
from dossiers.models import Supplier
from dossiers.views.scope import asked_words
from searches.sorting import headers

SUPPLIERS_PER_PAGE = 50


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    words = asked_words(request)
    sorting = sorting_from(request.GET.get("sort", ""))
    entries = entries_by_supplier(user)
    suppliers = found_by_words(Supplier.objects.for_user(user).standing(), words).select_related("team")
    page = Paginator(in_order(suppliers, sorting, entries), SUPPLIERS_PER_PAGE).get_page(request.GET.get("page"))
    memberships = Membership.objects.filter(user=user).count()
    context = {
        "page": page,
        "rows": index_rows(list(page), user, entries, teams=memberships > 1),
        "headers": headers(sorting, COLUMNS, request.GET),
        "sorting": sorting,
        "words": words,
        "in_a_team": memberships > 0,
        "may_search": teams_to_search_for(user).exists(),
    }
    return render(request, "dossiers/index.html", context)
