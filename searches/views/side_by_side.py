"""Two to six offers of a search beside each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.scope import signed_in
from searches.addresses import changed
from searches.exports import notice_of
from searches.layout import kept_for
from searches.sidebyside import FEWEST, MOST, chosen_from
from searches.sidebyside.ofsearch import side_by_side_of
from searches.views.scope import visible_jobs

# What the page adds to the comparison's own address.
OWN = ("match", "differences")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def side_by_side(request: HttpRequest, pk: int) -> HttpResponse:
    """The chosen offers (`match`, in the order of the columns). What the comparison's tray sends becomes an address."""
    job = get_object_or_404(visible_jobs(signed_in(request)), pk=pk)
    if request.method == "POST":
        return redirect(request.path + with_chosen(request))
    calls = list(job.calls.all())
    shown = side_by_side_of(job, calls, request.GET, signed_in(request))
    context = {
        "job": job,
        "shown": shown,
        "board": shown.board,
        "is_enough": len(shown.board.columns) >= FEWEST,
        "most": MOST,
        "back": job.get_absolute_url() + changed(request.GET, **dict.fromkeys(OWN)),
        "query": changed(request.GET, differences=None),
        "differences_url": changed(request.GET, differences=None if shown.board.only_differences else "1"),
        "kept": kept_for(request.GET, "quantity", "costs", "weights"),
        "asked": shown.filters.reckoned_with(),
        "notice": notice_of(calls),
    }
    return render(request, "searches/side_by_side.html", context)


def with_chosen(request: HttpRequest) -> str:
    """The query of the same state with the offers that a form chose."""
    chosen = chosen_from(request.POST.getlist("match"))
    return changed(request.GET, match=[str(pk) for pk in (*chosen.ids, *chosen.waiting)])
