"""Users, teams, and what a member of a team may do in it."""

from typing import Self, TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model, covariant=True)


class User(AbstractUser):
    """Somebody who signs in. What they see follows from their memberships, not from who they are."""

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Team(models.Model):
    """The unit of sharing: searches and supplier lists belong to one team."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="teams"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One user in one team, with a role."""

    class Role(models.TextChoices):
        VIEWER = "viewer", _("viewer: reads")
        BUYER = "buyer", _("buyer: searches, keeps lists")
        LEAD = "lead", _("lead: approves, shares, manages members")

    EDITORS = (Role.BUYER, Role.LEAD)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user"))
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("team"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.BUYER)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "team"), name="one_membership_per_user_and_team"),)
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user} · {self.team} ({self.get_role_display()})"


class TeamScopedQuerySet(models.QuerySet[Row]):
    """The one place that says whose rows a user sees. Every view starts from `for_user`."""

    # The path from the model to its team.
    team_path = "team"

    def for_user(self, user: User | AnonymousUser) -> Self:
        """The rows of the teams that `user` is a member of."""
        return self._of_member(user, tuple(Membership.Role))

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """The rows that `user` may also change: as a buyer or a lead of their team."""
        return self._of_member(user, Membership.EDITORS)

    def _of_member(self, user: User | AnonymousUser, roles: tuple[Membership.Role, ...]) -> Self:
        if not user.is_authenticated:
            return self.none()
        teams = Membership.objects.filter(user=user, role__in=roles).values("team")
        return self.filter(**{f"{self.team_path}__in": teams})


def teams_to_search_for(user: User) -> models.QuerySet[Team]:
    """The teams in which `user` may start a search or a list."""
    return Team.objects.filter(memberships__user=user, memberships__role__in=Membership.EDITORS)
