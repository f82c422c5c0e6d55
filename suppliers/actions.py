"""What people do with supplier lists: one verb, one transaction each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from searches.models import OfferFields, Sighting, SupplierMatch
from suppliers.models import ListEntry, SupplierList

SNAPSHOT = tuple(field.attname for field in OfferFields._meta.fields)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the chosen offers: the second time, they are already there."""

    added: int
    already_there: int


@transaction.atomic
def create_list(*, user: User, team: Team, name: str) -> SupplierList:
    """Raises `ValidationError` for an empty or too long name, and for one that the team already uses."""
    supplier_list = SupplierList(team=team, owner=user, name=" ".join(name.split()))
    _save(supplier_list)
    return supplier_list


@transaction.atomic
def rename_list(*, supplier_list: SupplierList, name: str) -> None:
    """Raises `ValidationError` as `create_list` does; the list then keeps its name."""
    renamed = SupplierList.objects.select_for_update().get(pk=supplier_list.pk)
    renamed.name = " ".join(name.split())
    _save(renamed)
    supplier_list.name = renamed.name


@transaction.atomic
def delete_list(*, supplier_list: SupplierList) -> None:
    """With its entries and their notes. The searches that found the offers stay."""
    supplier_list.delete()


@transaction.atomic
def save_matches(*, user: User, supplier_list: SupplierList, matches: Iterable[SupplierMatch]) -> Saved:
    """Keep the offers as they are now. What is on the list already stays as it was saved, with its note.

    Raises `ValidationError` when a match was found by another team.
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
    now = timezone.now()
    ListEntry.objects.bulk_create(
        (
            ListEntry(
                supplier_list=supplier_list,
                source_match=match,
                query_image_id=photos.get(match.pk),
                added_by=user,
                added_at=now,
                **{name: getattr(match, name) for name in SNAPSHOT},
            )
            for match in new.values()
        ),
        batch_size=500,
    )
    return Saved(added=len(new), already_there=len(chosen) - len(new))


@transaction.atomic
def change_note(*, entry: ListEntry, note: str) -> None:
    """Raises `ValidationError` when the note is too long."""
    entry.note = note.strip()
    entry.clean_fields(exclude=[field.name for field in entry._meta.fields if field.name != "note"])
    entry.save(update_fields=["note"])


@transaction.atomic
def remove_entry(*, entry: ListEntry) -> None:
    entry.delete()


def _save(supplier_list: SupplierList) -> None:
    """Raises `ValidationError`, also when somebody takes the name between the look for it and the save."""
    # Whose owner is gone can still be renamed.
    supplier_list.full_clean(exclude=["owner"])
    try:
        with transaction.atomic():
            supplier_list.save()
    except IntegrityError:
        # The other list can be seen by now, and be told of.
        supplier_list.validate_constraints()
        raise


def _photos(matches: Iterable[SupplierMatch]) -> dict[int, int]:
    """For each match the photo that saw it best: image ids by match ids."""
    # The best rank comes last, and the last one stays in the dictionary.
    sightings = Sighting.objects.filter(match__in=[match.pk for match in matches]).order_by("-rank")
    return dict(sightings.values_list("match_id", "image_id"))
