"""The counts beside the filters: how many rows there would be with a choice, and everything else as it is."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from searches.offertable.table import OfferTable
from searches.offertable.types import Integers, Mask


class Tally:
    """Counts rows that all filters let through, or all but some.

    masks: those of the filters in force, by their names.
    """

    def __init__(self, table: OfferTable, masks: Mapping[str, Mask]) -> None:
        self._masks = masks
        # How many of the filters hold each row back: int16 (n,).
        self._refusals = np.zeros(len(table), dtype=np.int16)
        for mask in masks.values():
            self._refusals += ~mask
        self._without: dict[tuple[str, ...], Mask] = {}

    def passing(self, *without: str) -> Mask:
        """What passes all filters but those named."""
        left_out = tuple(name for name in without if name in self._masks)
        if left_out not in self._without:
            refusals = self._refusals.copy() if left_out else self._refusals
            for name in left_out:
                refusals -= ~self._masks[name]
            self._without[left_out] = refusals == 0
        return self._without[left_out]

    def count(self, mask: Mask, *without: str) -> int:
        """How many of the mask's rows pass all filters but those named."""
        return int(np.count_nonzero(mask & self.passing(*without)))


def count_codes(codes: Integers, among: Mask, number: int) -> npt.NDArray[np.int64]:
    """(number,) how many rows of `among` have each code; what is unknown is not counted."""
    chosen = codes[among]
    return np.bincount(chosen[chosen >= 0], minlength=number).astype(np.int64)
