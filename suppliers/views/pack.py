"""A list as a sheet of paper: a decision pack."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scope import signed_in
from searches.addresses import changed
from searches.filters import MatchFilter
from searches.layout import kept_for
from searches.packs import MOST_OFFERS
from suppliers.exporting import View
from suppliers.packs import pack_of, reckoning_of
from suppliers.views.scope import seen_list, tells_what_is_gone


@require_safe
@never_cache
@tells_what_is_gone
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of the page that has the same query; `quantity` and `costs` say what to reckon with."""
    found = seen_list(request, pk)
    view = View(found, signed_in(request), request.GET)
    reckoning = reckoning_of(view, MatchFilter(request.GET))
    back = found.get_absolute_url() + changed(request.GET, quantity=None, costs=None)
    context = {
        "pack": pack_of(view, reckoning, back),
        "most": MOST_OFFERS,
        "filters": reckoning.filters,
        "terms": reckoning.terms,
        "costs": reckoning.costs,
        "kept": kept_for(request.GET, "quantity", "costs"),
    }
    return render(request, "exports/pack.html", context)
