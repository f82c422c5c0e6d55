"""One list: its entries as a table and as CSV, and what is done with one of them."""

from functools import reduce

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import row_to_change, signed_in
from searches.addresses import changed
from searches.exports import (
    FIRST_COLUMNS,
    LATER_COLUMNS,
    Cell,
    csv_response,
    first_cells,
    later_cells,
    source_notice,
)
from searches.filters import words_of
from searches.sorting import headers
from suppliers.actions import change_note, remove_entry
from suppliers.columns import COLUMNS, in_order, sorting_from
from suppliers.forms import NoteForm, RenameForm
from suppliers.models import ListEntry, SupplierList
from suppliers.rows import row_of
from suppliers.views.lists import asked_words

ENTRIES_PER_PAGE = 50
SEARCHED = ("title", "supplier_name", "supplier_location", "note")
CSV_COLUMNS = (*FIRST_COLUMNS, "note", "saved_by", "saved_at", *LATER_COLUMNS)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    shown = get_object_or_404(SupplierList.objects.for_user(user).with_contents().select_related("owner"), pk=pk)
    sorting = sorting_from(request.GET.get("sort", ""))
    entries = _entries(request, shown)
    page = Paginator(in_order(entries, sorting), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "list": shown,
        "page": page,
        "rows": [row_of(entry) for entry in page],
        "headers": headers(sorting, COLUMNS, request.GET),
        "words": asked_words(request),
        "sort": sorting.text,
        # The whole view, without the page: what the export repeats.
        "query": changed(request.GET),
        "form": RenameForm(initial={"name": shown.name}),
        "may_edit": SupplierList.objects.editable_by(user).filter(pk=pk).exists(),
        "notice": _notice(entries),
    }
    return render(request, "suppliers/detail.html", context)


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows of the page that has the same query, all pages of it, in the same order."""
    shown = get_object_or_404(SupplierList.objects.for_user(request.user), pk=pk)
    entries = _entries(request, shown)
    in_view = in_order(entries, sorting_from(request.GET.get("sort", "")))
    lines = (_cells(entry) for entry in in_view.iterator(chunk_size=500))
    return csv_response(shown.name, CSV_COLUMNS, lines, notice=_notice(entries))


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """A page of its own; in htmx's hands the cell of the table, and only that."""
    entry = _entry_to_change(request, pk, entry_pk)
    in_cell = "hx-request" in request.headers
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"note": entry.note})
    if form.is_valid():
        change_note(entry=entry, note=form.cleaned_data["note"])
        if in_cell:
            return render(request, "suppliers/note_cell.html", {"list": entry.supplier_list, "row": row_of(entry)})
        messages.success(request, _("The note is saved."))
        return redirect(entry.supplier_list)
    template = "suppliers/note_form.html" if in_cell else "suppliers/note.html"
    return render(request, template, {"form": form, "entry": entry, "list": entry.supplier_list})


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Asks first, since the note and the price of that day go with the entry."""
    entry = _entry_to_change(request, pk, entry_pk)
    if request.method == "POST":
        remove_entry(entry=entry)
        messages.success(request, _("“%(title)s” is off the list.") % {"title": entry.title})
        return redirect(entry.supplier_list)
    context = {"entry": entry, "row": row_of(entry), "list": entry.supplier_list}
    return render(request, "suppliers/remove.html", context)


def _entry_to_change(request: HttpRequest, pk: int, entry_pk: int) -> ListEntry:
    entries = ListEntry.objects.filter(supplier_list=pk).select_related(
        "supplier_list", "added_by", "source_match__job"
    )
    return row_to_change(entries, user=signed_in(request), pk=entry_pk)


def _entries(request: HttpRequest, supplier_list: SupplierList) -> QuerySet[ListEntry]:
    """The entries that the address asks for: those with all its words."""
    entries = ListEntry.objects.filter(supplier_list=supplier_list)
    entries = entries.select_related("added_by", "source_match__job").defer("extras", "source_match__extras")
    for word in words_of(asked_words(request)):
        entries = entries.filter(_any_field_has(word))
    return entries


def _any_field_has(word: str) -> Q:
    return reduce(lambda found, field: found | Q(**{f"{field}__icontains": word}), SEARCHED, Q())


def _notice(entries: QuerySet[ListEntry]) -> str:
    plain = entries.select_related(None).defer(None).order_by()
    fetched = plain.aggregate(first=Min("fetched_at"), last=Max("fetched_at"))
    marketplaces = plain.values_list("marketplace", flat=True).distinct()
    return source_notice(marketplaces, fetched["first"], fetched["last"])


def _cells(entry: ListEntry) -> list[Cell]:
    return [*first_cells(entry), entry.note, str(entry.added_by or ""), entry.added_at, *later_cells(entry)]
