"""Offers for items: which items, at what cost, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Team
from accounts.scope import row_to_change, signed_in
from catalog.matched import lines_of
from catalog.matchforms import MatchForm
from catalog.matching import Plan, begin, calls_each, collect, plan_of, waiting
from catalog.models import Item, ItemQuerySet, Matching
from catalog.views.scope import item_to_change
from searches.models import Credential
from searches.models.usage import calls_today
from searches.rows import marketplace_label

ITEMS_PER_PAGE, MATCHINGS_PER_PAGE = 50, 30
# Of those without a picture so many are named.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Left:
    """How many calls a marketplace's credentials may still make today; whether that is enough for what is planned."""

    marketplace: str
    calls: int
    enough: bool


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    counted = {"number": Count("items"), "begun": Count("items", filter=Q(items__begun=True))}
    rows = (
        Matching.objects.for_user(request.user)
        .select_related("team", "owner")
        .annotate(**counted)
        .order_by("-created_at", "-pk")
    )
    page = Paginator(rows, MATCHINGS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalog/matchings.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for its form, while somebody fills it in, what that would cost. Sent, it begins a batch."""
    if request.method == "POST":
        return _begin(request, row_to_change(Matching.objects.all(), user=signed_in(request), pk=pk))
    matching = get_object_or_404(Matching.objects.for_user(request.user).select_related("team", "owner"), pk=pk)
    asked = request.GET if request.GET.get("wanted") else None
    form = _form(matching, asked)
    if request.headers.get("HX-Request") and asked is not None:
        return render(request, "catalog/matching/_sums.html", _sums(matching, form, asked))
    return render(request, "catalog/matching.html", _context(request, matching, form, asked))


@require_POST
def of_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Offers for this one item."""
    item = item_to_change(request, pk)
    return collected(request, item.team, Item.objects.filter(pk=item.pk), back=item.get_absolute_url())


def collected(request: HttpRequest, team: Team, items: ItemQuerySet, *, back: str) -> HttpResponse:
    """To the page where it is said what finding offers for these items costs; back when they are none, or too many."""
    try:
        return redirect(collect(user=signed_in(request), team=team, items=items))
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
        return redirect(back)


def _begin(request: HttpRequest, matching: Matching) -> HttpResponse:
    form = _form(matching, request.POST)
    if form.is_valid():
        marketplaces, wanted = form.cleaned_data["marketplaces"], form.cleaned_data["wanted"]
        budget = form.cleaned_data["budget"] or plan_of(matching, marketplaces, wanted).budget
        begun = request.POST.get("begun", "")
        try:
            batch = begin(
                user=signed_in(request),
                matching=matching,
                marketplaces=marketplaces,
                wanted=wanted,
                budget=budget,
                begun_before=int(begun) if begun.isdecimal() and len(begun) < 10 else 0,
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            number = batch.rows.count()
            text = ngettext(
                "Offers for %(number)s item are being found.", "Offers for %(number)s items are being found.", number
            )
            messages.success(request, text % {"number": f"{number:,}"})
            return redirect(batch)
    return render(request, "catalog/matching.html", _context(request, matching, form, request.POST))


def _form(matching: Matching, data: QueryDict | None) -> MatchForm:
    initial = {"marketplaces": matching.marketplaces, "wanted": matching.wanted}
    return MatchForm(data, initial=initial, team=matching.team)


def _context(request: HttpRequest, matching: Matching, form: MatchForm, asked: QueryDict | None) -> dict[str, Any]:
    without = waiting(matching, pictured=False).select_related("item")
    begun = matching.items.filter(begun=True)
    shown = begun.select_related("item", "row__job", "row__duplicate_of__job").order_by("pk")
    paginator = Paginator(shown, ITEMS_PER_PAGE)
    items = paginator.get_page(request.GET.get("page"))
    return {
        "matching": matching,
        "may_edit": Matching.objects.editable_by(signed_in(request)).filter(pk=matching.pk).exists(),
        "form": form,
        "choices": bool(form.fields["marketplaces"].choices),  # type: ignore[attr-defined]  # a MultipleChoiceField
        "batches": matching.batches.order_by("pk"),
        "begun": paginator.count,
        "page": items,
        "lines": lines_of(items),
        "without": without.count(),
        "without_named": [one.item for one in without[:NAMED]],
        **_sums(matching, form, asked),
    }


def _sums(matching: Matching, form: MatchForm, asked: QueryDict | None) -> dict[str, Any]:
    """What the form, as far as it is filled in, would begin and cost."""
    if asked is None:
        marketplaces, wanted, budget = form.initial["marketplaces"], int(form.initial["wanted"]), None
    else:
        # Only the fields that are right: the others are told when it is sent.
        form.is_valid()
        values = form.cleaned_data
        marketplaces, wanted = values.get("marketplaces", []), values.get("wanted") or matching.wanted
        budget = values.get("budget")
    plan = plan_of(matching, marketplaces, wanted, budget)
    return {
        "plan": plan,
        "left": _left_today(matching, marketplaces, wanted, plan),
    }


def _left_today(matching: Matching, marketplaces: Sequence[str], wanted: int, plan: Plan) -> list[Left]:
    """Of the marketplaces all of whose credentials have a limit of calls a day."""
    left = []
    for key in marketplaces:
        credentials = list(Credential.objects.for_teams([matching.team_id]).filter(marketplace=key))
        limits = [one.calls_per_day for one in credentials]
        if limits and None not in limits:
            calls = sum(max(0, (one.calls_per_day or 0) - calls_today(one)) for one in credentials)
            left.append(Left(marketplace_label(key), calls, enough=calls >= calls_each([key], wanted) * plan.begins))
    return left
