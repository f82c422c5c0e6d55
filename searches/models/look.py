"""What our own eye made of offers' pictures. The rows are the truth here too; the queue only rings."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from searches.imaging import Fingerprint
from searches.models.job import SearchCall, SearchJob

BITS = 1 << 64
# Until a picture that could not be had is tried again, by the first search that meets it then. What is wrong with the
# network passes; what is wrong with the file hardly ever does.
PASSING = frozenset({"unreachable", "too-slow", "refused"})
PAUSES = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1))
LONG_PAUSE = timedelta(days=7)


class OfferPictureQuerySet(models.QuerySet["OfferPicture"]):
    def at(self, urls: Iterable[str]) -> "OfferPictureQuerySet":
        return self.filter(key__in=[OfferPicture.key_of(url) for url in urls])

    def free(self, now: datetime) -> "OfferPictureQuerySet":
        """Those that nobody is fetching at the moment."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now))


class OfferPicture(models.Model):
    """A picture at a marketplace's host, fetched once for all teams: what our eye sees in it, never the picture."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SEEN = "seen", _("seen")
        UNAVAILABLE = "unavailable", _("not to be had")

    key = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the address"))
    url = models.URLField(_("address"), max_length=1000)
    marketplace = models.CharField(_("marketplace"), max_length=40, help_text=_("whose offers first showed it"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True, help_text=_("why it is not to be had"))
    # Half precision, DIMENSIONS numbers of unit length, as the version named beside it makes them.
    vector = models.BinaryField(default=b"")
    vector_version = models.CharField(max_length=16, blank=True)
    # 64 bits, as a signed number: databases know no other.
    perceptual_hash = models.BigIntegerField(null=True)
    blocks = models.BinaryField(default=b"")
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    run_token = models.UUIDField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    used_at = models.DateTimeField(_("last used"), default=timezone.now)

    objects = OfferPictureQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("used_at",), name="offer_picture_by_use"),)
        verbose_name = _("offer’s picture")
        verbose_name_plural = _("offers’ pictures")

    def __str__(self) -> str:
        return self.url

    @staticmethod
    def key_of(url: str) -> str:
        """What pictures are found by: addresses are too long to be unique in every database."""
        return hashlib.sha256(url.encode()).hexdigest()

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

    def is_given_up(self, now: datetime) -> bool:
        """Whether it could not be had, and not so long ago that it is worth another try."""
        if self.state != self.State.UNAVAILABLE or self.tried_at is None:
            return False
        pause = LONG_PAUSE
        if self.reason in PASSING and self.attempts <= len(PAUSES):
            pause = PAUSES[max(self.attempts, 1) - 1]
        return self.tried_at + pause > now


class LookQuerySet(models.QuerySet["Look"]):
    def claimable(self, now: datetime) -> "LookQuerySet":
        """Those that a worker may take: waiting, or taken by a worker whose lease ran out."""
        return self.filter(Q(status=Look.Status.QUEUED) | Q(status=Look.Status.RUNNING, lease_until__lt=now))

    def unfinished(self) -> "LookQuerySet":
        return self.filter(status__in=Look.UNFINISHED)

    def of(self, job: SearchJob) -> "LookQuerySet":
        return self.filter(call__job=job)


class Look(models.Model):
    """Our eye's look at the offers of one call that is done: each offer's picture beside the photo."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)

    class Reason(models.TextChoices):
        """Why a look failed."""

        MODEL = "model", _("the model that compares pictures cannot be loaded")
        PHOTO = "photo", _("the photo can no longer be read")
        WORKER = "worker", _("the worker that compared pictures was lost, several times")

    call = models.OneToOneField(SearchCall, on_delete=models.CASCADE, related_name="look")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    # A claim is a worker's turn; an attempt is a turn that did not merely step aside for a search.
    claims = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    run_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    # For the page: of so many offers, so many are compared, and so many have no picture that can be had.
    offers = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)
    without = models.PositiveIntegerField(default=0)
    # The photo's own, so that the next page of the same photo need not make it again.
    query_vector = models.BinaryField(default=b"")
    query_version = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("status", "lease_until"), name="look_by_status"),
            models.Index(fields=("finished_at",), name="look_by_end"),
        )
        verbose_name = _("look at pictures")
        verbose_name_plural = _("looks at pictures")

    def __str__(self) -> str:
        return f"look at {self.offers} offers of call {self.call_id}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in self.UNFINISHED
