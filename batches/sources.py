"""Where a row's picture may come from besides files and the web: rooms above say who reads it, in their `ready`.

Such a picture has an address like any other, with a scheme of its own: `catalog:17`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture's bytes, and what it is called."""

    data: bytes
    name: str


# Of a team, by its id, and of what follows the scheme; None for what is not there, or not that team's. Raises OSError.
Read: TypeAlias = Callable[[int, str], Stored | None]

_readers: dict[str, Read] = {}


def register(scheme: str, read: Read) -> None:
    _readers[scheme] = read


def is_stored(address: str) -> bool:
    """Whether it is read here, and not fetched."""
    return address.partition(":")[0] in _readers


def stored(team: int, address: str) -> Stored | None:
    scheme, _colon, which = address.partition(":")
    return _readers[scheme](team, which)
