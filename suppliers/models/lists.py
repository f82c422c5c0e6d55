"""Named lists of offers: a team's, shared as their owner says."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Max, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User
from accounts.sharing import Audience, Shared, SharedQuerySet

BY_NAME = (Lower("name"), "pk")


class SupplierListQuerySet(SharedQuerySet["SupplierList"]):
    def approvable_by(self, user: User | AnonymousUser) -> "SupplierListQuerySet":
        """Those on which `user` approves choices or sends them back: what they see, as a lead of its team."""
        return self.for_user(user)._of_member(user, (Membership.Role.LEAD,))

    def with_contents(self) -> "SupplierListQuerySet":
        """Annotated with what is said of a list: `entry_count`, `supplier_count` and `newest_at` (None when empty)."""
        # Marketplaces tell suppliers apart by an id, or only by a name, or not at all.
        supplier = Coalesce(
            NullIf("entries__supplier_id", Value("")),
            NullIf("entries__supplier_name", Value("")),
            output_field=models.CharField(),
        )
        return self.annotate(
            entry_count=Count("entries"),
            supplier_count=Count(supplier, distinct=True),
            newest_at=Max("entries__added_at"),
            # Counting takes the model's own order away.
        ).order_by(*BY_NAME)


class SupplierList(Shared):
    """Offers and suppliers that a team keeps under a name.

    A new one is the whole team's, to see and to change, unless its owner says otherwise.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="supplier_lists")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="supplier_lists"
    )
    audience = models.CharField(_("shared with"), max_length=10, choices=Audience, default=Audience.TEAM)
    shared_for_editing = models.BooleanField(_("those who see it may change it"), default=True)
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # What inquiries ask beside the prices: [[Chinese, English], …]; empty: what `suppliers.inquiries` asks.
    questions = models.JSONField(default=list, blank=True)

    objects = SupplierListQuerySet.as_manager()

    class Meta:
        ordering = BY_NAME
        constraints = (
            models.UniqueConstraint(
                "team",
                Lower("name"),
                name="one_supplier_list_per_team_and_name",
                violation_error_message=_("Your team already has a list of this name."),
            ),
        )
        verbose_name = _("supplier list")
        verbose_name_plural = _("supplier lists")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("suppliers:detail", args=[self.pk])
