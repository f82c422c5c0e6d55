"""What a piece costs at a quantity (阶梯价), whether that is enough (MOQ), and who is the cheapest from where on.

Of many offers the tiers come as padded arrays: `starts` and `prices`, both float64 of shape (offers, tiers), each row
ascending by `starts` from the left; where `prices` is NaN there is no tier.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from reckoning.figures import Array, Figure, at_least, decimal_of, is_known, known_or_none, like, where

# More pieces than anybody orders; also what fields for quantities accept at most.
MAX_QUANTITY = 100_000_000


@dataclass(frozen=True, slots=True)
class Cheapest:
    """From `quantity` pieces on, the offer in row `offer` is the cheapest, at `unit` a piece."""

    quantity: int
    offer: int
    unit: float


def unit_price(quantity: int, base: Decimal | None, tiers: Iterable[tuple[int, Decimal]]) -> Decimal | None:
    """One offer's price a piece: of the highest tier that the quantity reaches, else the base price.

    None when that is unknown. Tiers in any order; of two that start together the later one counts. Raises ValueError
    for a quantity below 1.
    """
    steps = ((Decimal(start), price) for start, price in sorted(tiers, key=itemgetter(0)))
    return known_or_none(_price_at(checked(quantity), decimal_of(base), steps))


def unit_prices(quantity: int, base: Array, starts: Array, prices: Array) -> Array:
    """The same of many offers: `base` of shape (offers,), NaN where unknown, as in the result.

    Raises ValueError for a quantity below 1.
    """
    columns = ((starts[:, place], prices[:, place]) for place in range(prices.shape[1]))
    return _price_at(checked(quantity), base, columns)


def total(quantity: int, unit: Figure) -> Figure:
    """What so many pieces cost. Raises ValueError for a quantity below 1."""
    return unit * like(unit, Decimal(checked(quantity)))


def lacking(quantity: int, moq: Figure) -> Figure:
    """How many pieces the quantity is short of the smallest order: 0 when it fits, unknown when the MOQ is.

    Raises ValueError for a quantity below 1.
    """
    return at_least(moq - like(moq, Decimal(checked(quantity))), like(moq, Decimal(0)))


def checked(quantity: int) -> int:
    if quantity < 1:
        raise ValueError("a quantity is at least 1")
    return quantity


def _price_at(quantity: int, base: Figure, tiers: Iterable[tuple[Figure, Figure]]) -> Figure:
    """`tiers`: where each starts, and its price; ascending, so that the last one that is reached counts."""
    price = base
    for start, at in tiers:
        reached = is_known(at) & (start <= like(base, Decimal(quantity)))
        price = where(reached, at, price)
    return price


# Who is the cheapest from where on


@dataclass(frozen=True, slots=True)
class _Segments:
    """Stretches of quantities with one price, each [start, end). `ceiling` is the most that the same offer costs from
    `start` on."""

    start: Array
    end: Array
    price: Array
    ceiling: Array
    offer: NDArray[np.intp]

    def only(self, chosen: "NDArray[np.bool_] | NDArray[np.intp]") -> "_Segments":
        return _Segments(
            self.start[chosen], self.end[chosen], self.price[chosen], self.ceiling[chosen], self.offer[chosen]
        )


def crossovers(
    base: Array,
    starts: Array,
    prices: Array,
    *,
    moq: Array | None = None,
    factor: Array | None = None,
    addend: Array | None = None,
    bound: int = MAX_QUANTITY,
) -> tuple[Cheapest, ...]:
    """Which offer is the cheapest from 1 to `bound` pieces: the first one, and each that takes its place, by quantity.

    An offer takes part from its MOQ on (an unknown one hinders nothing) where its price is known. Of equal prices the
    one stays that was the cheapest before, else the earlier row wins. A piece costs price × `factor` + `addend` (by
    offer; 1 and 0 without): the rates into one currency, or what `landed.terms_of_price` gives. Factors are positive;
    an offer whose factor or addend is NaN takes no part.
    """
    price = np.concatenate([base[:, None], prices], axis=1)
    if factor is not None:
        price = price * factor[:, None]
    if addend is not None:
        price = price + addend[:, None]
    least = np.ones(len(base)) if moq is None else np.fmax(moq, 1.0)
    rows = np.flatnonzero(_hopeful(price, least))
    return tuple(_changes(_contenders(_segments(price[rows], starts[rows], least[rows], rows, bound)), bound))


def _hopeful(price: Array, least: Array) -> NDArray[np.bool_]:
    """Rows that others' MOQs and prices do not rule out at once: of many offers a few, before anything is sorted.

    `price`: base price and tiers of each row; `least`: from how many pieces on.
    """
    unknown = np.isnan(price)
    best = np.min(price, axis=1, initial=np.inf, where=~unknown)
    # The most that it ever costs; nothing is sure where the base price is unknown.
    most = np.where(unknown[:, 0], np.inf, np.max(price, axis=1, initial=-np.inf, where=~unknown))
    hopeful: NDArray[np.bool_] = np.isfinite(best)
    for quantity in (1, 10, 100, 1_000):
        floor = np.min(most, initial=np.inf, where=least <= quantity)
        hopeful &= (least < quantity) | (best <= floor)
    return hopeful


def _segments(price: Array, starts: Array, least: Array, rows: NDArray[np.intp], bound: int) -> _Segments:
    offers = len(price)
    # Below the first tier the base price counts, so it starts at 1; what is no tier starts never.
    start = np.concatenate([np.ones((offers, 1)), np.where(np.isnan(price[:, 1:]), np.inf, starts)], axis=1)
    end = np.concatenate([start[:, 1:], np.full((offers, 1), np.inf)], axis=1)
    # An unknown base price promises nothing; the padding at the right does not count.
    worth = np.where(np.isinf(start), -np.inf, np.where(np.isnan(price), np.inf, price))
    ceiling = np.maximum.accumulate(worth[:, ::-1], axis=1)[:, ::-1]
    start = np.maximum(start, least[:, None])
    offer = np.broadcast_to(rows[:, None], price.shape)
    found = _Segments(start.ravel(), end.ravel(), price.ravel(), ceiling.ravel(), offer.ravel())
    return found.only(~np.isnan(found.price) & (found.start < found.end) & (found.start <= bound))


def _contenders(segments: _Segments) -> _Segments:
    """Those that may be the cheapest somewhere, by their starts: of 100,000 offers a few dozen.

    Left out are those that begin above what another offer never exceeds from there on.
    """
    # Rows come by offers, and a stable sort leaves those of one start so.
    ordered = segments.only(np.argsort(segments.start, kind="stable"))
    if not len(ordered.start):
        return ordered
    floor = np.minimum.accumulate(ordered.ceiling)
    # All that start together count for the floor there.
    at_start = floor[np.searchsorted(ordered.start, ordered.start, side="right") - 1]
    chosen = ordered.price <= at_start
    if np.all(ordered.ceiling == ordered.price):
        # No price rises with the quantity, as usual: what only equals an earlier one never takes its place.
        before = np.concatenate([[np.inf], floor])[np.searchsorted(ordered.start, ordered.start, side="left")]
        chosen &= ordered.price < before
    return ordered.only(chosen)


def _changes(segments: _Segments, bound: int) -> Iterator[Cheapest]:
    """Walk through the quantities at which anything begins or ends; `segments` by their starts."""
    columns = (segments.start, segments.end, segments.price, segments.offer)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    beginning = {start: list(group) for start, group in groupby(rows, key=itemgetter(0))}
    # What is to be had, the cheapest first, with what has ended and was not at the top; and of each offer its newest.
    open_ones: list[tuple[float, int, float]] = []
    newest: dict[int, tuple[float, float]] = {}
    cheapest = -1
    for quantity in sorted({place for row in rows for place in row[:2] if place <= bound}):
        for _, end, price, offer in beginning.get(quantity, ()):
            heapq.heappush(open_ones, (price, offer, end))
            newest[offer] = (price, end)
        while open_ones and open_ones[0][2] <= quantity:
            heapq.heappop(open_ones)
        if not open_ones:
            cheapest = -1
            continue
        price, offer, _ = open_ones[0]
        its_price, its_end = newest.get(cheapest, (np.inf, 0.0))
        if not (its_price == price and its_end > quantity):
            cheapest = offer
            yield Cheapest(int(quantity), offer, price)
