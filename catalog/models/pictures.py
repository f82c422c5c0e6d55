"""Pictures of items, and what the eye made of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from catalog.models.items import Item


def storage_name(picture: "ItemPicture", filename: str) -> str:
    """By content, so that equal bytes are one file and nothing of the user's file name reaches the disk."""
    return f"catalog/{picture.team_id}/{picture.sha256[:2]}/{picture.sha256}.jpg"


class ItemPictureQuerySet(TeamScopedQuerySet["ItemPicture"]):
    pass


class ItemPicture(models.Model):
    """One picture of an item, as a JPEG made small; the first by `place` stands for the item.

    The vector is that of `searches.visual.embed`, as little-endian float32; empty until a worker made it.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pictures")
    # The item's, written here as well: vectors are never searched without their team.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    # Of the file as it is kept.
    sha256 = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(help_text=_("pixels"))
    height = models.PositiveIntegerField(help_text=_("pixels"))
    vector = models.BinaryField(null=True, editable=False)
    # Which version of the eye made the vector; "" without one.
    vector_version = models.CharField(max_length=16, blank=True, editable=False)
    # Why there is no vector though it was tried: a code.
    trouble = models.CharField(max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ItemPictureQuerySet.as_manager()

    class Meta:
        ordering = ("place", "pk")
        constraints = (models.UniqueConstraint(fields=("item", "sha256"), name="one_picture_per_item_and_content"),)
        indexes = (
            models.Index(fields=("id",), condition=Q(vector_version="", trouble=""), name="item_picture_to_embed"),
        )
        verbose_name = _("item’s picture")
        verbose_name_plural = _("items’ pictures")

    def __str__(self) -> str:
        return self.file.name or ""
