"""What people put into a supplier's record: notes and files."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.attachments import Attachment
from accounts.models import TeamScopedQuerySet
from dossiers.models.supplier import Supplier

LONGEST_NOTE = 4000


class NoteQuerySet(TeamScopedQuerySet["Note"]):
    team_path = "supplier__team"


class Note(models.Model):
    """What somebody wrote about a supplier; they alone change it."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"), max_length=LONGEST_NOTE)
    written_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ("-written_at", "-pk")
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:80]


class SupplierFileQuerySet(TeamScopedQuerySet["SupplierFile"]):
    team_path = "supplier__team"


class SupplierFile(Attachment):
    """A price list, a certificate, a photo of the factory."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="files")

    objects = SupplierFileQuerySet.as_manager()

    class Meta(Attachment.Meta):
        abstract = False
        verbose_name = _("file")
        verbose_name_plural = _("files")
