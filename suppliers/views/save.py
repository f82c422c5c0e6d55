"""From a search's page to a list: the chosen offers are kept."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.interrupted import is_ours
from accounts.models import User
from accounts.scope import id_of, row_to_change, signed_in
from searches.models import SearchJob, SupplierMatch
from searches.quantities import QuantityField
from suppliers.actions import Saved, create_list, save_matches
from suppliers.forms import SaveForm
from suppliers.models import SupplierList

# An id that no row has.
NO_ROW = 0
# As the comparison calls it in its address.
QUANTITY = "quantity"


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """`job`, `match` (repeated), and `supplier_list` (id) or `new_list` (name); `next` is the page to go back to.

    Without a list, or with a name that cannot be used, it asks for one and keeps the choice.
    """
    user = signed_in(request)
    job = row_to_change(SearchJob.objects.all(), user=user, pk=id_of(request.POST.get("job", "")) or NO_ROW)
    back = request.POST.get("next", "")
    back = back if is_ours(request, back) else job.get_absolute_url()
    matches = _matches(job, request.POST.getlist("match"))
    if not matches:
        messages.warning(request, _("No offer was chosen. Tick the offers to keep, then save them to a list."))
        return redirect(back)
    lists = SupplierList.objects.editable_by(user).filter(team=job.team)
    is_asked = "supplier_list" in request.POST or "new_list" in request.POST
    form = SaveForm(request.POST if is_asked else None, lists=lists)
    if form.is_valid():
        try:
            # A new list is made together with its first entries, or not at all.
            with transaction.atomic():
                supplier_list = _list_of(form, user, job)
                saved = save_matches(
                    user=user, supplier_list=supplier_list, matches=matches, quantity=_quantity_of(back)
                )
        except ValidationError as error:
            form.add_error("new_list", error.messages)
        else:
            messages.success(request, _saved_message(saved, supplier_list))
            return redirect(back)
    context = {"form": form, "job": job, "matches": matches, "back": back}
    return render(request, "suppliers/save.html", context)


def _quantity_of(address: str) -> int | None:
    """The order quantity that the search's page compared at, None without one, and for what is none."""
    try:
        quantity: int | None = QuantityField(required=False).clean(QueryDict(urlsplit(address).query).get(QUANTITY, ""))
    except ValidationError:
        return None
    return quantity


def _list_of(form: SaveForm, user: User, job: SearchJob) -> SupplierList:
    """A name that was typed counts for more than a list left standing in the choice."""
    chosen: SupplierList | None = form.cleaned_data["supplier_list"]
    name: str = form.cleaned_data["new_list"]
    return create_list(user=user, team=job.team, name=name) if name or not chosen else chosen


def _matches(job: SearchJob, ids: list[str]) -> QuerySet[SupplierMatch]:
    """Raises Http404 when one of them was not found by this search."""
    wanted = {id_of(text) or NO_ROW for text in ids}
    matches = SupplierMatch.objects.filter(job=job, pk__in=wanted).select_related("job").order_by("rank")
    if len(matches) != len(wanted):
        raise Http404
    return matches


def _saved_message(saved: Saved, supplier_list: SupplierList) -> SafeString:
    link = format_html('<a href="{}">{}</a>', supplier_list.get_absolute_url(), supplier_list.name)
    added = ngettext("{number} offer saved to {list}.", "{number} offers saved to {list}.", saved.added)
    known = ngettext(
        "{number} was already on {list}: it stays as it was saved.",
        "{number} were already on {list}: they stay as they were saved.",
        saved.already_there,
    )
    parts = [
        format_html(text, number=number, list=link)
        for text, number in ((added, saved.added), (known, saved.already_there))
        if number
    ]
    return format_html_join(" ", "{}", ((part,) for part in parts))
