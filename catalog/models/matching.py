"""Offers looked for, for items: which items, what was asked, and the batch row in which each was searched for."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from batches.models import Batch, BatchRow
from catalog.models.items import Item


class MatchingQuerySet(TeamScopedQuerySet["Matching"]):
    pass


class Matching(models.Model):
    """Items to find offers for. They are searched for in batches, as many at a time as somebody allows calls for."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="matchings")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="matchings")
    title = models.CharField(_("title"), max_length=200)
    # Keys of the marketplaces that are asked, and for how many offers; empty until the first items are begun.
    marketplaces = models.JSONField(default=list)
    wanted = models.PositiveIntegerField(_("number of offers"), default=50)
    batches = models.ManyToManyField(Batch, related_name="matchings")
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = MatchingQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("team", "-created_at"), name="matching_by_team_and_time"),)
        verbose_name = _("offers for items")
        verbose_name_plural = _("offers for items")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:matching", args=[self.pk])


class MatchedItemQuerySet(TeamScopedQuerySet["MatchedItem"]):
    team_path = "matching__team"


class MatchedItem(models.Model):
    """An item of a matching. `begun`: it was searched for, or is about to be, though its row may be gone since."""

    matching = models.ForeignKey(Matching, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="matched")
    begun = models.BooleanField(default=False)
    row = models.OneToOneField(BatchRow, on_delete=models.SET_NULL, null=True, related_name="matched_item")

    objects = MatchedItemQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("matching", "item"), name="one_place_per_matching_and_item"),)
        indexes = (models.Index(fields=("matching", "begun", "id"), name="matched_item_by_state"),)

    def __str__(self) -> str:
        return f"item {self.item_id} of matching {self.matching_id}"
