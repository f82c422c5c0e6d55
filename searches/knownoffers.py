"""What a team has made of offers before, whatever search they came from: the one place that asks its lists.

Everybody learns of the lists that they may see, and of no others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from searches.models import SearchJob, SupplierMatch

# An offer by its marketplace and the marketplace's id.
OfferKey: TypeAlias = tuple[str, str]

# The statuses of entries, as supplier lists name them, after which nothing is left to find out.
DECIDED = ("chosen", "rejected")
STATUSES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "candidate": pgettext_lazy("of an offer", "candidate"),
        "contacted": pgettext_lazy("of an offer", "contacted"),
        "sample-ordered": pgettext_lazy("of an offer", "sample ordered"),
        "sample-approved": pgettext_lazy("of an offer", "sample approved"),
        "chosen": pgettext_lazy("of an offer", "chosen"),
        "rejected": pgettext_lazy("of an offer", "rejected"),
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """An offer on one of the team's lists. reason: why it was rejected; "" otherwise.

    at: when it came to that status, None for one that it has had from the beginning. stage: "proposed", "approved",
    "sent-back", or "" when nobody has proposed it.
    """

    list_id: int
    list_name: str
    status: str
    reason: str
    at: datetime | None = None
    stage: str = ""

    @property
    def is_decided(self) -> bool:
        return self.status in DECIDED

    @property
    def told(self) -> str:
        """`rejected, March 2026: late samples`."""
        words = str(STATUSES.get(self.status, self.status))
        if self.stage == "approved":
            words = _("%(status)s and approved") % {"status": words}
        if self.at is not None:
            month = date_format(timezone.localtime(self.at), "YEAR_MONTH_FORMAT")
            words = _("%(status)s, %(month)s") % {"status": words, "month": month}
        return _("%(status)s: %(reason)s") % {"status": words, "reason": self.reason} if self.reason else words


def known_of(team: Team, user: User, offers: Iterable[SupplierMatch]) -> dict[OfferKey, list[Known]]:
    """By offer, in the order of the lists' names: one query."""
    ids = {offer.offer_id for offer in offers}
    if not ids:
        return {}
    return _by_offer(team.supplier_lists.for_user(user).filter(entries__offer_id__in=ids))


def known_in(job: SearchJob, user: User) -> dict[OfferKey, list[Known]]:
    """The same for all offers of a search: one query, whose cost goes with what is on the lists."""
    found_too = SupplierMatch.objects.filter(
        job=job, marketplace=OuterRef("entries__marketplace"), offer_id=OuterRef("entries__offer_id")
    )
    return _by_offer(job.team.supplier_lists.for_user(user).filter(Exists(found_too)))


def _by_offer(entries: "QuerySet[Any]") -> dict[OfferKey, list[Known]]:
    """entries: lists, joined with those of their entries that count."""
    known: dict[OfferKey, list[Known]] = {}
    columns = ("marketplace", "offer_id", "status", "reason", "status_at", "stage")
    for pk, name, *entry in entries.values_list("pk", "name", *(f"entries__{column}" for column in columns)):
        marketplace, offer_id, *decision = entry
        known.setdefault((marketplace, offer_id), []).append(Known(pk, name, *decision))
    return known


def decided(known: Mapping[OfferKey, list[Known]]) -> list[OfferKey]:
    """What was chosen or rejected, on any list."""
    return [offer for offer, entries in known.items() if any(entry.status in DECIDED for entry in entries)]


def lists_to_fill(team: Team, user: User) -> dict[int, str]:
    """The names of the lists that the user may put offers on, by id: one query."""
    return dict(team.supplier_lists.editable_by(user).values_list("pk", "name"))
