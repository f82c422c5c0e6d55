"""Rows that are folded into one: offers of one supplier, offers that are the same, and those with the same photo."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searches.offertable.ordering import ordered
from searches.offertable.table import OfferTable
from searches.offertable.types import Integers, Rows


@dataclass(frozen=True)
class Folded:
    """rows: the first of each group, in the order they came in. sizes: int64, how many rows each stands for."""

    rows: Rows
    sizes: npt.NDArray[np.int64]


def fold(rows: Rows, groups: Integers) -> Folded:
    """The first row of each group. groups: (n,) of the whole table, codes from 0 on."""
    of_rows = groups[rows]
    places = np.arange(len(rows))
    sizes = np.bincount(of_rows)
    first = np.empty(len(sizes), dtype=np.intp)
    # Of several that are written to one place the last one stays: backwards, that is the first.
    first[of_rows[::-1]] = places[::-1]
    leads = first[of_rows] == places
    return Folded(rows[leads], sizes[of_rows[leads]].astype(np.int64))


def unknown_apart(codes: Integers) -> npt.NDArray[np.int64]:
    """The codes as groups in which everything unknown stands alone: nobody knows that two of them are one."""
    most = int(codes.max(initial=-1)) + 1
    return np.where(codes < 0, most + np.arange(len(codes)), codes).astype(np.int64)


def equal_offers(table: OfferTable) -> npt.NDArray[np.int64]:
    """(n,) a code for each set of equal offers.

    Equal are those of the same id at the same site, by whatever protocol they came, and those of the same supplier
    with the same picture; and what is equal to an equal one.
    """
    offers = table.offer.astype(np.int64)
    known = (table.picture >= 0) & (table.supplier >= 0)
    shown = table.picture.astype(np.int64) * (int(table.supplier.max(initial=0)) + 1) + table.supplier
    return joined(offers, unknown_apart(_dense(np.where(known, shown, -1))))


def same_photos(table: OfferTable) -> npt.NDArray[np.int64]:
    """(n,) a code for each picture that is shown, whoever shows it and wherever it lies."""
    return unknown_apart(table.photo)


def joined(*groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(n,) a code for each set of rows that are of one group by any of these, or linked by others that are."""
    labels = np.arange(len(groups[0]), dtype=np.int64)
    while True:
        # Everybody takes the smallest label of their group, in turns, until nobody finds a smaller one.
        smaller = labels
        for codes in groups:
            smaller = _smallest(smaller, codes)
        if np.array_equal(smaller, labels):
            return labels
        labels = smaller


def best_buys_first(table: OfferTable, rows: Rows) -> Rows:
    """The cheapest first, of equals whom buyers trust most, then as they come; by trust alone in several currencies."""
    keys = [(table.credit, True)]
    if len(table.currencies) <= 1:
        keys.insert(0, (table.price, False))
    return ordered(rows, keys)


def led_by(folded: Folded, groups: Integers, in_order: Rows) -> Folded:
    """The same groups at the same places, each shown by that of its rows which comes first in `in_order`."""
    leads = fold(in_order, groups).rows
    by_group = np.empty(int(groups.max(initial=-1)) + 1, dtype=np.intp)
    by_group[groups[leads]] = leads
    return Folded(by_group[groups[folded.rows]], folded.sizes)


def _dense(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The same groups by small codes; what is negative becomes -1."""
    values, dense = np.unique(codes, return_inverse=True)
    return dense.astype(np.int64) - int((values < 0).sum())


def _smallest(labels: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    best = np.full(int(groups.max(initial=-1)) + 1, len(labels), dtype=np.int64)
    np.minimum.at(best, groups, labels)
    return best[groups]
