"""From a request to the record of a supplier: every view of one starts here."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import Membership
from accounts.scope import id_of, row_to_change, signed_in, viewers_only_read
from dossiers.actions import open_record
from dossiers.counting import records_of
from dossiers.keys import SupplierKey
from dossiers.models import Supplier
from dossiers.page import unsaved

LONGEST_WORDS = 200


def asked_words(request: HttpRequest) -> str:
    """What is searched for, without what databases refuse: NUL, and more words than one condition may have."""
    return request.GET.get("q", "")[:LONGEST_WORDS].replace("\0", "").strip()


def asked_key(request: HttpRequest) -> tuple[Membership, SupplierKey]:
    """The supplier that an address names, and the user's membership of its team. Raises Http404."""
    key = SupplierKey.from_address(request.GET)
    team = id_of(request.GET.get("team", ""))
    member = Membership.objects.filter(user=signed_in(request), team=team).first() if team else None
    if key is None or member is None:
        raise Http404
    return member, key


def asked_supplier(request: HttpRequest) -> Supplier:
    """The record that stands for the supplier that an address names, saved or not. Raises Http404; writes nothing."""
    member, key = asked_key(request)
    known = records_of(member.team_id, [key])
    if known:
        return known[0].survivor or known[0]
    supplier = unsaved(member.team_id, key, signed_in(request))
    if supplier is None:
        raise Http404
    return supplier


def may_edit(request: HttpRequest, supplier: Supplier) -> bool:
    editors = Membership.objects.filter(user=signed_in(request), role__in=Membership.EDITORS)
    return editors.filter(team=supplier.team_id).exists()


def supplier_to_change(request: HttpRequest, pk: int | None) -> Supplier:
    """By its number, or by an address that names it. Raises Http404 for a stranger, PermissionDenied for a viewer."""
    if pk is None:
        supplier = asked_supplier(request)
        if not may_edit(request, supplier):
            raise PermissionDenied(viewers_only_read())
        return supplier
    record = row_to_change(Supplier.objects.select_related("survivor"), user=signed_in(request), pk=pk)
    return record.survivor or record


def with_record(supplier: Supplier) -> Supplier:
    """The same, saved: for whatever is about to be written into it."""
    return supplier if supplier.pk else open_record(team=supplier.team_id, key=supplier.key)
