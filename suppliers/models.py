"""What a team keeps of what it found: named lists of offers, each entry a frozen snapshot."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, Max, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from searches.models import OfferFields, QueryImage, SupplierMatch

LONGEST_NOTE = 2000
BY_NAME = (Lower("name"), "pk")


class SupplierListQuerySet(TeamScopedQuerySet["SupplierList"]):
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


class SupplierList(models.Model):
    """Offers and suppliers that a team keeps under a name."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="supplier_lists")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="supplier_lists"
    )
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

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


class ListEntryQuerySet(TeamScopedQuerySet["ListEntry"]):
    team_path = "supplier_list__team"


class ListEntry(OfferFields):
    """An offer as it was when somebody saved it. It outlives the search that found it."""

    supplier_list = models.ForeignKey(SupplierList, on_delete=models.CASCADE, related_name="entries")
    source_match = models.ForeignKey(SupplierMatch, on_delete=models.SET_NULL, null=True, related_name="list_entries")
    # The photo that found the offer; its search may be gone.
    query_image = models.ForeignKey(QueryImage, on_delete=models.SET_NULL, null=True, related_name="list_entries")
    note = models.TextField(
        _("note"), max_length=LONGEST_NOTE, validators=[MaxLengthValidator(LONGEST_NOTE)], blank=True
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("saved"))

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("supplier_list", "marketplace", "offer_id"),
                name="one_entry_per_list_marketplace_and_offer",
                violation_error_message=_("This offer is on the list already."),
            ),
        )
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
