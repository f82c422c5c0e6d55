"""Which offers an address puts side by side, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.scope import id_of

FEWEST, MOST = 2, 6
# More than fit wait in the address for a place; more than this would make it longer than servers take.
MOST_IN_ADDRESS = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """ids: those to show, in order. waiting: those for which there is no place yet."""

    ids: list[int]
    waiting: list[int]


def chosen_from(texts: Iterable[str]) -> Chosen:
    """The ids of an address or a form, each once; what is no id is left out."""
    ids = list(dict.fromkeys(pk for text in texts if (pk := id_of(text))))[:MOST_IN_ADDRESS]
    return Chosen(ids[:MOST], ids[MOST:])
