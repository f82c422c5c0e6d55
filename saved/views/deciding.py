"""What is decided about a saved search or view: its name, who sees it, its lock, its star, its end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.scope import signed_in
from accounts.sharing_forms import SharingForm
from saved import actions
from saved.forms import RenameForm
from saved.models import Named, SavedSearch, SavedView
from saved.names import framed
from saved.refusals import Refused
from saved.views.common import show_refusal, thing_for, thing_to_change, thing_to_decide, told_if_gone, way_back
from saved.views.saving import show_errors


@told_if_gone
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    user = signed_in(request)
    thing = thing_to_change(model, user, pk)
    form = RenameForm(request.POST if request.method == "POST" else None, thing=thing)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.rename(user=user, thing=thing, name=values["name"], version=values["version"] or 0)
        except Refused as refused:
            show_refusal(form, refused)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("It is now called “%(name)s”.") % {"name": framed(thing.name)})
            return redirect(way_back(thing, None))
    return render(request, "saved/rename.html", {"form": form, "thing": thing, "back": way_back(thing, None)})


@told_if_gone
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    thing = thing_to_decide(model, signed_in(request), pk)
    form = SharingForm(request.POST if request.method == "POST" else None, thing=thing)
    if form.is_valid():
        form.save()
        text = _("“%(name)s” is shared with: %(audience)s.")
        messages.success(request, text % {"name": framed(thing.name), "audience": thing.get_audience_display()})
        return redirect(way_back(thing, None))
    context = {"sharing": form, "thing": thing, "back": way_back(thing, None)}
    return render(request, "saved/share.html", context)


@told_if_gone
@require_POST
def lock(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    """`locked`: 1 or 0."""
    user = signed_in(request)
    thing = thing_to_decide(model, user, pk)
    locked = request.POST.get("locked") == "1"
    actions.set_lock(user=user, thing=thing, locked=locked)
    text = (
        _("“%(name)s” is locked: it stays as it is, until you unlock it.")
        if locked
        else _("“%(name)s” is unlocked: those who may change it can save over it.")
    )
    messages.success(request, text % {"name": framed(thing.name)})
    return redirect(way_back(thing, None))


@told_if_gone
@require_POST
def star(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    """`starred`: 1 or 0. Everybody's own: viewers have favourites, too."""
    user = signed_in(request)
    thing = thing_for(model, user, pk)
    actions.set_star(user=user, thing=thing, starred=request.POST.get("starred") == "1")
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else way_back(thing, None))


@told_if_gone
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    """Asks first, and names what is lost."""
    thing = thing_to_decide(model, signed_in(request), pk)
    is_search = isinstance(thing, SavedSearch)
    if request.method == "POST":
        try:
            _delete(thing)
        except Refused:
            messages.warning(request, _("“%(name)s” is locked. Unlock it first.") % {"name": framed(thing.name)})
            return redirect(way_back(thing, None))
        messages.success(request, _("“%(name)s” is deleted.") % {"name": framed(thing.name)})
        return redirect(reverse("saved:index" if is_search else "saved:views"))
    lost = _lost(thing) if isinstance(thing, SavedSearch) else {}
    context = {"thing": thing, "is_search": is_search, "back": way_back(thing, None)} | lost
    return render(request, "saved/delete.html", context | {"others": _others(thing)})


def _delete(thing: Named) -> None:
    if isinstance(thing, SavedSearch):
        actions.delete_search(search=thing)
    elif isinstance(thing, SavedView):
        actions.delete_view(view=thing)


def _lost(search: SavedSearch) -> dict[str, int]:
    """How many of each there are: the runs stay."""
    return {"views": search.views.count(), "runs": search.runs.count(), "photos": search.photos.count()}


def _others(thing: Named) -> int:
    """How many have it among their favourites."""
    return thing.starred_by.count()
