"""From an address to the list or the entry that its reader may see or change, and what they are told otherwise."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User
from accounts.scope import signed_in, viewers_only_read
from searches.formats import day_and_clock
from suppliers.models import DeletedList, ListEntry, SupplierList, SupplierListQuerySet

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]
# Of a list's reader, as `lists_with_rights` annotates them.
RIGHTS = ("may_edit", "may_own", "may_approve")
# What somebody typed into a form whose list is gone, so that they can take it along.
TYPED = ("text", "note", "reason", "proposal", "answer")


def lists_with_rights(user: User) -> SupplierListQuerySet:
    """The lists that `user` sees, annotated with RIGHTS."""
    lists = SupplierList.objects

    def is_in(allowed: SupplierListQuerySet) -> Exists:
        return Exists(allowed.order_by().filter(pk=OuterRef("pk")))

    return lists.for_user(user).annotate(
        may_edit=is_in(lists.editable_by(user)),
        may_own=is_in(lists.owned_by(user)),
        may_approve=is_in(lists.approvable_by(user)),
    )


def seen_list(request: HttpRequest, pk: int) -> SupplierList:
    """Raises Http404."""
    lists = SupplierList.objects.for_user(request.user).select_related("team", "owner")
    return get_object_or_404(lists, pk=pk)


def list_to_change(request: HttpRequest, pk: int) -> SupplierList:
    """Raises Http404, and PermissionDenied for those who may only read it."""
    found = seen_list(request, pk)
    if not SupplierList.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied(_why_not(signed_in(request), found))
    return found


def list_to_own(request: HttpRequest, pk: int) -> SupplierList:
    """For sharing and deleting. Raises Http404 and PermissionDenied."""
    found = seen_list(request, pk)
    user = signed_in(request)
    if not SupplierList.objects.owned_by(user).filter(pk=pk).exists():
        if _only_reads(user, found.team):
            raise PermissionDenied(viewers_only_read())
        raise PermissionDenied(_("Only whoever keeps the list, or a lead of the team, shares or deletes it."))
    return found


def seen_entry(request: HttpRequest, pk: int, entry_pk: int) -> ListEntry:
    """Raises Http404."""
    seen_list(request, pk)
    entries = ListEntry.objects.filter(supplier_list=pk).select_related(
        "supplier_list__team",
        "supplier_list__owner",
        "added_by",
        "refreshed_by",
        "assignee",
        "source_match__job",
        "picture",
    )
    return get_object_or_404(entries, pk=entry_pk)


def entry_to_change(request: HttpRequest, pk: int, entry_pk: int) -> ListEntry:
    """Raises Http404 and PermissionDenied."""
    list_to_change(request, pk)
    return seen_entry(request, pk, entry_pk)


def refuse_unless_lead(request: HttpRequest, supplier_list: SupplierList) -> None:
    """Raises PermissionDenied."""
    if not SupplierList.objects.approvable_by(request.user).filter(pk=supplier_list.pk).exists():
        raise PermissionDenied(_("Only a lead of the team approves choices, or sends them back."))


def tells_what_is_gone(view: View[Rest]) -> View[Rest]:
    """Whoever has a list open that somebody deleted is told so, and gets back what they had typed.

    Only those who saw the list: everybody else meets 404, as for what never was.
    """

    @wraps(view)
    def telling(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (Http404, ListEntry.DoesNotExist, SupplierList.DoesNotExist):
            # Gone before the view looked, or between its look and its action. Addresses name the list `pk`.
            answer = _gone(request, cast(int, kwargs["pk"]))
            if answer is None:
                raise Http404 from None
            return answer

    return telling


def _gone(request: HttpRequest, pk: int) -> HttpResponse | None:
    typed = [text for name in TYPED for text in request.POST.getlist(name) if text.strip()]
    gone = DeletedList.objects.for_user(request.user).filter(number=pk).select_related("deleted_by").first()
    if gone is not None:
        context = {"gone": gone, "when": day_and_clock(gone.deleted_at), "typed": typed}
        return render(request, "suppliers/gone.html", context, status=410)
    open_list = SupplierList.objects.for_user(request.user).filter(pk=pk).first()
    if open_list is not None:
        return render(request, "suppliers/gone.html", {"list": open_list, "typed": typed}, status=404)
    return None


def _why_not(user: User, supplier_list: SupplierList) -> str:
    if _only_reads(user, supplier_list.team):
        return viewers_only_read()
    name = supplier_list.owner or _("a lead of the team")
    return _("This list is shared with you for reading. %(name)s can let you change it.") % {"name": name}


def _only_reads(user: User, team: Team) -> bool:
    return not Membership.objects.filter(user=user, team=team, role__in=Membership.EDITORS).exists()
