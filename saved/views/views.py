"""One saved view: opening it, and what searches open with."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Membership, Team, User
from accounts.scope import signed_in
from saved import actions
from saved.forms import RenameForm
from saved.models import DefaultView, SavedView
from saved.names import framed
from saved.opening import place_of, run_to_open
from saved.views.common import is_buyer, thing_for, told_if_gone
from saved.words import view_in_words
from searches.formats import clock, day_and_clock
from searches.models import SearchJob

SEARCHES_OFFERED = 20


@told_if_gone
@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says, and the newest searches to open with it; a view of one search has that alone."""
    user = signed_in(request)
    view = thing_for(SavedView, user, pk)
    jobs: Iterable[SearchJob] = ()
    if not view.search:
        jobs = SearchJob.objects.for_user(user).filter(team=view.team)[:SEARCHES_OFFERED]
    run = run_to_open(view.search) if view.search else None
    defaults = {row.user_id for row in DefaultView.objects.filter(view=view)}
    context = {
        "view": view,
        "settings": view_in_words(user, view.query),
        "searches": [(job, place_of(view, job), day_and_clock(job.created_at)) for job in jobs],
        "open_url": place_of(view, run.job) if run else "",
        "is_buyer": is_buyer(user, view.team),
        "is_lead": _is_lead(user, view.team),
        "is_mine": user.pk in defaults,
        "is_teams": None in defaults,
        "changed_at": clock(view.changed_at),
        "people": list(view.people.all()) if view.audience == "people" else [],
        "link": request.build_absolute_uri(view.get_absolute_url()),
        "rename": RenameForm(thing=view),
    }
    return render(request, "saved/view.html", context)


@told_if_gone
@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """`whose`: mine or team. `on`: 1 to open searches with it, 0 to open them as they are."""
    user = signed_in(request)
    view = thing_for(SavedView, user, pk)
    for_team = request.POST.get("whose") == "team"
    if for_team and not _is_lead(user, view.team):
        raise PermissionDenied(_("What the team's searches open with is for its leads to choose."))
    chosen = view if request.POST.get("on") == "1" else None
    try:
        actions.set_default(team=view.team, user=None if for_team else user, view=chosen)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = (
            _("Searches open with “%(name)s” from now on.")
            if chosen
            else _("Searches open as they are from now on, without “%(name)s”.")
        )
        messages.success(request, text % {"name": framed(view.name)})
    return redirect(view)


def _is_lead(user: User, team: Team) -> bool:
    return Membership.objects.filter(user=user, team=team, role=Membership.Role.LEAD).exists()
