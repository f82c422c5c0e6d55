"""Which suppliers offer how many of a batch's products, and what the batch's quantities cost there.

A supplier is known by its id at its source, else by its name; offers that say neither belong to nobody. Of each
product the cheapest of the supplier's offers counts: at the price for the quantity, and for as many pieces as the
smallest order wants when that is more. What has no price, or no quantity, is not in a total and is said to be missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import NamedTuple, TypeAlias

from django.db.models.functions import Coalesce

from batches.models import Batch
from batches.prices import Cost, Tiers, cost_of
from searches.exports import Cell, source_name
from searches.models import SupplierMatch

ROWS_AT_ONCE = 2000
COLUMNS = (
    "source",
    "supplier_id",
    "supplier_name",
    "supplier_location",
    "supplier_credit",
    "products",
    "products_in_batch",
    "total",
    "currency",
    "products_in_total",
    "raised_to_moq",
    "without_price",
    "without_quantity",
    "rows",
)


class Missing(Enum):
    """Why a product is not in a supplier's total."""

    PRICE = "no price"
    QUANTITY = "no quantity"


Costs: TypeAlias = dict[int, Cost | Missing]


@dataclass(slots=True)
class Supplier:
    """What one supplier offers of the batch. `costs`: by the products' row numbers."""

    source: str
    id: str
    name: str
    location: str
    credit: int | None
    costs: Costs = field(default_factory=dict)

    @property
    def products(self) -> int:
        return len(self.costs)

    @property
    def priced(self) -> list[Cost]:
        return [cost for cost in self.costs.values() if isinstance(cost, Cost)]

    @property
    def raised(self) -> int:
        """Products of which more has to be ordered than is wanted."""
        return sum(cost.raised for cost in self.priced)

    @property
    def totals(self) -> dict[str, Decimal]:
        """By currency; empty when nothing has both a price and a quantity."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for cost in self.priced:
            found[cost.currency] += cost.total
        return dict(found)

    def without(self, missing: Missing) -> int:
        return sum(cost is missing for cost in self.costs.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """All suppliers of a batch, in no order. `products`: rows that were searched for. `nameless`: offers of nobody."""

    products: int
    suppliers: list[Supplier]
    nameless: int


class _Offer(NamedTuple):
    """What is read of an offer; the fields are columns of `SupplierMatch`."""

    job: int
    marketplace: str
    supplier_id: str
    supplier_name: str
    supplier_location: str
    supplier_credit: int | None
    price: Decimal | None
    currency: str
    tiers: Tiers
    moq: int | None


def coverage_of(batch: Batch) -> Coverage:
    """Two queries, however large the batch is. A row that repeats another's picture is a product like any other."""
    # The quantities by the rows' numbers, by the search that found their offers.
    wanted: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    rows = batch.rows.annotate(found_by=Coalesce("duplicate_of__job", "job")).exclude(found_by=None)
    for job, number, quantity in rows.values_list("found_by", "number", "quantity"):
        wanted[job].append((number, quantity))
    suppliers: dict[tuple[str, str], Supplier] = {}
    nameless = 0
    for offer in _offers(batch):
        source, known_by = source_name(offer.marketplace), offer.supplier_id or offer.supplier_name
        if not known_by:
            nameless += 1
            continue
        supplier = suppliers.get((source, known_by))
        if supplier is None:
            suppliers[source, known_by] = supplier = Supplier(
                source, offer.supplier_id, offer.supplier_name, offer.supplier_location, offer.supplier_credit
            )
        for number, quantity in wanted[offer.job]:
            _count(supplier.costs, number, _cost(offer, quantity))
    return Coverage(sum(map(len, wanted.values())), list(suppliers.values()), nameless)


def _offers(batch: Batch) -> Iterator[_Offer]:
    matches = SupplierMatch.objects.filter(job__batch_row__batch=batch).order_by("pk")
    # Rows of a thousand searches: as tuples they take a fraction of what models do.
    return map(_Offer._make, matches.values_list(*_Offer._fields).iterator(ROWS_AT_ONCE))


def _cost(offer: _Offer, quantity: int | None) -> Cost | Missing:
    if quantity is None:
        return Missing.QUANTITY
    return cost_of(offer.price, offer.currency, offer.tiers, offer.moq, quantity) or Missing.PRICE


def _count(costs: Costs, number: int, cost: Cost | Missing) -> None:
    """Keep the cheapest of what the supplier offers of a product; prices of two currencies are not compared."""
    known = costs.get(number)
    if known is None or isinstance(known, Missing):
        costs[number] = cost if known is None or isinstance(cost, Cost) else known
    elif isinstance(cost, Cost) and cost.currency == known.currency and cost.total < known.total:
        costs[number] = cost


def cells_of(supplier: Supplier, coverage: Coverage) -> Iterator[list[Cell]]:
    """The cells of COLUMNS: a line for each currency that the supplier has prices in, and one without any."""
    for currency, total in supplier.totals.items() or (("", None),):
        yield [
            supplier.source,
            supplier.id,
            supplier.name,
            supplier.location,
            supplier.credit,
            supplier.products,
            coverage.products,
            total,
            currency,
            sum(cost.currency == currency for cost in supplier.priced),
            supplier.raised,
            supplier.without(Missing.PRICE),
            supplier.without(Missing.QUANTITY),
            ranges(supplier.costs),
        ]


def ranges(numbers: Iterable[int]) -> str:
    """1–3, 7: the numbers in their order, neighbours as one."""
    runs = groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _place, number in run] for _difference, run in runs]
    return ", ".join(f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)
