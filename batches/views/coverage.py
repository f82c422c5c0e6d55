"""The batch's suppliers: how many of its products each offers, and at what total. On the page, and as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scope import signed_in
from batches.coverage import COLUMNS, Coverage, Missing, Supplier, cells_of, coverage_of, ranges
from batches.models import Batch
from batches.results import notice_of_batch
from batches.views.scope import visible_batches
from searches.exports import csv_response
from searches.formats import money
from searches.sorting import Column, Sorting, headers, sorting_of

SUPPLIERS_PER_PAGE = 50
LONGEST_NUMBERS = 40
SORTS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("supplier", gettext_lazy("Supplier"), F("name")),
            Column("products", gettext_lazy("Products"), F("products"), numeric=True, falling_first=True),
            Column("total", gettext_lazy("Total"), F("total"), numeric=True),
        )
    }
)
MOST_PRODUCTS_FIRST = "-products"


@dataclass(frozen=True, slots=True)
class Row:
    """A supplier as a line, every figure in words. `notes`: what is not in the total, or more than was asked for."""

    name: str
    place: str
    products: str
    percent: int
    numbers: str
    all_numbers: str
    total: str
    notes: list[str]


@require_safe
@never_cache
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(visible_batches(signed_in(request)), pk=pk)
    found = coverage_of(batch)
    sorting = sorting_of(request.GET.get("sort", ""), MOST_PRODUCTS_FIRST, SORTS)
    page = Paginator(in_order(found, sorting), SUPPLIERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "coverage": found,
        "rows": [_row(supplier, found) for supplier in page],
        "page": page,
        "headers": headers(sorting, SORTS, request.GET),
        "sort": sorting.text,
        "notice": notice_of_batch(batch),
    }
    return render(request, "batches/coverage.html", context)


@require_safe
def coverage_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All suppliers, in the order that the page has."""
    batch = get_object_or_404(Batch.objects.for_user(signed_in(request)), pk=pk)
    found = coverage_of(batch)
    sorting = sorting_of(request.GET.get("sort", ""), MOST_PRODUCTS_FIRST, SORTS)
    lines = (cells for supplier in in_order(found, sorting) for cells in cells_of(supplier, found))
    name = _("%(title)s, suppliers") % {"title": batch.title}
    return csv_response(name, COLUMNS, lines, notice=notice_of_batch(batch))


def in_order(found: Coverage, sorting: Sorting) -> list[Supplier]:
    """Of equals, those with more products come first, then the cheaper, then by name. What is unknown comes last."""
    suppliers = sorted(found.suppliers, key=lambda supplier: (-supplier.products, *_by_total(supplier), supplier.name))
    match sorting.column.key:
        case "supplier":
            known = [supplier for supplier in suppliers if supplier.name]
            unknown = [supplier for supplier in suppliers if not supplier.name]
            return sorted(known, key=lambda supplier: supplier.name, reverse=sorting.falling) + unknown
        case "total":
            known = [supplier for supplier in suppliers if supplier.totals]
            unknown = [supplier for supplier in suppliers if not supplier.totals]
            return sorted(known, key=_by_total, reverse=sorting.falling) + unknown
        case _:
            return suppliers if sorting.falling else sorted(suppliers, key=lambda supplier: supplier.products)


def _by_total(supplier: Supplier) -> tuple[bool, list[tuple[str, Decimal]]]:
    """Only amounts of one currency can be compared; without one, last."""
    totals = sorted(supplier.totals.items())
    return not totals, totals


def _row(supplier: Supplier, found: Coverage) -> Row:
    numbers = ranges(supplier.costs)
    return Row(
        name=supplier.name or _("supplier %(id)s") % {"id": supplier.id},
        place=" · ".join(filter(None, (supplier.location, supplier.source))),
        products=_("%(number)d of %(all)d") % {"number": supplier.products, "all": found.products},
        percent=100 * supplier.products // found.products if found.products else 0,
        numbers=numbers if len(numbers) <= LONGEST_NUMBERS else f"{numbers[:LONGEST_NUMBERS]}…",
        all_numbers=numbers,
        total=" + ".join(money(total, currency) for currency, total in sorted(supplier.totals.items())),
        notes=_notes(supplier),
    )


def _notes(supplier: Supplier) -> list[str]:
    raised, priceless = supplier.raised, supplier.without(Missing.PRICE)
    uncounted = supplier.without(Missing.QUANTITY)
    notes = (
        (raised, ngettext("%(number)d raised to the MOQ", "%(number)d raised to the MOQ", raised)),
        (priceless, ngettext("%(number)d without a price", "%(number)d without a price", priceless)),
        (uncounted, ngettext("%(number)d without a quantity", "%(number)d without a quantity", uncounted)),
    )
    return [text % {"number": number} for number, text in notes if number]
