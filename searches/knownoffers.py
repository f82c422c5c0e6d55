"""What a team has made of offers before, whatever search they came from: the one place that asks its lists.

Everybody learns of the lists that they may see, and of no others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from accounts.models import Team, User
from searches.models import SupplierMatch

# An offer by its marketplace and the marketplace's id.
OfferKey: TypeAlias = tuple[str, str]

# The statuses of entries, as supplier lists name them, after which nothing is left to find out.
DECIDED = ("chosen", "rejected")


@dataclass(frozen=True, slots=True)
class Known:
    """An offer on one of the team's lists. reason: why it was rejected; "" otherwise."""

    list_id: int
    list_name: str
    status: str
    reason: str


def known_of(team: Team, user: User, offers: Iterable[SupplierMatch]) -> dict[OfferKey, list[Known]]:
    """By offer, in the order of the lists' names: one query."""
    ids = {offer.offer_id for offer in offers}
    if not ids:
        return {}
    entries = team.supplier_lists.for_user(user).filter(entries__offer_id__in=ids)
    known: dict[OfferKey, list[Known]] = {}
    for pk, name, *key, status, reason in entries.values_list(
        "pk", "name", "entries__marketplace", "entries__offer_id", "entries__status", "entries__reason"
    ):
        marketplace, offer_id = key
        known.setdefault((marketplace, offer_id), []).append(Known(pk, name, status, reason))
    return known


def decided_of(team: Team, user: User) -> list[OfferKey]:
    """What was chosen or rejected, on any list: one query."""
    decided = team.supplier_lists.for_user(user).filter(entries__status__in=DECIDED).order_by()
    return list(decided.values_list("entries__marketplace", "entries__offer_id").distinct())


def lists_to_fill(team: Team, user: User) -> dict[int, str]:
    """The names of the lists that the user may put offers on, by id: one query."""
    return dict(team.supplier_lists.editable_by(user).values_list("pk", "name"))
