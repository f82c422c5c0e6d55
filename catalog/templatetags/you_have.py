"""What a team has already, for the pages of rooms below: `{% load you_have %}`."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from catalog.shown import Known, known
from searches.marketplaces import CATALOG
from searches.models import SearchJob, SupplierMatch

register = template.Library()

# As our eye is calibrated: from SAME on nine of ten are the same product. Other views of it lie about 0.5, which where
# nothing else looks like it is worth a glance.
SAME, ALIKE = 0.8, 0.4
# A product that a team has more often is looked for in its catalogue.
MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Have:
    """An item that is on the photo (`same`), or looks like what is. `similarity`: in words."""

    item: Known
    similarity: str
    same: bool


@register.inclusion_tag("catalog/_you_have.html")
def you_have(job: SearchJob, user: User | AnonymousUser, *, oob: bool = False) -> dict[str, Any]:
    """The strip above a search's offers: what its team has of them, most alike first. Three queries."""
    found = job.matches.filter(marketplace=CATALOG, visual__gte=ALIKE).order_by("-visual", "rank", "pk")
    have = _those_seen(list(found.only("offer_id", "visual")[: 2 * MOST_SHOWN]), user)
    same = [one for one in have if one.same]
    # Beside the same item, what merely looks like it is noise.
    return {"have": (same or have)[:MOST_SHOWN], "same": bool(same), "oob": oob}


def _those_seen(matches: Collection[SupplierMatch], user: User | AnonymousUser) -> list[Have]:
    items = known([int(match.offer_id) for match in matches], user)
    return [
        Have(items[int(match.offer_id)], f"{match.visual:.2f}", match.visual >= SAME)
        for match in matches
        if match.visual is not None and int(match.offer_id) in items
    ]
