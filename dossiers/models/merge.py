"""Which records of suppliers are one, who said so, and who took it back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from dossiers.models.supplier import Supplier


class MergeQuerySet(TeamScopedQuerySet["Merge"]):
    def in_force(self) -> "MergeQuerySet":
        return self.filter(undone_at=None)


class Merge(models.Model):
    """`merged`, with all that it stood for then, is shown with `survivor` from here on. Nothing moves between them."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    survivor = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="merges_received")
    merged = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="merges")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("merged",), condition=Q(undone_at=None), name="merged_into_one_at_a_time"),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="merge_of_two"),
        )
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"
