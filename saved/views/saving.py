"""From a search's comparison: save it under a name, save over what is open, save an own copy."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.scope import id_of, signed_in
from accounts.sharing_forms import SharingForm
from saved import actions
from saved.forms import SaveForm, StateForm, What
from saved.models import Named, SavedSearch, SavedView
from saved.names import framed
from saved.refusals import Refused
from saved.views.common import conflict, job_for, refuse_viewers, thing_for, thing_to_change, told_if_gone, way_back
from saved.words import view_in_words
from searches.models import SearchJob


@told_if_gone
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """`job`: the search. `query`: its comparison's state. `saved`: the saved search that is open, if any."""
    user = signed_in(request)
    sent = request.POST if request.method == "POST" else request.GET
    job = get_object_or_404(SearchJob.objects.for_user(user).select_related("team"), pk=id_of(sent.get("job", "")))
    refuse_viewers(user, job.team)
    search = _open_search(user, job, sent.get("saved", ""))
    unsaved = SavedSearch(team=job.team, owner=user)
    if request.method != "POST":
        initial = {"name": job.title, "query": sent.get("query", ""), "job": job.pk, "saved": search and search.pk}
        form = SaveForm(of=search, initial=initial)
        return _page(request, job, form, SharingForm(thing=unsaved))
    form = SaveForm(request.POST, of=search)
    # The dialog on the search's page asks for the name only.
    sharing = SharingForm(request.POST if "audience" in request.POST else None, thing=unsaved)
    if form.is_valid() and (not sharing.is_bound or sharing.is_valid()):
        try:
            thing = _saved(user, job, search, form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            if sharing.is_bound:
                sharing.thing = thing
                sharing.save()
            messages.success(request, _("“%(name)s” is saved.") % {"name": framed(thing.name)})
            return redirect(way_back(thing, job))
    return _page(request, job, form, sharing)


def _open_search(user: User, job: SearchJob, text: str) -> SavedSearch | None:
    pk = id_of(text)
    return SavedSearch.objects.for_user(user).filter(team=job.team, pk=pk).first() if pk else None


def _saved(user: User, job: SearchJob, search: SavedSearch | None, values: dict[str, Any]) -> Named:
    name, query = values["name"], values["query"]
    if values["what"] == What.SEARCH:
        return actions.save_search(user=user, job=job, name=name, query=query)
    of = search if values["what"] == What.OF_SEARCH else None
    return actions.save_view(user=user, team=job.team, name=name, query=query, search=of)


def _page(request: HttpRequest, job: SearchJob, form: SaveForm, sharing: SharingForm) -> HttpResponse:
    query = form["query"].value() or ""
    settings = view_in_words(signed_in(request), query)
    context = {"form": form, "sharing": sharing, "job": job, "settings": settings, "query": query}
    return render(request, "saved/save.html", context)


def show_errors(form: Any, error: ValidationError) -> None:
    """A model's errors at the form's fields of that name, else at the name: constraints are about names."""
    for field, errors in error.update_error_dict({}).items():
        form.add_error(field if field in form.fields else "name", errors)


@told_if_gone
@require_POST
def save_over(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    """For everybody who sees it. Refused, with both states shown, when it was changed meanwhile or is locked."""
    user = signed_in(request)
    thing = thing_to_change(model, user, pk)
    state = _state(request)
    job = job_for(user, state["job"])
    try:
        actions.save_over(user=user, thing=thing, query=state["query"], version=state["version"] or 0)
    except Refused as refused:
        return conflict(request, refused, mine=state["query"], job=job)
    messages.success(request, _("“%(name)s” is saved as you see it.") % {"name": framed(thing.name)})
    return redirect(way_back(thing, job))


@told_if_gone
@require_POST
def copy(request: HttpRequest, pk: int, model: type[Named]) -> HttpResponse:
    """The user's own, private; with `job`, in the state that they see, else as it is saved."""
    user = signed_in(request)
    thing = thing_for(model, user, pk)
    refuse_viewers(user, thing.team)
    state = _state(request)
    job = job_for(user, state["job"])
    query = state["query"] if "query" in request.POST else None
    own = _copied(user, thing, query)
    text = _("Your own copy is saved as “%(name)s”. Only you see it.")
    messages.success(request, text % {"name": framed(own.name)})
    return redirect(way_back(own, job))


def _copied(user: User, thing: Named, query: str | None) -> Named:
    if isinstance(thing, SavedSearch):
        return actions.copy_search(user=user, search=thing, query=query)
    if isinstance(thing, SavedView):
        return actions.copy_view(user=user, view=thing, query=query)
    raise TypeError(type(thing).__name__)


def _state(request: HttpRequest) -> dict[str, Any]:
    form = StateForm(request.POST)
    if not form.is_valid():
        # No page of ours sends this: a view that is too long is not offered for saving.
        raise Http404
    return form.cleaned_data
