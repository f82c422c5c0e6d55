"""A team's record of a supplier. Nobody types one: it is made of offers that the team has seen."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from dossiers.keys import LONGEST_ID, LONGEST_MARKETPLACE, LONGEST_NAME, SupplierKey

LONGEST_DISPLAY_NAME = 200


class SupplierQuerySet(TeamScopedQuerySet["Supplier"]):
    def standing(self) -> Self:
        """One for each supplier: without those that were merged into another."""
        return self.filter(survivor=None)

    def at(self, key: SupplierKey) -> Self:
        return self.filter(marketplace=key.marketplace, supplier_id=key.supplier_id, supplier_name=key.supplier_name)


class Supplier(models.Model):
    """One supplier at one marketplace, as one team knows it.

    Merged records stay as they are, with their notes and files; they are shown with the one that stands for them, and
    come apart again unchanged.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="suppliers")
    marketplace = models.CharField(_("marketplace"), max_length=LONGEST_MARKETPLACE)
    # `SupplierKey`: the name only where the marketplace gives no id.
    supplier_id = models.CharField(_("supplier id"), max_length=LONGEST_ID, blank=True)
    supplier_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    # What the team calls it; empty: by the newest name.
    display_name = models.CharField(_("name"), max_length=LONGEST_DISPLAY_NAME, blank=True)
    # All names that its offers gave, a line each, the newest first.
    names = models.TextField(_("names"), blank=True)
    location = models.CharField(_("location"), max_length=100, blank=True)
    # Which record it is shown with, through all merges; none: with itself.
    survivor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="members")
    # Of all that it stands for, when they were last counted (dossiers/counting.py).
    offers_count = models.PositiveIntegerField(_("offers seen"), default=0)
    first_seen_at = models.DateTimeField(_("first seen"), null=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True)
    counted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("team", "marketplace", "supplier_id", "supplier_name"), name="one_record_per_team_and_supplier"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("id")), name="supplier_not_merged_into_itself"),
            models.CheckConstraint(
                condition=(Q(supplier_id="") & ~Q(supplier_name="")) | (~Q(supplier_id="") & Q(supplier_name="")),
                name="supplier_by_id_or_else_by_name",
            ),
        )
        indexes = (
            models.Index(fields=("team", "survivor", "-last_seen_at"), name="supplier_by_last_seen"),
            models.Index(fields=("team", "survivor", "-offers_count"), name="supplier_by_offers"),
            models.Index(fields=("counted_at",), name="supplier_by_count"),
        )
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

    def __str__(self) -> str:
        return self.display_name or next(iter(self.name_list), "") or self.supplier_name or self.supplier_id

    def get_absolute_url(self) -> str:
        return reverse("dossiers:detail", args=[self.pk])

    @property
    def key(self) -> SupplierKey:
        return SupplierKey(self.marketplace, self.supplier_id, self.supplier_name)

    @property
    def name_list(self) -> list[str]:
        return self.names.splitlines()

    @cached_property
    def group(self) -> "list[Supplier]":
        """All records that are shown together with this one that stands for them; itself first."""
        if self.pk is None:
            return [self]
        return [self, *Supplier.objects.filter(survivor=self.pk).order_by("pk")]

    @property
    def keys(self) -> list[SupplierKey]:
        return [record.key for record in self.group]
