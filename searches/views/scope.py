"""From the user to their searches: every view of a search starts here."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import Membership, User
from searches.models import SearchJob


def visible_jobs(user: User) -> "QuerySet[SearchJob]":
    """The searches of the user's teams, each with `photo_id` and `editable` by this user.

    `photo_id` is the first picture's whose file is still kept; None when there is none.
    """
    photos = SearchJob.images.through._default_manager.filter(searchjob=OuterRef("pk")).exclude(queryimage__file="")
    memberships = Membership.objects.filter(user=user, team=OuterRef("team"), role__in=Membership.EDITORS)
    return (
        SearchJob.objects.for_user(user)
        .select_related("team", "owner")
        .annotate(photo_id=Subquery(photos.order_by("pk").values("queryimage")[:1]), editable=Exists(memberships))
    )
