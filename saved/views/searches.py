"""One saved search: its page, opening it, asking anew and otherwise."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.scope import signed_in
from saved import actions
from saved.comparing import kept_counts, summary_of
from saved.differences import Kind
from saved.forms import AskForm, RenameForm
from saved.models import Run, SavedSearch, SavedView
from saved.names import framed
from saved.opening import place_of, run_to_open
from saved.question import marketplaces_left
from saved.refusals import Refused
from saved.views.common import is_buyer, refuse_viewers, show_refusal, thing_for, thing_to_change, told_if_gone
from saved.views.saving import show_errors
from saved.words import names_of, question_in_words, views_in_words
from searches.formats import clock, day_and_clock

MOST_RUNS = 30
MOST_VIEWS = 50


@told_if_gone
@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    search = thing_for(SavedSearch, user, pk)
    images = search.images
    runs = list(search.runs.select_related("job", "job__owner")[:MOST_RUNS])
    if runs:
        # The newest one's differences are counted if they are not yet; older ones' when somebody asks for them.
        summary_of(runs[0])
    views = list(SavedView.objects.listed_for(user).filter(search=search)[:MOST_VIEWS])
    own, *others = views_in_words(user, [search.query, *(view.query for view in views)])
    context = {
        "search": search,
        "images": images,
        "question": question_in_words(search, len(images)),
        "view": own,
        "views": zip(views, others, strict=True),
        "runs": [(run, place_of(search, run.job), day_and_clock(run.job.created_at), _changes(run)) for run in runs],
        "runs_in_all": search.runs.count(),
        "unfinished": bool(runs) and runs[0].job.is_unfinished,
        "is_buyer": is_buyer(user, search.team),
        "changed_at": clock(search.changed_at),
        "people": list(search.people.all()) if search.audience == "people" else [],
        "link": request.build_absolute_uri(search.get_absolute_url()),
        "rename": RenameForm(thing=search),
    }
    return render(request, "saved/detail.html", context)


def _changes(run: Run) -> list[tuple[int, str]]:
    return [(number, str(Kind(kind).label)) for kind, number in kept_counts(run).items() if number]


@told_if_gone
@require_safe
@never_cache
def open_search(request: HttpRequest, pk: int) -> HttpResponse:
    """To the newest run, in the saved view."""
    search = thing_for(SavedSearch, signed_in(request), pk)
    run = run_to_open(search)
    if run is None:
        messages.info(request, _("Its results are kept no longer. The photos and the question are: run it again."))
        return redirect(search)
    return redirect(place_of(search, run.job))


@told_if_gone
@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who sees it may, and is a buyer: the run is theirs."""
    user = signed_in(request)
    search = thing_for(SavedSearch, user, pk)
    refuse_viewers(user, search.team)
    try:
        run, is_new = actions.run_again(user=user, search=search)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(search)
    if not is_new:
        messages.info(request, _("It is being asked already: here are the results as they come in."))
    elif gone := sorted(set(search.marketplaces) - set(marketplaces_left(search))):
        messages.warning(request, _("Not asked, as it is not in use any more: %(names)s.") % {"names": names_of(gone)})
    return redirect(place_of(search, run.job))


@told_if_gone
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The question of the next runs."""
    user = signed_in(request)
    search = thing_to_change(SavedSearch, user, pk)
    form = AskForm(request.POST if request.method == "POST" else None, search=search)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.ask_otherwise(
                user=user,
                search=search,
                question=form.question(),
                marketplaces=values["marketplaces"],
                version=values["version"] or 0,
            )
        except Refused as refused:
            show_refusal(form, refused)
        except ValidationError as error:
            show_errors(form, error)
        else:
            text = _("The next run of “%(name)s” asks this. Runs so far stay as they were.")
            messages.success(request, text % {"name": framed(search.name)})
            return redirect(search)
    return render(request, "saved/edit.html", {"form": form, "search": search})
