"""Score weights: all of them, one with its examples, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import id_of, row_to_change, signed_in
from reckoning.actions import make_default, remove_weights
from reckoning.forms import WeightsForm
from reckoning.judged import judged_examples, shares_of
from reckoning.models import ScoreWeights
from reckoning.models.weights import CRITERIA
from reckoning.references import references_to
from reckoning.scoring import Weights
from reckoning.views.editing import changed, created, teams_of_an_editor
from reckoning.words import CRITERIA as CRITERIA_IN_WORDS
from reckoning.words import day_of, moment_of

EDIT = "reckoning/weights_edit.html"
PER_PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = ScoreWeights.objects.for_user(user).select_related("team", "changed_by")
    teams = teams_to_search_for(user)
    memberships = Membership.objects.filter(user=user).count()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, shares_of(row.weights), day_of(timezone.localtime(row.changed_at))) for row in page],
        "criteria": list(CRITERIA_IN_WORDS.values()),
        "editable_teams": {team.pk for team in teams},
        "may_create": bool(teams),
        "in_a_team": memberships > 0,
        "several_teams": memberships > 1,
    }
    return render(request, "reckoning/weights_list.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    row = get_object_or_404(ScoreWeights.objects.for_user(user).select_related("team", "changed_by"), pk=pk)
    context = {
        "row": row,
        "changed": moment_of(row.changed_at),
        "may_edit": ScoreWeights.objects.editable_by(user).filter(pk=pk).exists(),
        **_examples(row.weights),
    }
    return render(request, "reckoning/weights.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """With the usual weights, or as a copy of those that `?like=` names."""
    user = signed_in(request)
    teams = teams_of_an_editor(user)
    form = WeightsForm(request.POST if request.method == "POST" else None, instance=_model_of(request), teams=teams)
    if form.is_bound and (row := created(form, user)):
        messages.success(request, _("The weights “%(name)s” are saved.") % {"name": row.name})
        return redirect(row)
    return render(request, EDIT, {"form": form, **_examples_beside(form)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    row = row_to_change(ScoreWeights.objects.all(), user=user, pk=pk)
    name = row.name
    form = WeightsForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and (saved := changed(form, user)):
        messages.success(request, _("The weights “%(name)s” are saved.") % {"name": saved.name})
        return redirect(saved)
    return render(request, EDIT, {"form": form, "row": row, "name": name, **_examples_beside(form)})


@require_safe
def example(request: HttpRequest) -> HttpResponse:
    """The examples beside a form, for what is typed in it; nothing is saved."""
    signed_in(request)
    form = WeightsForm(request.GET)
    del form.fields["name"]
    return render(request, "reckoning/_judged.html", _examples_beside(form))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and names what is lost."""
    row = row_to_change(ScoreWeights.objects.all(), user=signed_in(request), pk=pk)
    if request.method == "POST":
        remove_weights(weights=row)
        messages.success(request, _("The weights “%(name)s” are deleted.") % {"name": row.name})
        return redirect("reckoning:weights-list")
    context = {"row": row, "references": references_to(row), "shares": shares_of(row.weights)}
    return render(request, "reckoning/weights_delete.html", context)


@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """Make them the team's default, or no longer."""
    row = row_to_change(ScoreWeights.objects.all(), user=signed_in(request), pk=pk)
    wanted = request.POST.get("default") == "yes"
    make_default(weights=row, is_default=wanted)
    text = _("“%(name)s” is what your team’s comparisons begin with.") if wanted else _("Your team has no default now.")
    messages.success(request, text % {"name": row.name} if wanted else text)
    return redirect("reckoning:weights-list")


def _model_of(request: HttpRequest) -> ScoreWeights:
    """What new weights begin as: a copy of those that the user sees, or the usual ones."""
    pk = id_of(request.GET.get("like", ""))
    like = ScoreWeights.objects.for_user(signed_in(request)).filter(pk=pk).first() if pk else None
    if like is None:
        return ScoreWeights()
    name = _("%(name)s (copy)") % {"name": like.name[:90]}
    return ScoreWeights(name=name, **{criterion: getattr(like, criterion) for criterion in CRITERIA})


def _examples(weights: Weights) -> dict[str, Any]:
    return {"shares": shares_of(weights), "judged": judged_examples(weights)}


def _examples_beside(form: WeightsForm) -> dict[str, Any]:
    """For what is typed in a form; before that for what it began with."""
    if form.is_bound and not form.is_valid():
        names = [str(form.fields[name].label) for name in form.errors if name in form.fields]
        return {"wrong": names, "judged": None}
    return _examples(form.instance.weights)
