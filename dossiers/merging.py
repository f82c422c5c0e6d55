"""Two records that are one supplier: merged by hand, taken apart by hand.

Merging moves nothing. `Merge` rows in force make a tree; `Supplier.survivor` names its top, for queries. Taking a merge
back cuts its branch off, with all that was in it before and all that was written into it since.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from dossiers.counting import count_again
from dossiers.models import Merge, Supplier


@transaction.atomic
def merge_suppliers(*, user: User, survivor: Supplier, merged: Supplier) -> Merge:
    """From here on `merged` is shown with `survivor`, and so is everything that `merged` stood for.

    Raises `ValidationError`, and changes nothing, for what is one already (code "one"), for records of two teams
    ("team"), and when either was merged into another since it was looked at ("moved").
    """
    _one_at_a_time(survivor.team_id)
    survivor, merged = _now(survivor), _now(merged)
    if survivor.team_id != merged.team_id:
        raise ValidationError(_("Only records of one team can be merged."), code="team")
    if (survivor.survivor_id or survivor.pk) == (merged.survivor_id or merged.pk):
        raise ValidationError(_("These two are one record already: there is nothing to merge."), code="one")
    for record in (survivor, merged):
        if record.survivor:
            text = _("“%(name)s” was merged into “%(other)s” meanwhile. Look at what would come together now.")
            raise ValidationError(text % {"name": record, "other": record.survivor}, code="moved")
    made = Merge.objects.create(team_id=survivor.team_id, survivor=survivor, merged=merged, by=user)
    Supplier.objects.filter(survivor=merged).update(survivor=survivor)
    Supplier.objects.filter(pk=merged.pk).update(survivor=survivor)
    count_again([survivor])
    return made


@transaction.atomic
def undo_merge(*, user: User, merge: Merge) -> None:
    """The merged record stands for itself again, and for all that it stood for before.

    Raises `ValidationError` (code "undone") when somebody else took it back first.
    """
    _one_at_a_time(merge.team_id)
    held = Merge.objects.get(pk=merge.pk)
    if held.undone_at:
        raise ValidationError(_("This merge was taken back already."), code="undone")
    held.undone_by, held.undone_at = user, timezone.now()
    held.save(update_fields=["undone_by", "undone_at"])
    branch = _branch(held.merged_id)
    Supplier.objects.filter(pk__in=branch).update(survivor=held.merged_id)
    Supplier.objects.filter(pk=held.merged_id).update(survivor=None)
    count_again(Supplier.objects.filter(pk__in=[held.merged_id, held.survivor_id]))


def merges_of(supplier: Supplier) -> list[Merge]:
    """All that were ever made of the records that are shown with this one, the newest first."""
    group = [record.pk for record in supplier.group if record.pk]
    concerned = Merge.objects.filter(team=supplier.team_id, survivor__in=group) | Merge.objects.filter(
        team=supplier.team_id, merged__in=group
    )
    return list(concerned.select_related("survivor", "merged", "by", "undone_by").order_by("-at", "-pk"))


def _one_at_a_time(team: int) -> None:
    """Merges of a team wait for each other: two at once could close a circle that neither of them sees."""
    Team.objects.select_for_update().get(pk=team)


def _now(supplier: Supplier) -> Supplier:
    """Raises `ValidationError` when its record is gone."""
    record = Supplier.objects.select_related("survivor").filter(pk=supplier.pk).first()
    if record is None:
        raise ValidationError(_("This supplier’s record is gone: its last offer was removed."), code="gone")
    return record


def _branch(top: int) -> list[int]:
    """The records below `top`, by the merges in force. Every record has one merge at most: there are no circles."""
    below: list[int] = []
    level = [top]
    while level:
        level = list(Merge.objects.in_force().filter(survivor__in=level).values_list("merged", flat=True))
        below += level
    return below
