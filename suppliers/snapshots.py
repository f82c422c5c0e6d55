"""An entry's figures then and now, side by side, and the snapshots that it had before."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from searches.badges import standing_of
from searches.formats import day_and_clock, money, plain
from searches.models import OfferFields
from suppliers.models import KeptPicture, ListEntry, Snapshot
from suppliers.today import Today, differences, is_newer


@dataclass(frozen=True, slots=True)
class Side:
    """One property: as it was saved, and as it is. `differs` where the two do; `tone` as `Difference` has it."""

    label: str
    then: str
    now: str
    differs: bool
    tone: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Old:
    """An older snapshot in a line."""

    taken_at: str
    taken_by: str
    image_url: str
    told: list[str]


def sides_of(entry: ListEntry, today: Today) -> list[Side]:
    """Every property that is compared, and the times; `now` is "" without a newer state."""
    newer = today.match if is_newer(entry, today.match) else None
    marked = {difference.label: difference for difference in differences(entry, newer)}
    now = dict(_figures(newer)) if newer else {}
    sides = []
    for label, then in _figures(entry):
        difference = marked.get(label)
        sides.append(
            Side(
                label=label,
                then=then,
                now=now.get(label, ""),
                differs=difference is not None,
                tone=difference.tone if difference else "",
                change=difference.change if difference else "",
            )
        )
    seen = day_and_clock(newer.fetched_at) if newer else ""
    return [*sides, Side(_("Fetched"), day_and_clock(entry.fetched_at), seen, differs=False)]


def rate_text(snapshot: Snapshot) -> str:
    """`1 CNY = 0.14 USD (2026-11-22)`; "" when no rate was known."""
    if snapshot.rate is None or snapshot.rate_on is None:
        return ""
    parts = {
        "currency": snapshot.currency,
        "rate": plain(snapshot.rate),
        "other": snapshot.rate_currency,
        "day": snapshot.rate_on.isoformat(),
    }
    return _("1 %(currency)s = %(rate)s %(other)s (%(day)s)") % parts


def picture_told(entry: ListEntry) -> str:
    """Why the picture is not kept yet, or will not be; "" when it is, and when there never was one."""
    picture = entry.picture
    if picture is None or picture.state == KeptPicture.State.KEPT:
        return ""
    if picture.state == KeptPicture.State.WAITING:
        return _("The picture is being kept: until then the marketplace’s own is shown.")
    return _("The picture could not be kept: %(why)s") % {"why": _(picture.error_message)}


def snapshots_of(entry: ListEntry) -> list[Old]:
    """The newest first. One query."""
    return [
        Old(
            taken_at=day_and_clock(old.taken_at),
            taken_by=str(old.taken_by or _("somebody who left")),
            image_url=_picture_of(entry, old),
            told=[f"{label}: {text}" for label, text in _figures(old)],
        )
        for old in entry.snapshots.select_related("taken_by", "picture")
    ]


def _picture_of(entry: ListEntry, snapshot: Snapshot) -> str:
    picture = snapshot.picture
    if picture is None or picture.state != KeptPicture.State.KEPT:
        return ""
    return reverse("suppliers:picture", args=[entry.supplier_list_id, entry.pk, picture.pk])


def _figures(offer: OfferFields) -> Iterator[tuple[str, str]]:
    yield _("Price"), _("no price") if offer.price is None else money(offer.price, offer.currency)
    tiers = [
        _("%(price)s from %(quantity)s") % {"price": money(price, offer.currency), "quantity": f"{quantity:,}"}
        for quantity, price in offer.price_tiers
    ]
    yield _("Price tiers"), "\n".join(tiers) or _("none")
    yield _("MOQ"), _("no MOQ") if offer.moq is None else f"{offer.moq:,}"
    yield _("Credit"), _("no rating") if offer.supplier_credit is None else str(offer.supplier_credit)
    standing = standing_of(offer)
    if standing.told:
        yield _("Supplier"), standing.told
