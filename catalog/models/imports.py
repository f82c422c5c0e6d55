"""Imports: sheets on their way into the catalogue, what is wrong with their rows, and pictures still to be kept."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from catalog.models.items import Item


class CatalogImportQuerySet(TeamScopedQuerySet["CatalogImport"]):
    def due(self, now: datetime) -> "CatalogImportQuerySet":
        """Those that a worker has to do something for, and nobody is at it."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=CatalogImport.WORKED_ON)


class CatalogImport(models.Model):
    """One sheet with its pictures, from the upload to the last row that is written.

    `position` is how far the phase that is under way has come: bytes of the rows as they were read off the sheet.
    Each chunk of rows moves it on in the transaction that writes them, so that none is written twice or left out.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", _("waits for a sheet")
        READING = "reading", _("the sheet is being read")
        MAPPING = "mapping", _("columns to be confirmed")
        CHECKING = "checking", _("being tried")
        CHECKED = "checked", _("tried, nothing written yet")
        WRITING = "writing", _("rows are being written")
        PICTURES = "pictures", _("pictures are being kept")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    # What goes on without anybody's doing.
    WORKED_ON = (State.READING, State.CHECKING, State.WRITING)
    BUSY = (*WORKED_ON, State.PICTURES)
    # In which further files may come.
    TAKES_FILES = (State.RECEIVING, State.READING, State.MAPPING)
    ENDED = (State.DONE, State.REFUSED, State.CANCELLED)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # The sheet's file name.
    title = models.CharField(_("title"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVING)
    lease_until = models.DateTimeField(null=True)
    # What was found in the sheet: {headings, sample, merged, others, formulas}.
    sheet = models.JSONField(default=dict)
    # For each column the field that it is read as, "" for none.
    columns = models.JSONField(default=list)
    # Under which name the rows lie in the folder.
    rows_file = models.CharField(max_length=60, blank=True)
    rows_all = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    # {new, changed, unchanged, refused, restored, pictures, fields: {field: rows}}, of the trial and of the writing.
    found = models.JSONField(default=dict)
    written = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    # An English sentence for gettext.
    error_message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = CatalogImportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("team", "-created_at"), name="import_by_team_and_time"),)
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.title or str(_("New import"))

    def get_absolute_url(self) -> str:
        return reverse("catalog:import", args=[self.pk])

    @property
    def folder(self) -> Path:
        """Its files, shared by the web and all workers."""
        return Path(settings.UPLOAD_ROOT) / "catalog" / str(self.pk)

    @property
    def is_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def is_busy(self) -> bool:
        return self.state in self.BUSY


class ImportFileQuerySet(TeamScopedQuerySet["ImportFile"]):
    team_path = "of__team"


class ImportFile(models.Model):
    """A file of an import: its sheet, or pictures that the sheet names, one or a ZIP. It may come in several parts."""

    of = models.ForeignKey(CatalogImport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    received = models.PositiveBigIntegerField(default=0, help_text=_("bytes"))
    # The same file chosen again goes on where it stopped.
    fingerprint = models.CharField(max_length=64)
    is_sheet = models.BooleanField(default=False)
    # Why a ZIP cannot be used: an English sentence for gettext.
    error_message = models.CharField(max_length=500, blank=True)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("of", "fingerprint"), name="one_import_file_per_fingerprint"),)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return self.of.folder / f"file-{self.pk}"

    @property
    def is_here(self) -> bool:
        return self.received == self.size

    @property
    def is_archive(self) -> bool:
        return self.name.lower().endswith(".zip")


class ImportTrouble(models.Model):
    """What is wrong with one row. A refused row changes nothing; else only what the trouble tells of is left out."""

    of = models.ForeignKey(CatalogImport, on_delete=models.CASCADE, related_name="troubles")
    row = models.PositiveIntegerField(_("row"))
    # The row's place among all rows, in bytes, where it is read again.
    position = models.PositiveBigIntegerField()
    code = models.CharField(max_length=40)
    # What the words need: the field, the text in the cell, another row.
    details = models.JSONField(default=dict)
    refused = models.BooleanField(default=True)

    class Meta:
        ordering = ("row", "pk")
        indexes = (models.Index(fields=("of", "row"), name="import_trouble_by_row"),)

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"


class ImportPictureQuerySet(TeamScopedQuerySet["ImportPicture"]):
    team_path = "of__team"

    def due(self, now: datetime) -> "ImportPictureQuerySet":
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(free, of__state__in=(CatalogImport.State.WRITING, CatalogImport.State.PICTURES))


class ImportPicture(models.Model):
    """The pictures of an imported row, until its item has them: then this goes."""

    of = models.ForeignKey(CatalogImport, on_delete=models.CASCADE, related_name="pictures")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    position = models.PositiveBigIntegerField()
    # Where each is: ["cell", part of the workbook], ["file", ImportFile, entry] or ["url", address].
    sources = models.JSONField()
    lease_until = models.DateTimeField(null=True)

    objects = ImportPictureQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"pictures of row {self.row}"
