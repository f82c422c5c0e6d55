"""A new batch: its question first, then its files."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User, teams_to_search_for
from accounts.scope import signed_in, viewers_only_read
from batches.actions import create_batch
from batches.forms import BatchForm
from batches.models import Batch
from searches.actions import Question, marketplaces_for

ASKED = ("preparation", "price_from", "price_to", "wholesale_only", "order", "wanted")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    teams = teams_to_search_for(user)
    if not teams.exists():
        raise PermissionDenied(viewers_only_read())
    form = (
        BatchForm(request.POST, user=user) if request.method == "POST" else BatchForm(initial=_usual(user), user=user)
    )
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data
        batch = create_batch(
            user=user,
            team=form.chosen_team(),
            title=answers["title"],
            marketplaces=answers["marketplaces"],
            question=cast(Question, {name: answers[name] for name in ASKED}),
        )
        return redirect(batch)
    return render(request, "batches/new.html", {"form": form, "searchable": bool(marketplaces_for(teams))})


def _usual(user: User) -> dict[str, Any]:
    """As the user's last batch asked."""
    last = Batch.objects.editable_by(user).filter(owner=user).first()
    return {**last.question, "team": last.team_id, "marketplaces": last.marketplaces} if last else {}
