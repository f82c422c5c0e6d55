"""All lists, and what is done with a whole one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import row_to_change, signed_in, viewers_only_read
from searches.formats import day_and_clock
from suppliers.actions import create_list, delete_list, rename_list
from suppliers.forms import NewListForm, RenameForm
from suppliers.models import SupplierList

LISTS_PER_PAGE = 50
LONGEST_WORDS = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    words = asked_words(request)
    lists = SupplierList.objects.for_user(user).with_contents().select_related("owner", "team")
    if words:
        lists = lists.filter(name__icontains=words)
    page = Paginator(lists, LISTS_PER_PAGE).get_page(request.GET.get("page"))
    teams = teams_to_search_for(user)
    context = {
        "page": page,
        "rows": [(row, _newest(row)) for row in page],
        "words": words,
        "may_create": bool(teams),
        "form": NewListForm(teams=teams),
        "in_a_team": Membership.objects.filter(user=user).exists(),
    }
    return render(request, "suppliers/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    teams = teams_to_search_for(user)
    if not teams:
        raise PermissionDenied(viewers_only_read())
    form = NewListForm(request.POST if request.method == "POST" else None, teams=teams)
    if form.is_valid():
        try:
            made = create_list(user=user, team=form.chosen_team, name=form.cleaned_data["name"])
        except ValidationError as error:
            show_beside_fields(form, error)
        else:
            messages.success(request, _("The list “%(name)s” is ready.") % {"name": made.name})
            return redirect(made)
    return render(request, "suppliers/create.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    supplier_list = list_to_change(request, pk)
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": supplier_list.name})
    if form.is_valid():
        try:
            rename_list(supplier_list=supplier_list, name=form.cleaned_data["name"])
        except ValidationError as error:
            show_beside_fields(form, error)
        else:
            messages.success(request, _("The list is now called “%(name)s”.") % {"name": supplier_list.name})
            return redirect(supplier_list)
    return render(request, "suppliers/rename.html", {"form": form, "list": supplier_list})


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and names what is lost."""
    supplier_list = list_to_change(request, pk)
    if request.method == "POST":
        delete_list(supplier_list=supplier_list)
        messages.success(request, _("The list “%(name)s” is deleted.") % {"name": supplier_list.name})
        return redirect("suppliers:index")
    counted = get_object_or_404(SupplierList.objects.with_contents(), pk=pk)
    notes = supplier_list.entries.exclude(note="").count()
    return render(request, "suppliers/delete.html", {"list": counted, "notes": notes})


def asked_words(request: HttpRequest) -> str:
    """What is searched for, without what databases refuse: NUL, and more words than one condition may have."""
    return request.GET.get("q", "")[:LONGEST_WORDS].replace("\0", "").strip()


def list_to_change(request: HttpRequest, pk: int) -> SupplierList:
    return row_to_change(SupplierList.objects.all(), user=signed_in(request), pk=pk)


def show_beside_fields(form: Form, error: ValidationError) -> None:
    """A model's error at the form's field of that name, else above the form."""
    for name, errors in _by_field(error).items():
        form.add_error(name if name in form.fields else None, errors)


def _by_field(error: ValidationError) -> dict[str, Any]:
    # A constraint over expressions belongs to no field; here it is always about the name.
    return {("name" if name == "__all__" else name): errors for name, errors in error.update_error_dict({}).items()}


def _newest(row: SupplierList) -> str:
    newest_at = getattr(row, "newest_at", None)
    return day_and_clock(newest_at) if newest_at else ""
