"""From the user to their batches: every view of a batch starts here."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership, User
from batches.models import Batch


def visible_batches(user: User) -> QuerySet[Batch]:
    """The batches of the user's teams, each `editable` by this user or not."""
    memberships = Membership.objects.filter(user=user, team=OuterRef("team"), role__in=Membership.EDITORS)
    return Batch.objects.for_user(user).select_related("team", "owner").annotate(editable=Exists(memberships))
