"""Which of a search's photos found an offer, in words and marks for its line of the comparison."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from searches.models import Sighting, SupplierMatch


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


def found_by(matches: Collection[SupplierMatch], photos: Sequence[int]) -> dict[int, FoundBy]:
    """By match id, for offers of one search. `photos`: the ids of its photos in their order. One query."""
    numbers = {pk: number for number, pk in enumerate(photos, 1)}
    ranks: dict[int, dict[int, int]] = {match.pk: {} for match in matches}
    seen = Sighting.objects.filter(match__in=[match.pk for match in matches], image__in=photos)
    for match, image, rank in seen.values_list("match_id", "image_id", "rank"):
        ranks[match][numbers[image]] = rank
    return {match: _found_by(by_photo, len(photos)) for match, by_photo in ranks.items()}


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
