"""What differs between two answers to one question: new, gone, cheaper, dearer, credit changed.

Knows no database: 10,000 offers on either side are two dictionaries.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """In the order in which they are told: what may be bought better first."""

    CHEAPER = "cheaper", _("cheaper")
    NEW = "new", _("new")
    DEARER = "dearer", _("dearer")
    CREDIT = "credit", _("credit changed")
    GONE = "gone", _("gone")


class Offer(NamedTuple):
    """An offer as one of the two runs found it; `id` is its match's."""

    id: int
    price: Decimal | None
    currency: str
    credit: int | None
    rank: int


# Marketplace and offer id.
Key: TypeAlias = tuple[str, str]
Offers: TypeAlias = Mapping[Key, Offer]


@dataclass(frozen=True, slots=True)
class Difference:
    """One offer, before and after; None where the run did not find it. One may be of several kinds."""

    key: Key
    kinds: tuple[Kind, ...]
    before: Offer | None
    after: Offer | None

    @property
    def risen(self) -> float:
        """By which share the price rose; below 0 when it fell, 0 where prices are not compared."""
        prices = _prices(self.before, self.after)
        if prices is None:
            return 0.0
        before, after = prices
        # From nothing every rise is without end: told apart by where it led.
        return float((after - before) / before) if before else float(after)


@dataclass(frozen=True, slots=True)
class Differences:
    """counts: how many offers are of each kind. other_currency: offers whose prices cannot be compared."""

    rows: list[Difference]
    counts: Mapping[Kind, int]
    unchanged: int
    other_currency: int

    def of(self, kind: Kind | None) -> list[Difference]:
        """Those of a kind, or all of them by kinds; the largest difference first, and the better rank first."""
        if kind:
            return sorted((row for row in self.rows if kind in row.kinds), key=_order_of(kind))
        ordered: list[Difference] = []
        for first in Kind:
            ordered += sorted((row for row in self.rows if row.kinds[0] == first), key=_order_of(first))
        return ordered


def differences(before: Offers, after: Offers) -> Differences:
    rows = [Difference(key, (Kind.GONE,), offer, None) for key, offer in before.items() if key not in after]
    unchanged = other_currency = 0
    for key, offer in after.items():
        earlier = before.get(key)
        if earlier is None:
            rows.append(Difference(key, (Kind.NEW,), None, offer))
            continue
        other_currency += offer.currency != earlier.currency and None not in (offer.price, earlier.price)
        kinds = tuple(_kinds(earlier, offer))
        if kinds:
            rows.append(Difference(key, kinds, earlier, offer))
        else:
            unchanged += 1
    counted = Counter(kind for row in rows for kind in row.kinds)
    return Differences(rows, {kind: counted[kind] for kind in Kind}, unchanged, other_currency)


def _kinds(before: Offer, after: Offer) -> Iterable[Kind]:
    prices = _prices(before, after)
    if prices and prices[0] != prices[1]:
        yield Kind.CHEAPER if prices[1] < prices[0] else Kind.DEARER
    # A marketplace that leaves the credit out this time says nothing about the supplier.
    if None not in (before.credit, after.credit) and before.credit != after.credit:
        yield Kind.CREDIT


def _prices(before: Offer | None, after: Offer | None) -> tuple[Decimal, Decimal] | None:
    """The two prices, where they can be compared: both known, and in one currency."""
    if before is None or after is None or before.price is None or after.price is None:
        return None
    return (before.price, after.price) if before.currency == after.currency else None


def _order_of(kind: Kind) -> Callable[[Difference], tuple[float, int, Key]]:
    return lambda row: (_size(row, kind), (row.after or row.before or _NOWHERE).rank, row.key)


_NOWHERE = Offer(0, None, "", None, 0)


def _size(row: Difference, kind: Kind) -> float:
    """The smaller comes first."""
    if kind == Kind.CHEAPER:
        return row.risen
    if kind == Kind.DEARER:
        return -row.risen
    if kind == Kind.CREDIT and row.before and row.after:
        # A supplier who fell furthest is what one wants to know of first.
        return (row.after.credit or 0) - (row.before.credit or 0)
    return 0.0
