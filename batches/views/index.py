"""The batches of a user's teams."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import signed_in
from batches.models import Batch
from batches.totals import ENDED, condition
from batches.views.scope import visible_batches
from searches.formats import day_and_clock

BATCHES_PER_PAGE = 50
TONES = {Batch.Status.DONE: "ok", Batch.Status.PAUSED: "wait", Batch.Status.CANCELLED: "wait"}


@dataclass(frozen=True, slots=True)
class Row:
    """A batch as a line, every figure in words. `percent` of its rows are finished."""

    url: str
    title: str
    status: str
    tone: str
    running: bool
    rows: str
    failed: str
    percent: int
    owner: str
    team: str
    created: str


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    # Said here: a query that counts takes no order from the model.
    batches = (
        visible_batches(user)
        .annotate(
            row_count=Count("rows"),
            ended_count=Count("rows", filter=_any(*ENDED, "refused", "duplicate")),
            failed_count=Count("rows", filter=_any("failed", "refused")),
        )
        .order_by("-created_at", "-pk")
    )
    page = Paginator(batches, BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(batch) for batch in page],
        "page": page,
        "several_teams": Membership.objects.filter(user=user).count() > 1,
        "may_search": teams_to_search_for(user).exists(),
    }
    return render(request, "batches/list.html", context)


def _any(*states: str) -> Q:
    """Whether a batch's row is in any of these states."""
    return reduce(or_, (condition(state, "rows__") for state in states))


def _row(batch: Batch) -> Row:
    figures = vars(batch)
    count, failed = figures["row_count"], figures["failed_count"]
    return Row(
        url=batch.get_absolute_url(),
        title=batch.title,
        status=batch.get_status_display(),
        tone=TONES.get(Batch.Status(batch.status), ""),
        running=batch.status == Batch.Status.RUNNING,
        rows=f"{count:,}",
        failed=f"{failed:,}" if failed else "",
        percent=100 * figures["ended_count"] // count if count else 0,
        owner=str(batch.owner) if batch.owner else "",
        team=batch.team.name,
        created=day_and_clock(batch.created_at),
    )
