"""A cell of the comparison, and what it depends on beside its offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from searches.badges import Standing
from searches.models import QueryImage
from searches.reckoned import Judged, Terms
from searches.sightings import FoundBy


@dataclass(frozen=True, slots=True)
class Best:
    """The best figures of the filtered rows; None where none is to be set off."""

    price: Decimal | None = None
    moq: int | None = None
    similarity: float | None = None
    unit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a cell depends on besides its offer. photos: the search's; with several, matches come with `seen`.

    elsewhere: the address without a supplier. scores: of the page's offers, by id: see `score_told`.
    """

    best: Best
    params: QueryDict
    elsewhere: str
    photos: Sequence[QueryImage]
    terms: Terms
    scores: Mapping[int, Judged]


@dataclass(frozen=True, slots=True)
class Part:
    """A line of what a figure is made of."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """kind: how it is placed: "figure", "words", "bar", "photos", "supplier", "place" or "made" (a figure with parts).

    tone: "best" for the best of its column, "dim" for words about what is missing. label: the column's, where there
    are no heads. lines: small ones below the figure. told: all of it in words. bar: its length in percent.
    rare: few offers have such a figure. parts, note: what it is made of, and by what. ours: our own eye's, where others
    of its column may be the marketplace's.
    """

    kind: str
    text: str
    tone: str = ""
    label: str = ""
    lines: Sequence[str] = ()
    told: str = ""
    bar: int | None = None
    rare: bool = False
    url: str = ""
    standing: Standing | None = None
    found_by: FoundBy | None = None
    parts: Sequence[Part] = ()
    notes: Sequence[str] = field(default=())
    ours: bool = False
