"""One list as a table and as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.scope import signed_in
from searches.addresses import changed
from searches.exports import (
    FIRST_COLUMNS,
    LATER_COLUMNS,
    Cell,
    csv_response,
    first_cells,
    later_cells,
)
from searches.sorting import Sorting, headers
from suppliers.columns import COLUMNS, in_order, sorting_from
from suppliers.entryforms import BulkForm
from suppliers.forms import RenameForm
from suppliers.models import ListEntry, Stage, SupplierList
from suppliers.narrowing import DUE, STAGES, Narrowing, entries_with_tags, narrowing_of
from suppliers.rows import row_of
from suppliers.selection import entries_in_view, notice_of_entries, with_related
from suppliers.today import today_of
from suppliers.views.scope import RIGHTS, lists_with_rights, seen_list, tells_what_is_gone

ENTRIES_PER_PAGE = 50
# New columns come after all that there were, so that a sheet that counts them goes on working.
DECISION_COLUMNS = ("status", "reason", "approval", "looked_after_by", "due", "tags", "quantity", "target_price")
CSV_COLUMNS = (*FIRST_COLUMNS, "note", "saved_by", "saved_at", *LATER_COLUMNS, *DECISION_COLUMNS)


class KnownPaginator(Paginator[ListEntry]):
    """Its count was added up already."""

    def __init__(self, entries: QuerySet[ListEntry], number: int) -> None:
        self._known = number
        super().__init__(entries, ENTRIES_PER_PAGE)

    @cached_property
    def count(self) -> int:
        return self._known


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries there are of each status, with every filter but the status; and how many of those are shown."""

    by_status: dict[str, int]
    shown: int


@require_safe
@tells_what_is_gone
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    shown = list_with_rights(user, pk)
    narrowing = narrowing_of(request.GET)
    counts = counts_of(shown, narrowing, user)
    sorting = sorting_from(request.GET.get("sort", ""))
    entries = entries_in_view(shown, narrowing, user)
    page: Page[ListEntry] = KnownPaginator(in_order(entries, sorting), counts.shown).get_page(request.GET.get("page"))
    on_page = _on(page, sorting)
    today = today_of(on_page, shown.team_id)
    context = head_of(shown, narrowing, counts) | {
        "page": page,
        "rows": [row_of(entry, today[entry.pk]) for entry in on_page],
        "headers": headers(sorting, COLUMNS, request.GET),
        "sort": sorting.text,
        "notice": notice_of_entries(entries),
    }
    return render(request, "suppliers/detail.html", context)


@require_safe
@tells_what_is_gone
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows of the page that has the same query, all pages of it, in the same order."""
    shown = seen_list(request, pk)
    entries = entries_in_view(shown, narrowing_of(request.GET), signed_in(request))
    in_view = in_order(entries, sorting_from(request.GET.get("sort", "")))
    lines = (_cells(entry) for entry in in_view.iterator(chunk_size=500))
    return csv_response(shown.name, CSV_COLUMNS, lines, notice=notice_of_entries(entries))


def list_with_rights(user: User, pk: int) -> SupplierList:
    """The list with what is said of it and with its reader's rights: one query. Raises Http404."""
    return get_object_or_404(lists_with_rights(user).with_contents().select_related("owner", "team"), pk=pk)


def counts_of(shown: SupplierList, narrowing: Narrowing, user: User) -> Counts:
    """One query."""
    others = ListEntry.objects.filter(supplier_list=shown).filter(narrowing.condition(user, with_status=False))
    by_status = dict(others.order_by().values_list("status").annotate(Count("pk")))
    wanted: Sequence[str] = narrowing.statuses or list(by_status)
    return Counts(by_status, sum(by_status.get(status, 0) for status in wanted))


def head_of(shown: SupplierList, narrowing: Narrowing, counts: Counts) -> dict[str, Any]:
    """What the table and the board have in common: the list, its filters, and the bar of changes. Two queries."""
    bulk = BulkForm(team=shown.team)
    members = bulk.members
    tags = entries_with_tags(shown.pk)
    return {
        "list": shown,
        **{right: vars(shown)[right] for right in RIGHTS},
        "narrowing": narrowing,
        "statuses": narrowing.statuses_with(counts.by_status),
        "all_statuses_url": changed(narrowing.params, status=None),
        "all_number": sum(counts.by_status.values()),
        "shown_number": counts.shown,
        "chips": narrowing.chips({str(pk): str(user) for pk, user in members.items()}),
        "members": members.items(),
        "tags": tags,
        "dues": DUE.items(),
        "stages": STAGES.items(),
        # The whole view, without the page: what the export and the other form of the list repeat.
        "query": changed(narrowing.params),
        "form": RenameForm(initial={"name": shown.name}),
        "bulk": bulk,
    }


def _on(page: Page[ListEntry], sorting: Sorting) -> list[ListEntry]:
    """Only ids go through the sort of all entries: carrying whole rows costs several times as much."""
    chosen = page.object_list
    assert isinstance(chosen, QuerySet)  # noqa: S101  for the type checker
    ids = chosen.select_related(None).defer(None).values("pk")
    return list(in_order(with_related(ListEntry.objects.filter(pk__in=ids)), sorting))


def _cells(entry: ListEntry) -> list[Cell]:
    decision: list[Cell] = [
        entry.status,
        entry.reason,
        "" if entry.stage == Stage.NONE else entry.stage,
        str(entry.assignee or ""),
        entry.due_on.isoformat() if entry.due_on else "",
        "; ".join(entry.tag_list),
        entry.target_quantity,
        entry.target_price,
    ]
    kept: list[Cell] = [entry.note, str(entry.added_by or ""), entry.added_at]
    return [*first_cells(entry), *kept, *later_cells(entry), *decision]
