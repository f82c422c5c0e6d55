"""A supplier's page, and the ways to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership
from accounts.scope import signed_in
from dossiers.actions import rename_supplier
from dossiers.forms import FileForm, NameForm, NoteForm
from dossiers.models import Supplier
from dossiers.page import dossier_of
from dossiers.views.scope import asked_supplier, may_edit, supplier_to_change, with_record


@require_safe
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """`team`, `marketplace`, and `id` or `name`: the way from an offer to its supplier. Writes nothing.

    Leads to the record where there is one; else the page is shown from what the offers say.
    """
    supplier = asked_supplier(request)
    return redirect(supplier) if supplier.pk else _page(request, supplier)


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a merged record the page is that of the one that stands for it."""
    records = Supplier.objects.for_user(signed_in(request)).select_related("survivor")
    record = get_object_or_404(records, pk=pk)
    return redirect(record.survivor) if record.survivor else _page(request, record)


def _page(request: HttpRequest, supplier: Supplier) -> HttpResponse:
    user = signed_in(request)
    dossier = dossier_of(supplier, user, request.GET)
    context = {
        "dossier": dossier,
        "supplier": supplier,
        "facts": dossier.facts,
        "page": dossier.page,
        "team": supplier.team,
        "several_teams": Membership.objects.filter(user=user).count() > 1,
        "may_edit": may_edit(request, supplier),
        "note_form": NoteForm(),
        "file_form": FileForm(),
        "name_form": NameForm(initial={"name": supplier.display_name}),
        # Where an unsaved record's forms go: its address names it, until there is a number.
        "key_query": "" if supplier.pk else supplier.key.query(supplier.team_id),
    }
    return render(request, "dossiers/detail.html", context)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Make the record, and go on to what needs one: looking for another that is the same supplier."""
    supplier = with_record(supplier_to_change(request, None))
    return redirect("dossiers:merge", supplier.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    supplier = supplier_to_change(request, pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": supplier.display_name})
    if form.is_valid():
        supplier = with_record(supplier)
        try:
            rename_supplier(supplier=supplier, name=form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("The supplier is now called “%(name)s”.") % {"name": supplier})
            return redirect(supplier)
    return render(request, "dossiers/rename.html", {"form": form, "supplier": supplier, "back": back_to(supplier)})


def back_to(supplier: Supplier) -> str:
    return supplier.get_absolute_url() if supplier.pk else supplier.key.address(supplier.team_id)
