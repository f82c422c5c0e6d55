"""All lists, and what is done with a whole one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import signed_in, viewers_only_read
from accounts.sharing_forms import SharingForm
from searches.formats import day_and_clock
from suppliers.actions import create_list, delete_list, rename_list
from suppliers.forms import NewListForm, RenameForm
from suppliers.foryou import mentions_of
from suppliers.models import DECIDED, Attachment, Comment, Mention, Stage, SupplierList
from suppliers.narrowing import words_asked
from suppliers.trouble import ListHeld
from suppliers.views.scope import list_to_change, list_to_own, tells_what_is_gone

LISTS_PER_PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    words = words_asked(request.GET)
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
        "mentions": mentions_of(user),
    }
    return render(request, "suppliers/index.html", context)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything that names its reader is read."""
    unread = Mention.objects.for_user(request.user).filter(read_at=None)
    Mention.objects.filter(pk__in=list(unread.values_list("pk", flat=True))).update(read_at=timezone.now())
    return redirect("suppliers:index")


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
@tells_what_is_gone
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
@tells_what_is_gone
def share(request: HttpRequest, pk: int) -> HttpResponse:
    supplier_list = list_to_own(request, pk)
    form = SharingForm(request.POST if request.method == "POST" else None, thing=supplier_list)
    if form.is_valid():
        form.save()
        messages.success(request, _("Who sees the list is saved."))
        if SupplierList.objects.for_user(request.user).filter(pk=pk).exists():
            return redirect(supplier_list)
        # A lead may take a list from their own sight.
        return redirect("suppliers:index")
    return render(request, "suppliers/share.html", {"sharing": form, "list": supplier_list})


@require_http_methods(["GET", "HEAD", "POST"])
@tells_what_is_gone
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and names what is lost."""
    supplier_list = list_to_own(request, pk)
    if request.method == "POST":
        try:
            delete_list(user=signed_in(request), supplier_list=supplier_list)
        except ListHeld as held:
            messages.error(request, _approved_choices(held.approved))
            return redirect(supplier_list)
        messages.success(request, _("The list “%(name)s” is deleted.") % {"name": supplier_list.name})
        return redirect("suppliers:index")
    counted = get_object_or_404(SupplierList.objects.with_contents(), pk=pk)
    entries = supplier_list.entries
    context = {
        "list": counted,
        "notes": entries.exclude(note="").count(),
        "comments": Comment.objects.filter(entry__supplier_list=pk).count(),
        "files": Attachment.objects.filter(entry__supplier_list=pk).count(),
        "decisions": entries.filter(status__in=DECIDED).count(),
        "approved": entries.filter(stage=Stage.APPROVED).count(),
    }
    return render(request, "suppliers/delete.html", context)


def _approved_choices(number: int) -> str:
    text = ngettext(
        "The list has %(number)d approved choice: a lead withdraws it first. Nothing was deleted.",
        "The list has %(number)d approved choices: a lead withdraws them first. Nothing was deleted.",
        number,
    )
    return text % {"number": number}


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
