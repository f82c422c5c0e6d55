"""The entries that an address asks for, and whose word they are: for the table, for files and for paper."""

from django.db.models import Max, Min, QuerySet

from accounts.models import User
from searches.exports import source_notice
from suppliers.models import ListEntry, SupplierList
from suppliers.narrowing import Narrowing


def entries_in_view(supplier_list: SupplierList, narrowing: Narrowing, user: User) -> QuerySet[ListEntry]:
    """In no order yet: see `suppliers.columns.in_order`."""
    return with_related(ListEntry.objects.filter(supplier_list=supplier_list).filter(narrowing.condition(user)))


def with_related(entries: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
    """With what a line shows of other rows."""
    related = ("added_by", "assignee", "picture", "source_match__job")
    return entries.select_related(*related).defer("extras", "source_match__extras")


def notice_of_entries(entries: QuerySet[ListEntry]) -> str:
    """Empty when there are none."""
    plain = entries.select_related(None).defer(None).order_by()
    of_each = list(plain.values_list("marketplace").annotate(Min("fetched_at"), Max("fetched_at")))
    first = min((first for _marketplace, first, _last in of_each), default=None)
    last = max((last for _marketplace, _first, last in of_each), default=None)
    return source_notice([marketplace for marketplace, _first, _last in of_each], first, last)
