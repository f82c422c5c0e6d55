"""What stands in a cell, and how the cells of one row are compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from searches.sidebyside.candidates import Subject

Number: TypeAlias = Decimal | float | int


class Best(StrEnum):
    """Which figure of a row is the best one; NONE where more is neither better nor worse."""

    NONE = ""
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Value:
    """One property of one offer. text: in words, "" when it is unknown. lines: small ones below it.

    figure: what the best is found by; None takes no part in that. currency: of a figure that is money: there is no
    best of several. chinese: the text is a marketplace's, not ours.
    """

    text: str = ""
    lines: Sequence[str] = ()
    figure: Number | None = None
    currency: str = ""
    chinese: bool = False
    tone: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.text)


UNKNOWN = Value()


@dataclass(frozen=True, slots=True)
class Property:
    """A row. key: its name for programs, of all rows each once."""

    key: str
    label: str | Promise
    of: "Callable[[Subject], Value]"
    best: Best = Best.NONE


def best_places(values: Sequence[Value], best: Best) -> frozenset[int]:
    """The places of the best figures: none when all that are known are equal, or when there is but one."""
    known = {place: value.figure for place, value in enumerate(values) if value.figure is not None}
    currencies = {values[place].currency for place in known}
    if best is Best.NONE or len(set(known.values())) < 2 or len(currencies) > 1:
        return frozenset()
    target = min(known.values()) if best is Best.LEAST else max(known.values())
    return frozenset(place for place, figure in known.items() if figure == target)
