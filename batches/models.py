"""Many searches started together: the batch, the files it came in, and its rows, one for each product."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from searches.imaging import Fingerprint
from searches.models import QueryImage, SearchJob

BITS = 2**64


class BatchQuerySet(TeamScopedQuerySet["Batch"]):
    pass


class Batch(models.Model):
    """Products to search for, the question asked about each of them, and how far that is.

    Its searches are started little by little (feeding.py), so that pausing it stops what was not begun.
    """

    class Status(models.TextChoices):
        COLLECTING = "collecting", _("being put together")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="batches")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="batches")
    title = models.CharField(_("title"), max_length=200)
    # Keys of the marketplaces to ask, and the columns of `searches.actions.Question`, prices as text.
    marketplaces = models.JSONField(default=list)
    question = models.JSONField(default=dict)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.COLLECTING)
    rights_confirmed_at = models.DateTimeField(_("right to use the pictures confirmed"), null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("team", "-created_at"), name="batch_by_team_and_time"),)
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("batches:detail", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.status in (self.Status.COLLECTING, self.Status.RUNNING, self.Status.PAUSED)


class BatchFileQuerySet(TeamScopedQuerySet["BatchFile"]):
    team_path = "batch__team"


class BatchFile(models.Model):
    """A file that somebody sends: a picture, a ZIP of them, or a sheet. It may come in several parts."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("on its way")
        RECEIVED = "received", _("waits to be read")
        MAPPING = "mapping", _("columns to be confirmed")
        READ = "read", _("read")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    received = models.PositiveBigIntegerField(default=0, help_text=_("bytes"))
    # Name, size and time of the file as the browser knows it: the same file chosen again goes on where it stopped.
    fingerprint = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    lease_until = models.DateTimeField(null=True)
    # How many of a file's entries have become rows; of a sheet which column means what.
    entries_read = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = BatchFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("batch", "fingerprint"), name="one_batch_file_per_fingerprint"),)

    def __str__(self) -> str:
        return self.name


class BatchRowQuerySet(TeamScopedQuerySet["BatchRow"]):
    team_path = "batch__team"

    def startable(self) -> "BatchRowQuerySet":
        """Rows with a picture that were not searched for yet."""
        return self.filter(state=BatchRow.State.READY, started=False)

    def to_fetch(self, now: datetime) -> "BatchRowQuerySet":
        """Rows whose picture is to be fetched, and nobody is at it."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=BatchRow.State.FETCHING)


class Picture(models.Model):
    """A picture of a product: where it came from, and what tells whether another is the same."""

    # Where it came from: an entry of a file, or an address.
    source_name = models.CharField(_("file"), max_length=255, blank=True)
    source_url = models.URLField(_("image address"), max_length=2000, blank=True)
    # 64 bits, as a signed number: databases know no other.
    perceptual_hash = models.BigIntegerField(null=True)
    blocks = models.BinaryField(default=b"")
    # The codes of what would find more (searches/hints.py), with spaces between them; "" for one as it should be.
    hints = models.CharField(max_length=60, blank=True, editable=False)
    # What is wrong with it, or what was left out, in words that are translated where they are shown.
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def fingerprint(self) -> Fingerprint | None:
        if self.perceptual_hash is None:
            return None
        return Fingerprint(self.perceptual_hash % BITS, bytes(self.blocks))

    @fingerprint.setter
    def fingerprint(self, value: Fingerprint | None) -> None:
        self.perceptual_hash, self.blocks = None, b""
        if value is not None:
            self.perceptual_hash = value.hash - BITS if value.hash >= BITS // 2 else value.hash
            self.blocks = value.blocks


class BatchRow(Picture):
    """One product of a batch: what is known of it, its picture, and the search for it.

    Of a product with several photos (`photos`), the row's own picture is the first good one of them.
    """

    class State(models.TextChoices):
        """How far its picture is. How far its search is, its job says."""

        FETCHING = "fetching", _("picture is being fetched")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")
        DUPLICATE = "duplicate", _("same picture as another row")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    code = models.CharField(_("own code"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    target_price = models.DecimalField(_("target price"), max_digits=14, decimal_places=4, null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    source = models.ForeignKey(BatchFile, on_delete=models.SET_NULL, null=True, related_name="rows")
    state = models.CharField(max_length=10, choices=State, default=State.FETCHING)
    lease_until = models.DateTimeField(null=True)
    image = models.ForeignKey(QueryImage, on_delete=models.SET_NULL, null=True, related_name="batch_rows")
    # With how many photos it is searched for.
    photo_count = models.PositiveSmallIntegerField(default=1, editable=False)
    duplicate_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="duplicates")
    # Whether its search was begun: one that was deleted since is not begun again.
    started = models.BooleanField(default=False, editable=False)
    job = models.OneToOneField(SearchJob, on_delete=models.SET_NULL, null=True, related_name="batch_row")

    objects = BatchRowQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("batch", "number"), name="one_batch_row_per_number"),)
        indexes = (models.Index(fields=("batch", "state"), name="batch_row_by_state"),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What the row is called: its name, its code, its file's name, or its number."""
        named = self.name or self.code or self.source_name
        return named or _("row %(number)d") % {"number": self.number}


class BatchPhotoQuerySet(TeamScopedQuerySet["BatchPhoto"]):
    team_path = "row__batch__team"

    def good(self) -> "BatchPhotoQuerySet":
        """Those that are searched with."""
        return self.filter(error_code="").exclude(image=None)


class BatchPhoto(Picture):
    """One of several photos of a row's product; a row with a single one has it in its own columns.

    Without an error it is searched with, or, as long as it has no picture, is to be fetched from its address.
    """

    row = models.ForeignKey(BatchRow, on_delete=models.CASCADE, related_name="photos")
    number = models.PositiveSmallIntegerField(_("photo"))
    image = models.ForeignKey(QueryImage, on_delete=models.SET_NULL, null=True, related_name="batch_photos")

    objects = BatchPhotoQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("row", "number"), name="one_batch_photo_per_number"),)

    def __str__(self) -> str:
        return self.source_name or self.source_url or f"photo {self.number}"

    @property
    def is_good(self) -> bool:
        return self.image_id is not None and not self.error_code

    @property
    def is_awaited(self) -> bool:
        return self.image_id is None and not self.error_code
