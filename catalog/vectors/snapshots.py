"""A team's vectors at one moment: a table, and the tail of what was kept since the table was made."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from catalog.vectors.tables import Integers, Table, Vectors, empty


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Never changed: a thread that searches keeps the one it began with.

    `upto`: vectors of a smaller or equal number are here. `ids` and `numbers`: of the table's rows, then of the tail's.
    For a picture that was kept anew, the table still has its older vector: whoever asks the database for the number
    that counts sees it.
    """

    table: Table
    tail: Vectors
    ids: Integers
    numbers: Integers
    upto: int

    @classmethod
    def of(cls, table: Table) -> "Snapshot":
        return cls(table, empty().vectors, table.ids, table.numbers, table.upto)

    def with_newer(self, ids: Integers, numbers: Integers, vectors: Vectors, upto: int) -> "Snapshot":
        """With these rows, of which the tail may have older ones, as of the number `upto`."""
        n = len(self.table)
        left = ~np.isin(self.ids[n:], ids)
        return Snapshot(
            table=self.table,
            tail=np.concatenate([self.tail[left], vectors]),
            ids=np.concatenate([self.table.ids, self.ids[n:][left], ids]),
            numbers=np.concatenate([self.table.numbers, self.numbers[n:][left], numbers]),
            upto=upto,
        )

    @property
    def nbytes(self) -> int:
        return self.table.vectors.nbytes + self.tail.nbytes + self.ids.nbytes + self.numbers.nbytes

    def cosines(self, vector: Vectors) -> Vectors:
        """With each row, in the order of `ids`.

        Row by row in this thread: a product of matrices would be given to as many threads as there are processors, and
        while other work has one of them the product waits for it (up to 2.5 times as long at the 95th percentile).
        """
        return np.concatenate([np.vecdot(self.table.vectors, vector), np.vecdot(self.tail, vector)])


def best_first(cosines: Vectors, ids: Integers, at_once: int) -> Iterator[Integers]:
    """The places of the largest cosines, equal ones by id: `at_once`, then twice as many, and so on to the last.

    Sorts only what is asked for.
    """
    done, n = 0, len(cosines)
    while done < n:
        upto = min(n, done + at_once)
        least = np.partition(cosines, n - upto)[n - upto]
        among = np.flatnonzero(cosines >= least)
        order = among[np.lexsort((ids[among], -cosines[among]))]
        yield order[done:upto]
        done, at_once = upto, 2 * at_once
