"""Offers' pictures, kept as small files: an offer's own picture may be gone tomorrow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


class KeptPicture(models.Model):
    """The picture of one address, fetched once for a team by a worker (suppliers/pictures.py)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        KEPT = "kept", _("kept")
        FAILED = "failed", _("could not be fetched")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    marketplace = models.CharField(max_length=40)
    address = models.URLField(max_length=1000)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # In the storage; a JPEG.
    file_name = models.CharField(max_length=200, blank=True)
    # An English sentence for gettext.
    error_message = models.CharField(max_length=500, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "address"), name="one_kept_picture_per_team_and_address"),
        )
        indexes = (models.Index(fields=("asked_at",), condition=models.Q(state="waiting"), name="picture_on_its_way"),)
        verbose_name = _("kept picture")
        verbose_name_plural = _("kept pictures")

    def __str__(self) -> str:
        return self.address
