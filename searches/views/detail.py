"""One search: how far it is, and the comparison of what it found."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.scope import signed_in
from searches import opening, progress
from searches.asked import marketplaces_of
from searches.boxes import Outline, outline_of
from searches.caveats import caveats_of
from searches.comparison import Comparison, compare
from searches.exports import notice_of, source_name
from searches.formats import clock, price_range
from searches.hints import hints_of
from searches.looks.progress import looking_at
from searches.marketplaces import CATALOG
from searches.models import QueryImage, SearchCall, SearchJob
from searches.parts import suggested_parts
from searches.views.scope import visible_jobs

# What the polling page has on the screen: it gets the results again only when they are others.
SEEN = "X-Results-Seen"


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo that was searched with, and which part of it; None for all."""

    photo: QueryImage
    outline: Outline | None


@require_safe
@never_cache
@vary_on_headers(SEEN)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for the page that polls while the search is unfinished, just what changed."""
    job = get_object_or_404(visible_jobs(signed_in(request)), pk=pk)
    seen = request.headers.get(SEEN)
    if seen is None and not request.META.get("QUERY_STRING"):
        query = opening.query_of(signed_in(request), job)
        if query:
            return redirect(f"{job.get_absolute_url()}?{query}")
    calls = list(job.calls.select_related("image", "look"))
    context = _progress(job, calls)
    if seen is None:
        context |= _results(job, calls, request) | {"hints": hints_of(job, progress.photos_of(calls))}
        return render(request, "searches/detail.html", context)
    if seen != context["version"]:
        context |= _results(job, calls, request) | {"replaced": _replaced(seen, context["version"])}
        # What our eye adds is not told each second to those who listen.
        context["told"] = seen.rpartition(".")[0] != context["version"].rpartition(".")[0]
    return render(request, "searches/detail/_live.html", context)


def _progress(job: SearchJob, calls: list[SearchCall]) -> dict[str, Any]:
    photos = progress.photos_of(calls)
    groups = progress.groups_of(calls, photos)
    looking = looking_at(calls)
    return {
        "job": job,
        "photos": [Shown(photo, outline_of(job.crop_of(photo.pk), photo)) for photo in photos],
        "groups": groups,
        "troubles": [trouble for group in groups for trouble in group.troubles],
        "own_asked": any(call.marketplace == CATALOG for call in calls),
        "version": _version(job, calls),
        "looking": looking,
        # Our eye goes on after the search; of one that was cancelled nobody waits for it.
        "live": job.is_unfinished or (looking.is_unfinished and job.status != SearchJob.Status.CANCELLED),
        "seen_header": SEEN,
    }


def _version(job: SearchJob, calls: list[SearchCall]) -> str:
    """Another one whenever the results are: matches only come with a call that is done, similarities with a look."""
    done = [call for call in calls if call.status == SearchCall.Status.DONE]
    offers = "some" if any(call.offers_found for call in done) else "none"
    return f"{offers}.{job.status}.{len(done)}.{job.looked}"


def _replaced(seen: str, version: str) -> str:
    """`rows` when a table is on the screen already, whose frame and scrolling stay; else the whole."""
    return "rows" if seen.startswith("some.") and version.startswith("some.") else "all"


def _results(job: SearchJob, calls: list[SearchCall], request: HttpRequest) -> dict[str, Any]:
    marketplaces = marketplaces_of(calls)
    photos = progress.photos_of(calls)
    unanswered = progress.unanswered(calls, photos)
    looking = looking_at(calls)
    comparison = compare(job, request.GET, calls, signed_in(request), photos, unanswered, looking)
    return {
        "comparison": comparison,
        "facts": _facts(job, comparison, marketplaces, calls),
        "caveats": caveats_of(job, marketplaces, request.GET),
        "parts": suggested_parts(job, calls, photos),
        "notice": notice_of(calls),
    }


def _facts(job: SearchJob, comparison: Comparison, marketplaces: list[str], calls: list[SearchCall]) -> list[str]:
    """What was asked and what came, for the page's head."""
    totals = comparison.totals
    offers = ngettext("%(number)s offer", "%(number)s offers", totals.offers) % {"number": f"{totals.offers:,}"}
    suppliers = ngettext("%(number)s supplier", "%(number)s suppliers", totals.suppliers) % {
        "number": f"{totals.suppliers:,}"
    }
    photos = ngettext("%(number)d photo", "%(number)d photos", totals.photos) % {"number": totals.photos}
    limits = [price_range(job.price_from, job.price_to), _("wholesale") if job.wholesale_only else ""]
    fetched = [call.fetched_at for call in calls if call.fetched_at]
    sources = ", ".join(dict.fromkeys(source_name(key) for key in marketplaces))
    found = _("%(offers)s from %(suppliers)s") % {"offers": offers, "suppliers": suppliers}
    when = (
        _("fetched %(time)s, source %(sources)s") % {"time": clock(max(fetched)), "sources": sources} if fetched else ""
    )
    return list(
        filter(
            None,
            [
                photos if totals.photos > 1 else "",
                found if totals.offers else "",
                ", ".join(filter(None, limits)),
                job.get_preparation_display() if job.preparation != SearchJob.Preparation.BASIC else "",
                when,
            ],
        )
    )
