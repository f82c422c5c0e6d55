"""Cost profiles: all of them, one with its example, and what is done with it."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import id_of, row_to_change, signed_in
from reckoning.actions import remove_profile, restore_profile
from reckoning.example import PRICE, QUANTITY, Example, example_of, freight_words, terms_of
from reckoning.forms import ExampleForm, ProfileForm
from reckoning.models import CostProfile
from reckoning.rates import RateTable
from reckoning.references import references_to
from reckoning.views.editing import changed, created, teams_of_an_editor
from reckoning.words import day_of, moment_of, plain

EDIT = "reckoning/profile_edit.html"
PER_PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    seen = CostProfile.objects.for_user(user).select_related("team", "changed_by")
    page = Paginator(seen.filter(archived_at=None), PER_PAGE).get_page(request.GET.get("page"))
    table = RateTable.on(timezone.localdate())
    teams = teams_to_search_for(user)
    memberships = Membership.objects.filter(user=user).count()
    context = {
        "page": page,
        "profiles": [_row(profile, table) for profile in page],
        "archived": seen.exclude(archived_at=None),
        "editable_teams": {team.pk for team in teams},
        "may_create": bool(teams),
        "in_a_team": memberships > 0,
        "several_teams": memberships > 1,
    }
    return render(request, "reckoning/profiles.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    profile = get_object_or_404(CostProfile.objects.for_user(user).select_related("team", "changed_by"), pk=pk)
    context = {
        "profile": profile,
        "terms": terms_of(profile),
        "changed": moment_of(profile.changed_at),
        "may_edit": CostProfile.objects.editable_by(user).filter(pk=pk).exists(),
        **_example(profile, request.GET),
    }
    return render(request, "reckoning/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Empty, or as a copy of the profile that `?like=` names."""
    user = signed_in(request)
    teams = teams_of_an_editor(user)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=_model_of(request), teams=teams)
    if form.is_bound and (profile := created(form, user)):
        messages.success(request, _("The cost profile “%(name)s” is saved.") % {"name": profile.name})
        return redirect(profile)
    return render(request, EDIT, {"form": form, **_example(form.instance, request.POST, form)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    profile = row_to_change(CostProfile.objects.all(), user=user, pk=pk)
    # The form writes into the row that it is given.
    name = profile.name
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=profile)
    if form.is_bound and (saved := changed(form, user)):
        messages.success(request, _("The cost profile “%(name)s” is saved.") % {"name": saved.name})
        return redirect(saved)
    context = {"form": form, "profile": profile, "name": name, **_example(form.instance, request.POST, form)}
    return render(request, EDIT, context)


@require_safe
def example(request: HttpRequest) -> HttpResponse:
    """The example beside a form, for what is typed in it; nothing is saved."""
    signed_in(request)
    form = ProfileForm(request.GET)
    context = _example(form.instance, request.GET, form)
    return render(request, "reckoning/_example.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and names what is lost."""
    profile = row_to_change(CostProfile.objects.all(), user=signed_in(request), pk=pk)
    if request.method == "POST":
        if remove_profile(profile=profile):
            text = _("The cost profile “%(name)s” is deleted.")
        else:
            text = _("The cost profile “%(name)s” is archived: what was reckoned with it still shows it.")
        messages.success(request, text % {"name": profile.name})
        return redirect("reckoning:profiles")
    context = {"profile": profile, "references": references_to(profile), "terms": terms_of(profile)}
    return render(request, "reckoning/profile_delete.html", context)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    profile = row_to_change(CostProfile.objects.all(), user=user, pk=pk)
    try:
        restore_profile(profile=profile, user=user)
    except ValidationError:
        text = _("“%(name)s” stays archived: your team has another cost profile of this name. Rename that one first.")
        messages.error(request, text % {"name": profile.name})
    else:
        messages.success(request, _("The cost profile “%(name)s” is back.") % {"name": profile.name})
    return redirect("reckoning:profiles")


def _model_of(request: HttpRequest) -> CostProfile:
    """What a new profile begins as: a copy of one that the user sees, or nothing."""
    pk = id_of(request.GET.get("like", ""))
    like = CostProfile.objects.for_user(signed_in(request)).filter(pk=pk).first() if pk else None
    if like is None:
        return CostProfile()
    copy = CostProfile(
        **{
            field.name: getattr(like, field.name)
            for field in like._meta.fields
            if field.name in ProfileForm.Meta.fields
        }
    )
    copy.name = _("%(name)s (copy)") % {"name": like.name[:90]}
    return copy


def _row(profile: CostProfile, table: RateTable) -> dict[str, Any]:
    found = example_of(profile, table=table)
    return {
        "profile": profile,
        "freight": freight_words(profile),
        "duty": _short(profile.duty_percent, profile.duty_base.upper()),
        "agent": _short(profile.agent_percent),
        "piece": found.total.piece,
        "missing": found.missing,
        "changed": day_of(timezone.localtime(profile.changed_at)),
    }


def _short(percent: Decimal, base: str = "") -> str:
    return f"{plain(percent)}% {base}".strip() if percent else "–"


def _example(profile: CostProfile, given: Any, form: ProfileForm | None = None) -> dict[str, Any]:
    """The example's context: of the profile, or of what is typed in its form. `given`: with a price and a quantity."""
    asked = ExampleForm({"price": given.get("price", PRICE), "quantity": given.get("quantity", QUANTITY)})
    wrong = _wrong_figures(form) if form is not None and form.is_bound else []
    found: Example | None = None
    if asked.is_valid() and not wrong:
        found = example_of(profile, asked.cleaned_data["price"], asked.cleaned_data["quantity"])
    elif not asked.is_valid():
        wrong += [str(asked.fields[name].label) for name in asked.errors]
    return {"asked": asked, "example": found, "wrong": wrong}


def _wrong_figures(form: ProfileForm) -> list[str]:
    """What is to be mended before anything can be reckoned, by its label."""
    names = [name for name in form.errors if name in form.fields and name not in ("name", "notes", "team")]
    return [str(form.fields[name].label) for name in names]
