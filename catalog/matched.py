"""What came of looking for offers: each item beside the cheapest offer of the same product."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batches.lines import state_of
from batches.models import BatchRow
from catalog.models import Item, MatchedItem
from searches.formats import money, percent
from searches.marketplaces import CATALOG
from searches.models import SupplierMatch

# As "best suppliers" has it: nine of ten offers that are so alike are the same product.
SAME = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `difference`: of the cheapest offer to our price, in words; `cheaper`: it is below."""

    item: Item
    state: str
    tone: str
    ours: str
    offers: str
    lowest: str
    difference: str
    cheaper: bool
    url: str


def lines_of(matched: Iterable[MatchedItem]) -> list[Line]:
    """`matched` come with their items and rows, and with the rows that these repeat. One query."""
    matched = list(matched)
    jobs = {one.pk: _job_of(one.row) for one in matched}
    found: dict[int, dict[str, tuple[int, Decimal | None]]] = {}
    alike = Q(told__gte=SAME)
    offers = (
        SupplierMatch.objects.filter(job__in={job for job in jobs.values() if job})
        .exclude(marketplace=CATALOG)
        .annotate(told=Coalesce("similarity", "visual"))
        .order_by()
        .values_list("job", "currency")
        .annotate(number=Count("pk", filter=alike), lowest=Min("price", filter=alike))
    )
    for job, currency, number, lowest in offers:
        found.setdefault(job, {})[currency] = (number, lowest)
    return [_line(one, found.get(jobs[one.pk] or 0, {}), jobs[one.pk]) for one in matched]


def _job_of(row: BatchRow | None) -> int | None:
    if row is None:
        return None
    return row.duplicate_of.job_id if row.duplicate_of else row.job_id


def _line(matched: MatchedItem, found: dict[str, tuple[int, Decimal | None]], job: int | None) -> Line:
    item, row = matched.item, matched.row
    number = sum(offers for offers, _lowest in found.values())
    # Prices of two currencies are not compared.
    lowest = found.get(item.currency, (0, None))[1]
    state, tone = state_of(row) if row else (_("its batch is kept no longer"), "")
    difference = _difference(item, lowest)
    return Line(
        item=item,
        state=state,
        tone=tone,
        ours="" if item.price is None else money(item.price, item.currency),
        offers=ngettext("%(number)d offer", "%(number)d offers", number) % {"number": number} if found else "",
        lowest="" if lowest is None else money(lowest, item.currency),
        difference=difference,
        cheaper=bool(difference) and lowest is not None and item.price is not None and lowest < item.price,
        url=reverse("searches:detail", args=[job]) if job else "",
    )


def _difference(item: Item, lowest: Decimal | None) -> str:
    if lowest is None or not item.price:
        return ""
    if lowest == item.price:
        return _("as ours")
    parts = {
        "amount": money(abs(item.price - lowest), item.currency),
        "share": percent(float(abs(item.price - lowest) / item.price)),
    }
    if lowest < item.price:
        return _("%(amount)s below ours (%(share)s)") % parts
    return _("%(amount)s above ours (%(share)s)") % parts
