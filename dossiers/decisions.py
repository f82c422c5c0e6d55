"""What a team decided about a supplier's offers: the entries of the lists that somebody sees."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dossiers.keys import offers_of
from dossiers.models import Supplier
from searches.formats import money
from searches.memory import Offer
from suppliers.models import ListEntry, Status

# Further ones are on the lists themselves.
MOST_ENTRIES = 200
TONES = {Status.CHOSEN: "ok", Status.SAMPLE_APPROVED: "ok", Status.REJECTED: "bad"}


@dataclass(frozen=True, slots=True)
class Decision:
    """An offer on a list, and how far the team is with it."""

    offer: Offer
    title: str
    image_url: str
    list_name: str
    url: str
    status: str
    tone: str
    reason: str
    decided: bool
    day: str
    price: str
    note: str
    by: str


def decisions_about(supplier: Supplier, user: User) -> list[Decision]:
    """The newest first; of lists that `user` sees, and of no others."""
    entries = (
        ListEntry.objects.for_user(user)
        .filter(offers_of(supplier.keys), supplier_list__team=supplier.team_id)
        .select_related("supplier_list", "added_by")
        .defer("extras", "tiers", "prices")
        .order_by("-added_at", "-pk")
    )
    return [_decision(entry) for entry in entries[:MOST_ENTRIES]]


def _decision(entry: ListEntry) -> Decision:
    status = Status(entry.status)
    return Decision(
        offer=(entry.marketplace, entry.offer_id),
        title=entry.title or _("offer %(id)s, without a title") % {"id": entry.offer_id},
        image_url=entry.image_url,
        list_name=entry.supplier_list.name,
        url=entry.get_absolute_url(),
        status=str(status.label),
        tone=TONES.get(status, ""),
        reason=entry.reason,
        decided=entry.is_decided,
        day=f"{timezone.localtime(entry.status_at or entry.added_at):%Y-%m-%d}",
        price="" if entry.price is None else money(entry.price, entry.currency),
        note=entry.note,
        by=str(entry.added_by or _("somebody who left")),
    )
