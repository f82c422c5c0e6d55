"""Offers are kept on a list, and later brought up to date."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from searches.formats import money
from searches.models import OfferFields, Sighting, SupplierMatch
from suppliers import pictures
from suppliers.actions.changing import entry_at, release
from suppliers.history import record
from suppliers.models import EntryEvent, EntrySnapshot, ListEntry, Snapshot, SupplierList
from suppliers.rates import rates_of_today

SNAPSHOT = tuple(field.attname for field in OfferFields._meta.fields)
# How well the photo was met, which a later search with another photo does not change.
OF_THE_PHOTO = frozenset({"similarity", "rank"})
NO_RATE = {"rate": None, "rate_currency": "", "rate_on": None}
WITH_PICTURE_AND_RATE = tuple(field.attname for field in Snapshot._meta.fields)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the chosen offers: the second time, they are already there."""

    added: int
    already_there: int


@transaction.atomic
def save_matches(
    *, user: User, supplier_list: SupplierList, matches: Iterable[SupplierMatch], quantity: int | None = None
) -> Saved:
    """Keep the offers as they are now. What is on the list already stays as it was saved, with its note.

    quantity: how many pieces the page compared, if it did. Raises `ValidationError` when a match was found by another
    team.
    """
    # Two people who save to one list wait for each other: the counts are then true.
    SupplierList.objects.select_for_update().get(pk=supplier_list.pk)
    chosen = list(matches)
    if any(match.job.team_id != supplier_list.team_id for match in chosen):
        raise ValidationError(_("Offers can be saved only to a list of the team that found them."), code="team")
    known = set(supplier_list.entries.values_list("marketplace", "offer_id"))
    new = {(match.marketplace, match.offer_id): match for match in chosen}
    new = {key: match for key, match in new.items() if key not in known}
    photos = _photos(new.values())
    kept = pictures.ask_for(supplier_list.team_id, new.values())
    rates = rates_of_today(supplier_list.team_id, {match.currency for match in new.values()}) if new else {}
    now = timezone.now()
    ListEntry.objects.bulk_create(
        (
            ListEntry(
                supplier_list=supplier_list,
                source_match=match,
                query_image_id=photos.get(match.pk),
                picture_id=kept.get(match.image_url),
                added_by=user,
                added_at=now,
                target_quantity=quantity,
                **rates.get(match.currency, {}),
                **{name: getattr(match, name) for name in SNAPSHOT},
            )
            for match in new.values()
        ),
        batch_size=500,
    )
    return Saved(added=len(new), already_there=len(chosen) - len(new))


@transaction.atomic
def refresh_entry(
    *, user: User, entry: ListEntry, version: int, match: SupplierMatch, withdraw: bool = False
) -> ListEntry:
    """Take over what the offer shows today; the snapshot of before is kept in the entry's history.

    Raises `ChangedMeanwhile`, `Held`, and `ValidationError` for a match of another offer or team.
    """
    current = entry_at(entry, version)
    same = (match.marketplace, match.offer_id) == (current.marketplace, current.offer_id)
    if not same or match.job.team_id != current.supplier_list.team_id:
        raise ValidationError(_("This is another offer."), code="other")
    release(current, user, withdraw=withdraw)
    EntrySnapshot.objects.create(
        entry=current,
        taken_by_id=current.refreshed_by_id if current.refreshed_at else current.added_by_id,
        taken_at=current.refreshed_at or current.added_at,
        **{name: getattr(current, name) for name in WITH_PICTURE_AND_RATE},
    )
    before = _price_of(current)
    for name in SNAPSHOT:
        if name not in OF_THE_PHOTO:
            setattr(current, name, getattr(match, name))
    current.picture_id = pictures.ask_for(current.supplier_list.team_id, [match]).get(match.image_url)
    rate = rates_of_today(current.supplier_list.team_id, [match.currency]).get(match.currency, NO_RATE)
    for name, value in rate.items():
        setattr(current, name, value)
    current.source_match = match
    current.refreshed_by, current.refreshed_at = user, timezone.now()
    current.version += 1
    current.save()
    record(current, user, EntryEvent.What.REFRESHED, before, _price_of(current))
    return current


def _price_of(offer: OfferFields) -> str:
    return "" if offer.price is None else money(offer.price, offer.currency)


def _photos(matches: Iterable[SupplierMatch]) -> dict[int, int]:
    """For each match the photo that saw it best: image ids by match ids."""
    # The best rank comes last, and the last one stays in the dictionary.
    sightings = Sighting.objects.filter(match__in=[match.pk for match in matches]).order_by("-rank")
    return dict(sightings.values_list("match_id", "image_id"))
