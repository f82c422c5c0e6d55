"""What is done to a search: ask again, stop, try the failed calls once more."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.scope import id_of, row_to_change, signed_in
from searches import actions
from searches.models import QueryImage, SearchJob
from searches.views.pictures import box_of


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    job = row_to_change(SearchJob.objects.all(), user=user, pk=pk)
    if not actions.marketplaces_left(job):
        return _no_marketplace_left(request, job)
    return redirect(actions.search_again(user=user, job=job))


@require_POST
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Search again for the part of a photo that `box` names: left,top,right,bottom as fractions.

    `image`: which of the search's photos; may be left out where there is only one.
    """
    user = signed_in(request)
    job = row_to_change(SearchJob.objects.all(), user=user, pk=pk)
    box = box_of(request.POST.get("box", ""))
    image = _photo(job, request.POST.get("image", ""))
    if box is None or image is None:
        raise Http404
    if not actions.marketplaces_left(job):
        return _no_marketplace_left(request, job)
    return redirect(actions.search_part(user=user, job=job, image=image, box=box))


def _photo(job: SearchJob, text: str) -> QueryImage | None:
    photos = job.photos
    if not text and len(photos) == 1:
        return photos[0]
    return next((photo for photo in photos if photo.pk == id_of(text)), None)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = row_to_change(SearchJob.objects.all(), user=signed_in(request), pk=pk)
    if job.is_unfinished:
        actions.cancel_search(job=job)
        messages.info(request, _("The search is cancelled. The offers found so far are kept."))
    else:
        messages.info(request, _("The search had ended before it could be cancelled."))
    return redirect(job)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    job = row_to_change(SearchJob.objects.all(), user=signed_in(request), pk=pk)
    number = actions.retry_failed_calls(job=job)
    text = ngettext("%(number)d call is tried again.", "%(number)d calls are tried again.", number)
    messages.info(request, text % {"number": number} if number else _("No call of this search has failed."))
    return redirect(job)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and names what is lost."""
    job = row_to_change(SearchJob.objects.all(), user=signed_in(request), pk=pk)
    if request.method == "POST":
        actions.delete_search(job=job)
        messages.success(request, _("The search “%(title)s” is deleted.") % {"title": job.title})
        return redirect("searches:list")
    return render(request, "searches/delete.html", {"job": job, "offers": job.matches.count()})


def _no_marketplace_left(request: HttpRequest, job: SearchJob) -> HttpResponse:
    text = _("None of this search's marketplaces is in use any more. Start a new search at another one.")
    messages.error(request, text)
    return redirect(job)
