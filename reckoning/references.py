"""What still refers to a cost profile or to score weights, told by the rooms above, which this one does not know.

A room registers a function in its app's `ready`: `references.register(counts_saved_views)`.
"""

from collections.abc import Callable
from typing import TypeAlias

from reckoning.models import CostProfile, ScoreWeights

Kept: TypeAlias = CostProfile | ScoreWeights
# In words, for people: "3 saved views reckon with it". Nothing for none.
Teller: TypeAlias = Callable[[Kept], list[str]]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    if teller not in _tellers:
        _tellers.append(teller)


def unregister(teller: Teller) -> None:
    _tellers.remove(teller)


def references_to(kept: Kept) -> list[str]:
    return [words for teller in _tellers for words in teller(kept)]
