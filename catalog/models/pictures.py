"""Pictures of items, and what the eye made of them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from catalog.models.items import Item

FOLDER = "catalog/"


def storage_name(_picture: "ItemPicture", _filename: str) -> str:
    """Each row its own file, which goes with it; nothing of the user's file name reaches the disk."""
    drawn = uuid.uuid4().hex
    return f"{FOLDER}{drawn[:2]}/{drawn}.jpg"


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
    # Of the file as it is kept, and of the bytes that it was made of.
    sha256 = models.CharField(max_length=64, editable=False)
    source_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    width = models.PositiveIntegerField(help_text=_("pixels"))
    height = models.PositiveIntegerField(help_text=_("pixels"))
    vector = models.BinaryField(null=True, editable=False)
    # Which version of the eye made the vector; "" without one.
    vector_version = models.CharField(max_length=16, blank=True, editable=False)
    # Of the keeping that wrote the vector (catalog.vectors.keep): later ones are larger, within a team.
    vector_number = models.BigIntegerField(default=0, editable=False)
    # Why there is no vector though it was tried: a code.
    trouble = models.CharField(max_length=40, blank=True, editable=False)
    # Until when a worker is at it.
    lease_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ItemPictureQuerySet.as_manager()

    class Meta:
        ordering = ("place", "pk")
        constraints = (models.UniqueConstraint(fields=("item", "sha256"), name="one_picture_per_item_and_content"),)
        indexes = (
            models.Index(fields=("vector_version", "id"), condition=Q(trouble=""), name="item_picture_to_embed"),
            models.Index(fields=("team", "vector_version", "trouble"), name="item_picture_by_progress"),
            models.Index(fields=("team", "vector_version", "vector_number"), name="item_picture_by_vector"),
        )
        verbose_name = _("item’s picture")
        verbose_name_plural = _("items’ pictures")

    def __str__(self) -> str:
        return self.file.name or ""
