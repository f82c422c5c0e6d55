"""What views of saved things share: finding them, telling that they are gone, and going back."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Team, User, teams_to_search_for
from accounts.scope import signed_in, viewers_only_read
from saved.models import Named, NamedQuerySet, SavedSearch, SavedView
from saved.opening import place_of
from saved.refusals import Outdated, Refused
from saved.words import views_in_words
from searches.models import SearchJob

Thing = TypeVar("Thing", bound=Named)
View = Callable[..., HttpResponse]


def told_if_gone(view: View) -> View:
    """A link to what was deleted, or is not shared with its reader, says what can be done: the same for both."""

    @wraps(view)
    def told(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except (Http404, ObjectDoesNotExist):
            return render(request, "saved/gone.html", status=404)

    return told


def thing_for(model: type[Thing], user: User, pk: int) -> Thing:
    """The thing with what the user may do with it (`starred`, `editable`, `owned`). Raises Http404."""
    rows = cast("NamedQuerySet[Thing]", model._default_manager.all())
    return get_object_or_404(rows.as_seen_by(user), pk=pk)


def thing_to_change(model: type[Thing], user: User, pk: int) -> Thing:
    """Raises Http404 for those who do not see it, and PermissionDenied, with the reason, for those who only see it."""
    thing = thing_for(model, user, pk)
    if not vars(thing)["editable"]:
        raise PermissionDenied(_reason(user, thing.team, _("It is shared with you for reading: save your own copy.")))
    return thing


def thing_to_decide(model: type[Thing], user: User, pk: int) -> Thing:
    """For sharing, locking and deleting. Raises as `thing_to_change` does."""
    thing = thing_for(model, user, pk)
    if not vars(thing)["owned"]:
        raise PermissionDenied(_reason(user, thing.team, _("Its owner decides that, or a lead of your team.")))
    return thing


def refuse_viewers(user: User, team: Team) -> None:
    """Raises PermissionDenied."""
    if not is_buyer(user, team):
        raise PermissionDenied(viewers_only_read())


def is_buyer(user: User, team: Team) -> bool:
    return teams_to_search_for(user).filter(pk=team.pk).exists()


def job_for(user: User, pk: int | None) -> SearchJob | None:
    """The search that a form was sent from, if it is there and the user's to see."""
    return SearchJob.objects.for_user(user).filter(pk=pk).first() if pk else None


def way_back(thing: Named, job: SearchJob | None, query: str | None = None) -> str:
    """To the comparison that the form was sent from, or to the thing's page."""
    if job:
        return place_of(thing, job, query)
    if isinstance(thing, SavedView) and thing.search_id:
        return reverse("saved:detail", args=[thing.search_id])
    return reverse("saved:detail" if isinstance(thing, SavedSearch) else "saved:view", args=[thing.pk])


def conflict(request: HttpRequest, refused: Refused, *, mine: str, job: SearchJob | None) -> HttpResponse:
    """Nothing is written yet: what is saved now, what the user has, and what can be done with it."""
    current = refused.current
    words = views_in_words(signed_in(request), [mine, current.query])
    context = {
        "message": refused.messages[0],
        "thing": current,
        "is_view": isinstance(current, SavedView),
        "outdated": isinstance(refused, Outdated),
        "mine": words[0],
        "theirs": words[1],
        "query": mine,
        "job": job,
        "theirs_url": way_back(current, job),
        "mine_url": way_back(current, job, mine),
    }
    return render(request, "saved/conflict.html", context, status=409)


def show_refusal(form: BaseForm, refused: Refused) -> None:
    """The form as it was sent, with what happened above it; sent again, it means the version that is saved now."""
    form.add_error(None, refused)
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(refused.current.version)
    form.data = data


def _reason(user: User, team: Team, otherwise: str) -> str:
    return otherwise if is_buyer(user, team) else viewers_only_read()
