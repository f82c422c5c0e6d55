"""The pictures that people search with."""

from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet


def storage_name(image: "QueryImage", filename: str) -> str:
    """By content, so that equal bytes are one file and nothing of the user's file name reaches the disk."""
    return f"queries/{image.team_id}/{image.sha256[:2]}/{image.sha256}{PurePath(filename).suffix}"


class QueryImageQuerySet(TeamScopedQuerySet["QueryImage"]):
    pass


class QueryImage(models.Model):
    """An uploaded photo, kept as it came. One row per team and content."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="query_images")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    mime = models.CharField(max_length=40)
    width = models.PositiveIntegerField(help_text=_("pixels, as displayed"))
    height = models.PositiveIntegerField(help_text=_("pixels, as displayed"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QueryImageQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("team", "sha256"), name="one_query_image_per_team_and_content"),)
        verbose_name = _("query image")
        verbose_name_plural = _("query images")

    def __str__(self) -> str:
        return self.name
