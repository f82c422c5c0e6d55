"""What people keep for themselves, share with some, or with their whole team.

A shared thing belongs to a team and to whoever made it. Nobody outside the team sees it, whatever it says; within the
team its owner decides. Roles stand above it: a viewer changes nothing, wherever they are let in.
"""

from typing import Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, TeamScopedQuerySet, User

Row = TypeVar("Row", bound=models.Model, covariant=True)


class Audience(models.TextChoices):
    """Who sees it besides its owner."""

    PRIVATE = "private", _("only me")
    PEOPLE = "people", _("chosen people")
    TEAM = "team", _("the whole team")


class SharedQuerySet(TeamScopedQuerySet[Row]):
    """Rows of `Shared` models. What has lost its owner is the team's leads' to look after."""

    def for_user(self, user: User | AnonymousUser) -> Self:
        """What `user` may see: theirs, what is shared with them, and the team's."""
        if not isinstance(user, User):
            return self.none()
        return super().for_user(user).filter(self._owned_by(user) | self._shown_to(user))

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """What `user` may change: theirs; what is shared with them for editing; as a lead, what the team sees."""
        if not isinstance(user, User):
            return self.none()
        shared = self._shown_to(user) & Q(shared_for_editing=True)
        led = Q(audience=Audience.TEAM) & Q(team__in=_led_by(user))
        return super().editable_by(user).filter(self._owned_by(user) | shared | led)

    def owned_by(self, user: User) -> Self:
        """What `user` may share, lock and delete: theirs; as a lead, what the team sees."""
        led = Q(audience=Audience.TEAM) & Q(team__in=_led_by(user))
        return super().editable_by(user).filter(self._owned_by(user) | led)

    def _owned_by(self, user: User) -> Q:
        return Q(owner=user) | Q(owner=None, team__in=_led_by(user))

    def _shown_to(self, user: User) -> Q:
        # By a subquery: a join with the chosen people would give a row once for each of them.
        chosen = self.model._base_manager.filter(people=user).values("pk")
        return Q(audience=Audience.TEAM) | Q(audience=Audience.PEOPLE, pk__in=chosen)


class Shared(models.Model):
    """A thing of a team with an owner, who decides who else sees and changes it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="%(class)ss")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="%(class)ss")
    audience = models.CharField(_("shared with"), max_length=10, choices=Audience, default=Audience.PRIVATE)
    # Of the team. Who leaves it sees the thing no longer, and sees it again when they come back.
    people: "models.ManyToManyField[User, models.Model]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("chosen people")
    )
    shared_for_editing = models.BooleanField(_("those who see it may change it"), default=False)

    class Meta:
        abstract = True


def _led_by(user: User) -> models.QuerySet[Membership, int]:
    return Membership.objects.filter(user=user, role=Membership.Role.LEAD).values_list("team", flat=True)
