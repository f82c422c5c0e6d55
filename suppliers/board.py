"""A list as a board: a column for each status, the newest first, as many cards as one looks at."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from searches.addresses import changed
from suppliers.models import ListEntry, Status, SupplierList
from suppliers.narrowing import Narrowing
from suppliers.rows import STATUS_TONES, Row, row_of

CARDS_A_COLUMN = 40


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """`number`: of all its entries; `table_url` shows those as a table, from the list's own address."""

    status: str
    label: str
    tone: str
    number: int
    cards: list[Row]
    table_query: str

    @property
    def left_out(self) -> int:
        return self.number - len(self.cards)


def columns_of(
    supplier_list: SupplierList, narrowing: Narrowing, condition: Q, counts: Mapping[str, int]
) -> list[BoardColumn]:
    """One query. `condition`: the narrowing's, `counts`: of all entries that meet it but for their status."""
    order = (F("due_on").asc(nulls_last=True), F("pk").desc())
    place = Window(RowNumber(), partition_by=[F("status")], order_by=list(order))
    # Only ids go through the sort of all entries: carrying whole rows costs several times as much.
    numbered = ListEntry.objects.filter(condition, supplier_list=supplier_list).order_by().annotate(place=place)
    first = numbered.filter(place__lte=CARDS_A_COLUMN).values("pk")
    entries = (
        ListEntry.objects.filter(pk__in=first)
        .select_related("added_by", "assignee", "picture", "source_match__job")
        .defer("extras", "source_match__extras")
        .order_by("status", *order)
    )
    cards: dict[str, list[Row]] = {status: [] for status in Status}
    for entry in entries:
        cards[entry.status].append(row_of(entry))
    shown = [status for status in Status if not narrowing.statuses or status in narrowing.statuses]
    return [
        BoardColumn(
            status=status.value,
            label=str(status.label),
            tone=STATUS_TONES.get(status, ""),
            number=counts.get(status, 0),
            cards=cards[status],
            table_query=changed(narrowing.params, status=[status.value]),
        )
        for status in shown
    ]
