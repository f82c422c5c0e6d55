"""Which of a search's photos found an offer, in words and marks for its line of the comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext as _

from searches.models import QueryImage, Sighting


@dataclass(frozen=True, slots=True)
class Mark:
    """One photo of the search, by its number: whether it found the offer."""

    number: int
    found: bool


@dataclass(frozen=True, slots=True)
class FoundBy:
    """`text` counts: "3 of 4"; `told` names each photo that found the offer, with its rank, and those that did not."""

    text: str
    told: str
    marks: list[Mark]


class Listed(Aggregate):
    """The texts of a group, parted by commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')")


def seen() -> Subquery:
    """An annotation of matches for `found_by`: their sightings in one column, so that they cost no query of their own.

    The image's id and the rank of each, as in "12:1,14:30".
    """
    sightings = Sighting.objects.filter(match=OuterRef("pk")).order_by().values("match")
    pair = Concat(Cast("image_id", TextField()), Value(":", TextField()), Cast("rank", TextField()))
    return Subquery(sightings.annotate(pairs=Listed(pair)).values("pairs"), output_field=TextField())


def found_by(pairs: str | None, photos: Sequence[QueryImage]) -> FoundBy:
    """`pairs`: what `seen` gave for an offer. `photos`: the search's, in their order."""
    numbers = {str(photo.pk): number for number, photo in enumerate(photos, 1)}
    found = (pair.split(":") for pair in (pairs or "").split(",") if pair)
    return _found_by({numbers[image]: int(rank) for image, rank in found if image in numbers}, len(photos))


def _found_by(ranks: dict[int, int], photos: int) -> FoundBy:
    """`ranks`: by the number of the photo."""
    everyone = range(1, photos + 1)
    told = [
        _("photo %(number)d at rank %(rank)d") % {"number": number, "rank": ranks[number]} for number in sorted(ranks)
    ]
    missed = [str(number) for number in everyone if number not in ranks]
    if missed:
        told.append(_("not by photo %(numbers)s") % {"numbers": ", ".join(missed)})
    return FoundBy(
        text=_("%(found)d of %(all)d") % {"found": len(ranks), "all": photos},
        told=_("Found by %(photos)s") % {"photos": ", ".join(told)},
        marks=[Mark(number, number in ranks) for number in everyone],
    )
