"""What people do with cost profiles and score weights: one verb, one transaction each.

Rows come from a form that was found valid; names are looked at once more when they are saved, since another may have
taken them meanwhile.
"""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from accounts.models import Team, User
from reckoning.models import CostProfile, ScoreWeights
from reckoning.references import references_to

Row = TypeVar("Row", CostProfile, ScoreWeights)


class ChangedMeanwhile(Exception):
    """Somebody else saved the row after it had been opened. `row`: as it is now."""

    def __init__(self, row: CostProfile | ScoreWeights) -> None:
        super().__init__("changed meanwhile")
        self.row = row


@transaction.atomic
def create(*, row: Row, team: Team, user: User) -> Row:
    """Raises `ValidationError`, for example for a name that the team already uses."""
    row.pk, row.team, row.created_by, row.changed_by, row.version = None, team, user, user, 1
    row._state.adding = True
    _save(row)
    return row


@transaction.atomic
def change(*, row: Row, user: User, opened: int) -> Row:
    """Save the row as it was edited. `opened`: the version that its editor had before them.

    Raises `ChangedMeanwhile` when that is not the newest, and `ValidationError` as `create` does.
    """
    kept = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if kept.version != opened:
        raise ChangedMeanwhile(kept)
    row.version, row.changed_by = opened + 1, user
    _save(row)
    return row


@transaction.atomic
def remove_profile(*, profile: CostProfile) -> bool:
    """Delete it, or archive it while something refers to it. Returns whether it is gone for good."""
    kept = CostProfile.objects.select_for_update().get(pk=profile.pk)
    if not references_to(kept):
        try:
            with transaction.atomic():
                kept.delete()
        except (ProtectedError, RestrictedError):
            pass
        else:
            return True
    kept.archived_at = timezone.now()
    kept.save(update_fields=["archived_at"])
    return False


@transaction.atomic
def restore_profile(*, profile: CostProfile, user: User) -> None:
    """Raises `ValidationError` when the team uses its name for another one by now."""
    profile.archived_at, profile.changed_by = None, user
    _save(profile)


@transaction.atomic
def remove_weights(*, weights: ScoreWeights) -> None:
    weights.delete()


@transaction.atomic
def make_default(*, weights: ScoreWeights, is_default: bool = True) -> None:
    """The team's only default, or none of its weights."""
    # Whoever chooses another one for the team at the same time waits here.
    Team.objects.select_for_update().get(pk=weights.team_id)
    ScoreWeights.objects.filter(team=weights.team_id, is_default=True).update(is_default=False)
    ScoreWeights.objects.filter(pk=weights.pk).update(is_default=is_default)


def _save(row: CostProfile | ScoreWeights) -> None:
    """Raises `ValidationError`, also when somebody takes the name between the look for it and the save."""
    row.name = " ".join(row.name.split())
    # People who are gone leave their rows behind.
    row.full_clean(exclude=["created_by", "changed_by"])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.validate_constraints()
        raise
