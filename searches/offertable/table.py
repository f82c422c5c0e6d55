"""The table: a column an array, a row an offer."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searches.offertable.texts import Texts
from searches.offertable.types import Floats, Integers, Mask, Rows

# The code of what is unknown.
UNKNOWN = -1
# What a place in a tuple of names costs: the reference, the string's own frame, some signs.
BYTES_A_NAME = 110


@dataclass(frozen=True)
class OfferTable:
    """All offers of one search, n rows in the marketplace's own order: by rank, then by id.

    So whatever sorts them stably leaves equals in that order. What is unknown is NaN, or the code UNKNOWN. Codes
    point into the tuple of the same name's plural; those of places and names are in the order of their texts.

    ids                  int64 (n,)        the rows' ids in the database, each once
    price                float64 (n,)      of one piece, in the row's currency; exact to four decimals below 1e11
    currency             int16 (n,)        code into `currencies`
    tier_from            float64 (n, t)    pieces from which a tier's price holds, ascending, NaN behind the last;
                                           t is the most that any row has, 0 when none has any
    tier_price           float64 (n, t)    that price
    moq                  float64 (n,)      pieces
    given, visual        float64 (n,)      similarity, 0 to 1, by the marketplace, and by our own eye
    similarity           float64 (n,)      the marketplace's, else ours
    rank                 int32 (n,)        from 1
    fused                float64 (n,)      all photos' ranks blended; the higher, the better
    photos               int16 (n,)        how many photos found it
    rated                float32 (n,)      the supplier's credit, 0 to 5, as the marketplace gives it
    years, medal         float32 (n,)      years at the marketplace; level of the trade medal, 0 to 5
    credit               float32 (n,)      the credit, else the medal: marketplaces grade sellers by one or the other
    service              float64 (n,)      the marketplace's service score, 0 to 5
    sold                 float64 (n,)      pieces a month
    repurchased          float64 (n,)      share of buyers, 0 to 1
    ships                float64 (n,)      hours
    traits               uint16 (n,)       bits, as the database keeps them
    advertised, patented bool (n,)         where the marketplace says so
    marketplace          int16 (n,)        code into `marketplaces`
    place                int32 (n,)        code into `places`
    name                 int32 (n,)        the supplier's name, code into `names`
    supplier             int32 (n,)        code of who sells: by the marketplace's id, else by name
    picture              int32 (n,)        code of the picture's address
    photo                int32 (n,)        code of what it shows: equal pictures at several addresses are one
    offer                int32 (n,)        code of site and offer id: protocols of one site may name the same offer
    offer_ids            bytes (n,)        the marketplace's id, UTF-8
    titles               n texts
    """

    ids: npt.NDArray[np.int64]
    price: Floats
    currency: Integers
    currencies: tuple[str, ...]
    tier_from: Floats
    tier_price: Floats
    moq: Floats
    given: Floats
    visual: Floats
    similarity: Floats
    rank: Integers
    fused: Floats
    photos: Integers
    rated: Floats
    credit: Floats
    years: Floats
    medal: Floats
    service: Floats
    sold: Floats
    repurchased: Floats
    ships: Floats
    traits: Integers
    advertised: Mask
    patented: Mask
    marketplace: Integers
    marketplaces: tuple[str, ...]
    place: Integers
    places: tuple[str, ...]
    name: Integers
    names: tuple[str, ...]
    supplier: Integers
    picture: Integers
    photo: Integers
    offer: Integers
    offer_ids: npt.NDArray[np.bytes_]
    titles: Texts

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def nbytes(self) -> int:
        """About how much memory it takes, with what it works out once it is asked."""
        total = 16 * len(self)  # the two orders below
        for field in fields(self):
            value = getattr(self, field.name)
            total += len(value) * BYTES_A_NAME if isinstance(value, tuple) else int(value.nbytes)
        return total

    @cached_property
    def everything(self) -> Mask:
        return np.ones(len(self), dtype=np.bool_)

    @cached_property
    def _by_id(self) -> Rows:
        return np.argsort(self.ids)

    @cached_property
    def _by_offer_id(self) -> Rows:
        return np.argsort(self.offer_ids)

    def rows_of(self, ids: Iterable[int]) -> Rows:
        """The positions of those of the ids that are in the table, in the order of `ids`."""
        wanted = np.fromiter((pk for pk in ids if 0 < pk < 2**63), dtype=np.int64)
        if not len(self) or not len(wanted):
            return np.empty(0, dtype=np.intp)
        rows: Rows = self._by_id[np.searchsorted(self.ids, wanted, sorter=self._by_id).clip(max=len(self) - 1)]
        found: Rows = rows[self.ids[rows] == wanted]
        return found

    def rows_of_offers(self, offers: Iterable[tuple[str, str]]) -> Rows:
        """The positions of the offers that are named by marketplace and the marketplace's id, in no order."""
        code = {marketplace: number for number, marketplace in enumerate(self.marketplaces)}
        named = [(code[marketplace], offer_id.encode()) for marketplace, offer_id in offers if marketplace in code]
        # Longer ids than any here would be cut to the length of the longest, and found.
        named = [(marketplace, offer_id) for marketplace, offer_id in named if len(offer_id) <= self.offer_ids.itemsize]
        if not named or not len(self):
            return np.empty(0, dtype=np.intp)
        ids = np.array([offer_id for _marketplace, offer_id in named], dtype=self.offer_ids.dtype)
        first = np.searchsorted(self.offer_ids, ids, side="left", sorter=self._by_offer_id)
        last = np.searchsorted(self.offer_ids, ids, side="right", sorter=self._by_offer_id)
        found = [
            row
            for (marketplace, _id), start, end in zip(named, first, last, strict=True)
            for row in self._by_offer_id[start:end]
            if self.marketplace[row] == marketplace
        ]
        return np.array(found, dtype=np.intp)
