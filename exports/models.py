"""Files that somebody asked for, and how far they are."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet, User

KEPT_FOR = timedelta(days=7)


class ExportQuerySet(TeamScopedQuerySet["Export"]):
    def for_user(self, user: User | AnonymousUser) -> "ExportQuerySet":
        """Those that `user` asked for, of teams that they are still in: nobody else sees what somebody takes along."""
        mine = super().for_user(user)
        return mine.filter(asked_by=user) if isinstance(user, User) else mine.none()

    def due(self, now: datetime) -> "ExportQuerySet":
        """Those that are to be written, and nobody is at it."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=Export.UNFINISHED)


class Export(models.Model):
    """A file that a worker writes, for whoever asked for it; it goes after a week.

    writer: who knows how (exports/writers.py). subject: the id of what it is of; params: what else the
    writer needs to know.
    """

    class Kind(models.TextChoices):
        XLSX = "xlsx", _("workbook with pictures (XLSX)")
        CSV = "csv", _("all offers (CSV)")

    class State(models.TextChoices):
        QUEUED = "queued", _("waits for a worker")
        WRITING = "writing", _("being written")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    UNFINISHED = (State.QUEUED, State.WRITING)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    writer = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    label = models.CharField(_("name"), max_length=200)
    params = models.JSONField(default=dict)
    # In which its words are written.
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    run_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_all = models.PositiveIntegerField(default=0)
    # An English sentence for gettext.
    error_message = models.CharField(max_length=500, blank=True)
    # In the storage, of this turn: named before it is written, so that what a killed worker leaves is known.
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text=_("bytes"))
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    written_at = models.DateTimeField(_("written"), null=True)
    expires_at = models.DateTimeField(_("goes"))

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (
            models.Index(fields=("asked_by", "-asked_at"), name="export_by_person"),
            models.Index(fields=("asked_at",), condition=Q(state__in=("queued", "writing")), name="export_to_write"),
            models.Index(fields=("expires_at",), name="export_to_expire"),
        )
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("exports:detail", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.DONE

    @property
    def percent(self) -> int:
        if self.is_ready:
            return 100
        return 100 * min(self.rows_done, self.rows_all) // self.rows_all if self.rows_all else 0
