"""One batch: what is in it, how far it is, and what it found."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scope import signed_in
from batches import exporting, totals
from batches.filelines import file_lines
from batches.folders import offer_of
from batches.lines import lines_of
from batches.models import Batch, BatchFile
from batches.views.scope import visible_batches
from searches.addresses import changed
from searches.rows import marketplace_label

ROWS_PER_PAGE = 100
# Those that need somebody come first: the others become rows within seconds.
FILES_SHOWN = 20
NEED_SOMEBODY = Case(
    When(state=BatchFile.State.MAPPING, then=0), When(state=BatchFile.State.REFUSED, then=1), default=2
)


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for the page that polls while something goes on, what may have changed."""
    batch = get_object_or_404(visible_batches(signed_in(request)), pk=pk)
    context = _context(request, batch)
    if request.headers.get("HX-Request"):
        return render(request, "batches/detail/_live.html", context)
    return render(request, "batches/detail.html", context)


def _context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    added_up = totals.add_up(batch)
    state = request.GET.get("state", "")
    rows = batch.rows.select_related("job", "duplicate_of__job").defer("blocks", "job__crops")
    if state in totals.CONDITIONS:
        rows = rows.filter(totals.condition(state))
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    exports = exporting.latest_of(batch, signed_in(request))
    files = list(batch.files.exclude(state=BatchFile.State.READ).order_by(NEED_SOMEBODY, "pk")[:FILES_SHOWN])
    return {
        "batch": batch,
        "totals": added_up,
        "pace": totals.pace_of(batch, added_up),
        "files": file_lines(files),
        "collecting": batch.status == Batch.Status.COLLECTING,
        "folders": offer_of(batch),
        "exports": exports,
        "busy": batch.status == Batch.Status.RUNNING
        or any(latest and latest.busy for _kind, _ready, latest in exports)
        or any(file.state == "received" for file in files)
        or bool(added_up.by_state["running"])
        or batch.rows.filter(state="fetching").exists(),
        "lines": lines_of(page),
        "page": page,
        "filters": _filters(request, added_up, state),
        "marketplaces": [marketplace_label(key) for key in batch.marketplaces],
    }


def _filters(request: HttpRequest, added_up: totals.Totals, chosen: str) -> list[dict[str, Any]]:
    """The states that rows are in, each with its number and the address that narrows to it."""
    words = {
        "waiting": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "partial": _("partly done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
        "deleted": _("deleted"),
        "refused": _("refused"),
        "duplicate": _("duplicates"),
    }
    everything = {"label": _("all"), "number": added_up.all, "url": changed(request.GET, state=None, page=None)}
    states = [
        {
            "label": label,
            "number": added_up.by_state[name],
            "url": changed(request.GET, state=name, page=None),
            "chosen": name == chosen,
        }
        for name, label in words.items()
        if added_up.by_state[name] or name == chosen
    ]
    return [everything | {"chosen": chosen not in totals.CONDITIONS}, *states]
