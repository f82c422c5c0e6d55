"""Two records that are one supplier: picked, looked at together, merged, taken apart."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.scope import row_to_change, signed_in
from dossiers.decisions import decisions_about
from dossiers.index import IndexRow, found_by_words, index_rows
from dossiers.merging import merge_suppliers, undo_merge
from dossiers.models import Merge, Note, Supplier, SupplierFile
from dossiers.offers import newest_states
from dossiers.views.scope import asked_words, supplier_to_change
from searches.rows import marketplace_label

CANDIDATES_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as it is before they come together."""

    supplier: Supplier
    names: list[str]
    marketplaces: list[str]
    offers: int
    notes: int
    files: int
    lists: int


@require_safe
@never_cache
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Which other record is the same supplier? Those of the same name come first, unless words are searched for."""
    supplier = supplier_to_change(request, pk)
    words = asked_words(request)
    others = Supplier.objects.filter(team=supplier.team_id).standing().exclude(pk=supplier.pk)
    others = found_by_words(others, words) if words else others.filter(_alike(supplier))
    others = others.order_by("-offers_count", "-last_seen_at", "pk")
    page = Paginator(others, CANDIDATES_PER_PAGE).get_page(request.GET.get("page"))
    rows: list[IndexRow] = index_rows(list(page), signed_in(request))
    context = {"supplier": supplier, "words": words, "page": page, "rows": rows}
    return render(request, "dossiers/merge_pick.html", context)


def _alike(supplier: Supplier) -> Q:
    """Any of its names, within any of another's: a longer name often has the shorter one in it."""
    names = [
        name for record in supplier.group for name in [record.display_name, record.supplier_name, *record.name_list]
    ]
    alike = Q(pk__in=[])
    for name in dict.fromkeys(filter(None, names)):
        alike |= Q(names__icontains=name) | Q(display_name__icontains=name) | Q(members__names__icontains=name)
    return Q(pk__in=Supplier.objects.filter(alike, team=supplier.team_id).values("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """What comes together, and the button that does it. `pk` stays, `other` is shown with it."""
    user = signed_in(request)
    survivor, merged = (_record(request, number) for number in (pk, other))
    if request.method == "POST":
        try:
            merge_suppliers(user=user, survivor=survivor, merged=merged)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("dossiers:merge", (survivor.survivor or survivor).pk)
        told = _("“%(other)s” is now shown with “%(name)s”. Below, under “Merges”, it can be taken apart again.")
        messages.success(request, told % {"other": merged, "name": survivor})
        return redirect(survivor)
    if _is_one(survivor, merged):
        messages.error(request, _("These two are one record already: there is nothing to merge."))
        return redirect(survivor.survivor or survivor)
    # What was merged meanwhile is looked at as what it is now.
    survivor, merged = survivor.survivor or survivor, merged.survivor or merged
    context = {"survivor": survivor, "merged": merged, "sides": [_side(survivor, user), _side(merged, user)]}
    return render(request, "dossiers/merge.html", context)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    undone = row_to_change(Merge.objects.select_related("survivor__survivor", "merged"), user=user, pk=pk)
    try:
        undo_merge(user=user, merge=undone)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        told = _("“%(other)s” stands for itself again, with its own notes and files.")
        messages.success(request, told % {"other": undone.merged})
    return redirect(undone.survivor.survivor or undone.survivor)


def _record(request: HttpRequest, pk: int) -> Supplier:
    """The very record, merged or not."""
    return row_to_change(Supplier.objects.select_related("survivor"), user=signed_in(request), pk=pk)


def _is_one(survivor: Supplier, merged: Supplier) -> bool:
    return (survivor.survivor_id or survivor.pk) == (merged.survivor_id or merged.pk)


def _side(supplier: Supplier, user: User) -> Side:
    group = supplier.group
    return Side(
        supplier=supplier,
        names=list(dict.fromkeys(name for record in group for name in record.name_list or [str(record)])),
        marketplaces=list(dict.fromkeys(marketplace_label(record.marketplace) for record in group)),
        offers=newest_states(supplier).count(),
        notes=Note.objects.filter(supplier__in=group).count(),
        files=SupplierFile.objects.filter(supplier__in=group).count(),
        lists=len({decision.list_name for decision in decisions_about(supplier, user)}),
    )
