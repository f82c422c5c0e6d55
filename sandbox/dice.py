"""Choices that look random and are the same on every machine and in every version of Python."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """Draws decided by the words given: the same words always throw the same numbers, in the same order.

    A hash is used instead of ``random`` so that offers keep their ids and prices when products
    are added to the catalogue, and because the standard generator's derived methods may change.
    """

    def __init__(self, *words: object) -> None:
        self._seed = "\x1f".join(map(str, words))
        self._throws = 0

    def fraction(self) -> float:
        """A number in [0, 1)."""
        self._throws += 1
        digest = hashlib.sha256(f"{self._seed}\x1f{self._throws}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def chance(self, probability: float) -> bool:
        return self.fraction() < probability

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.fraction() * len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        keyed = [(self.fraction(), position) for position in range(len(items))]
        return [items[position] for _, position in sorted(keyed)]
