"""A question and the calls that answer it. The row is the truth; the queue only rings."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet
from searches.imaging import Box
from searches.marketplaces import RetryWith, Sort
from searches.models.credential import Credential
from searches.models.image import QueryImage


class SearchJobQuerySet(TeamScopedQuerySet["SearchJob"]):
    pass


class SearchJob(models.Model):
    """One question: pictures of one item, parameters, and the marketplaces it goes to."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        PARTIAL = "partial", _("partly done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)
    MOST_PHOTOS = 8

    class Order(models.TextChoices):
        SIMILARITY = Sort.SIMILARITY.value, _("most similar first")
        PRICE = Sort.PRICE.value, _("cheapest first")
        PRICE_DESC = Sort.PRICE_DESC.value, _("dearest first")

    class Preparation(models.TextChoices):
        BASIC = "basic", _("basic: fitted and re-encoded")
        ENHANCED = "enhanced", _("enhanced: centred, more contrast, less noise")

    class Wanted(models.IntegerChoices):
        FIFTY = 50, "50"
        HUNDRED = 100, "100"
        TWO_HUNDRED = 200, "200"
        FIVE_HUNDRED = 500, "500"

    class Urgency(models.IntegerChoices):
        """Who is served first when the marketplace's limit makes searches wait."""

        INTERACTIVE = 0, _("somebody waits for it")
        BATCH = 1, _("part of a batch")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="search_jobs")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="search_jobs"
    )
    title = models.CharField(_("title"), max_length=200)
    images = models.ManyToManyField(QueryImage, related_name="search_jobs")
    image_url = models.URLField(_("image address"), max_length=1000, blank=True)
    preparation = models.CharField(_("preparation"), max_length=10, choices=Preparation, default=Preparation.BASIC)
    price_from = models.DecimalField(_("price from"), max_digits=12, decimal_places=2, null=True, blank=True)
    price_to = models.DecimalField(_("price to"), max_digits=12, decimal_places=2, null=True, blank=True)
    wholesale_only = models.BooleanField(_("wholesale only"), default=False)
    order = models.CharField(_("order"), max_length=12, choices=Order, default=Order.SIMILARITY)
    wanted = models.PositiveIntegerField(_("number of offers"), choices=Wanted, default=Wanted.HUNDRED)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    # The parts that are searched: a photo's id as text to left, top, right, bottom as fractions of it as shown. Of a
    # photo that is not named, all of it.
    crops = models.JSONField(_("parts of the photos"), default=dict, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency, default=Urgency.INTERACTIVE)
    fresh = models.BooleanField(_("bypass cached results"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    rights_confirmed_at = models.DateTimeField(_("right to use the picture confirmed"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # Counts how often our own similarities were written to its offers: what was read before is old then.
    looked = models.PositiveIntegerField(default=0, editable=False)

    objects = SearchJobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("team", "-created_at"), name="job_by_team_and_time"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(price_from__isnull=True) | Q(price_to__isnull=True) | Q(price_from__lte=F("price_to")),
                name="job_price_from_at_most_price_to",
                violation_error_message=_("The lowest price is above the highest."),
            ),
        )
        verbose_name = _("search")
        verbose_name_plural = _("searches")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("searches:detail", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.status in self.UNFINISHED

    def crop_of(self, image: int) -> Box | None:
        """The part of the photo with this id that is searched; None for all of it."""
        edges = self.crops.get(str(image))
        return Box(*edges) if edges else None

    @cached_property
    def photos(self) -> list[QueryImage]:
        """In the order in which they were given, by which they are numbered: the first is photo 1."""
        links = self.images.through._default_manager.filter(searchjob=self)
        return [link.queryimage for link in links.select_related("queryimage").order_by("pk")]


class SearchCallQuerySet(TeamScopedQuerySet["SearchCall"]):
    team_path = "job__team"

    def claimable(self, now: datetime) -> "SearchCallQuerySet":
        """Calls that a worker may take: due, or taken by a worker whose lease ran out."""
        # Who was rung for is due, whatever a clock says that was put back since.
        due = Q(status=SearchCall.Status.QUEUED) | Q(status=SearchCall.Status.WAITING, not_before__lte=now)
        abandoned = Q(status=SearchCall.Status.RUNNING, lease_until__lt=now)
        return self.filter(due | abandoned)


class SearchCall(models.Model):
    """One image × one marketplace × one page: the unit of work, of payment and of failure."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    PENDING = (Status.QUEUED, Status.WAITING)
    UNFINISHED = (*PENDING, Status.RUNNING)

    class Variant(models.TextChoices):
        """How the picture goes out: as prepared, or as a marketplace's refusal asked for."""

        PREPARED = "", _("as prepared")
        REENCODED = RetryWith.REENCODED.value, _("re-encoded")
        SMALLER = RetryWith.SMALLER.value, _("smaller")

    class Reason(models.TextChoices):
        """What a waiting call waits for."""

        SLOT = "slot", _("a free slot within the call limit")
        DAY = "day", _("a new day: today’s calls are used up")
        PAUSED = "paused", _("the marketplace’s credential, which is paused")
        SAME = "same", _("the same question, which another search has just asked")
        TOKEN = "token", _("a new access token")
        RETRY = "retry", _("the next attempt")
        VALKEY = "valkey", _("the server's queue to come back")

    # What calls wait for that stand in line for a slot: the scheduler says whose turn it is (turns.py).
    IN_LINE = (Reason.SLOT, Reason.DAY, Reason.PAUSED)

    job = models.ForeignKey(SearchJob, on_delete=models.CASCADE, related_name="calls")
    image = models.ForeignKey(QueryImage, on_delete=models.CASCADE, related_name="calls")
    marketplace = models.CharField(max_length=40)
    # Whose turn it was last, of those that share the marketplace's load. The name outlives the credential.
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="calls")
    credential_name = models.CharField(max_length=100, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=SearchJob.Urgency, default=SearchJob.Urgency.INTERACTIVE)
    page = models.PositiveIntegerField()
    page_size = models.PositiveIntegerField()

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    # A claim is a worker's turn; an attempt is a turn that was not merely a wait for a free slot.
    claims = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    # How often in a row the marketplace said that calls come too fast.
    throttles = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    run_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=10, choices=Reason, blank=True)
    variant = models.CharField(max_length=10, choices=Variant, default=Variant.PREPARED, blank=True)

    error_kind = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    error_remedy = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=100, blank=True)

    offers_found = models.PositiveIntegerField(default=0)
    offers_total = models.PositiveIntegerField(null=True)
    from_cache = models.BooleanField(default=False)
    # Parts of the photo that the marketplace took for its subject, as `SearchJob.crops` writes them.
    regions = models.JSONField(default=list)
    fetched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    # The end of the lease on the claiming worker's own clock (time.monotonic), which nobody puts right under it.
    ours_until: float | None = None

    objects = SearchCallQuerySet.as_manager()

    class Meta:
        ordering = ("marketplace", "image_id", "page")
        constraints = (
            models.UniqueConstraint(
                fields=("job", "image", "marketplace", "page"),
                name="one_call_per_job_image_marketplace_and_page",
            ),
        )
        indexes = (
            models.Index(fields=("status", "not_before"), name="call_by_status_and_time"),
            # The line for slots, and what each team had of them in the last window.
            models.Index(fields=("status", "waits_for", "marketplace", "urgency"), name="call_by_line"),
            models.Index(fields=("finished_at", "marketplace"), name="call_by_end"),
        )
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return f"{self.marketplace} · page {self.page} of search {self.job_id}"

    @property
    def crop(self) -> Box | None:
        """The part of its photo that is searched; None for all of it."""
        return self.job.crop_of(self.image_id)
