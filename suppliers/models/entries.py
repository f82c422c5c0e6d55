"""An offer on a list: a frozen snapshot, and what the team decides about it."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import TeamScopedQuerySet, User
from reckoning.tiers import MAX_QUANTITY
from searches.models import OfferFields, QueryImage, SupplierMatch
from suppliers.models.lists import SupplierList
from suppliers.models.pictures import KeptPicture

LONGEST_NOTE = 2000
LONGEST_REASON = 500
LONGEST_TAG, MOST_TAGS = 40, 20


class Status(models.TextChoices):
    """How far the team is with an offer, in the order of the work."""

    CANDIDATE = "candidate", pgettext_lazy("of an offer", "candidate")
    CONTACTED = "contacted", pgettext_lazy("of an offer", "contacted")
    SAMPLE_ORDERED = "sample-ordered", pgettext_lazy("of an offer", "sample ordered")
    SAMPLE_APPROVED = "sample-approved", pgettext_lazy("of an offer", "sample approved")
    CHOSEN = "chosen", pgettext_lazy("of an offer", "chosen")
    REJECTED = "rejected", pgettext_lazy("of an offer", "rejected")


# Nothing is left to find out about these.
DECIDED = (Status.CHOSEN, Status.REJECTED)


class Stage(models.TextChoices):
    """Where the choice of an offer stands between the buyer who proposes it and the lead who approves it."""

    NONE = "", pgettext_lazy("approval", "not proposed")
    PROPOSED = "proposed", pgettext_lazy("approval", "proposed")
    APPROVED = "approved", pgettext_lazy("approval", "approved")
    SENT_BACK = "sent-back", pgettext_lazy("approval", "sent back")


# What somebody relies on, and so does not change without a word.
HELD = (Stage.PROPOSED, Stage.APPROVED)


class Snapshot(OfferFields):
    """An offer as it was at one moment: its figures, its picture, and the exchange rate of that day."""

    # The photo that found the offer; its search may be gone.
    query_image = models.ForeignKey(QueryImage, on_delete=models.SET_NULL, null=True, related_name="%(class)s_set")
    picture = models.ForeignKey(KeptPicture, on_delete=models.SET_NULL, null=True, related_name="%(class)s_set")
    # So many of `rate_currency` for one of `currency`.
    rate = models.DecimalField(_("exchange rate"), max_digits=20, decimal_places=10, null=True)
    rate_currency = models.CharField(max_length=3, blank=True)
    rate_on = models.DateField(null=True)

    class Meta:
        abstract = True


class ListEntryQuerySet(TeamScopedQuerySet["ListEntry"]):
    """Entries are seen, and changed, by those who see and change their list."""

    team_path = "supplier_list__team"

    def for_user(self, user: User | AnonymousUser) -> "ListEntryQuerySet":
        return self.filter(supplier_list__in=SupplierList.objects.for_user(user))

    def editable_by(self, user: User | AnonymousUser) -> "ListEntryQuerySet":
        return self.filter(supplier_list__in=SupplierList.objects.editable_by(user))


class ListEntry(Snapshot):
    """An offer as it was when somebody saved it. It outlives the search that found it."""

    supplier_list = models.ForeignKey(SupplierList, on_delete=models.CASCADE, related_name="entries")
    source_match = models.ForeignKey(SupplierMatch, on_delete=models.SET_NULL, null=True, related_name="list_entries")
    query_image = models.ForeignKey(QueryImage, on_delete=models.SET_NULL, null=True, related_name="list_entries")
    picture = models.ForeignKey(KeptPicture, on_delete=models.SET_NULL, null=True, related_name="list_entries")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("saved"))
    # When today's values were last taken over; never, and the snapshot is that of `added_at`.
    refreshed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    refreshed_at = models.DateTimeField(null=True)

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.CANDIDATE)
    status_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="assigned_entries",
        verbose_name=_("looked after by"),
    )
    due_on = models.DateField(_("due"), null=True)
    # Each between line breaks, so that one is found by `contains` in every database.
    tags = models.TextField(_("tags"), blank=True)
    note = models.TextField(
        _("note"), max_length=LONGEST_NOTE, validators=[MaxLengthValidator(LONGEST_NOTE)], blank=True
    )
    target_quantity = models.PositiveIntegerField(
        _("quantity"), null=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_QUANTITY)]
    )
    # In the offer's currency.
    target_price = models.DecimalField(
        _("target price"), max_digits=14, decimal_places=4, null=True, validators=[MinValueValidator(0)]
    )
    # Of its latest `Approval`, which has the rest.
    stage = models.CharField(_("approval"), max_length=20, choices=Stage, default=Stage.NONE, blank=True)
    # Counts the changes: who changes an older one than there is, is told.
    version = models.PositiveIntegerField(default=1)

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("supplier_list", "marketplace", "offer_id"),
                name="one_entry_per_list_marketplace_and_offer",
                violation_error_message=_("This offer is on the list already."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REJECTED) | ~Q(reason=""),
                name="rejected_entries_have_a_reason",
                violation_error_message=_("Say why it is rejected: the team will ask in half a year."),
            ),
        )
        indexes = (
            models.Index(fields=("supplier_list", "status", "added_at"), name="entry_by_status"),
            # What a search's page asks: on which lists are these offers?
            models.Index(fields=("offer_id", "marketplace"), name="entry_by_offer"),
        )
        verbose_name = _("entry")
        verbose_name_plural = _("entries")

    def get_absolute_url(self) -> str:
        return reverse("suppliers:entry", args=[self.supplier_list_id, self.pk])

    @property
    def tag_list(self) -> list[str]:
        return tags_in(self.tags)

    @property
    def is_held(self) -> bool:
        """Whether its figures, its quantity and its status wait for a lead, or are approved."""
        return self.stage in HELD

    @property
    def is_decided(self) -> bool:
        return self.status in DECIDED

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today and not self.is_decided


class EntrySnapshot(Snapshot):
    """What an entry showed before somebody took over newer values."""

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="snapshots")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("-taken_at", "-pk")
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")


def tags_in(text: str) -> list[str]:
    """The tags of a column, in their order."""
    return text.split("\n")[1:-1]


def tags_text(tags: Iterable[str]) -> str:
    """What the column keeps; the same word in other letters is the same tag."""
    cleaned = (" ".join(tag.split())[:LONGEST_TAG] for tag in tags)
    known = {tag.casefold(): tag for tag in reversed([tag for tag in cleaned if tag])}
    kept = sorted(known.values(), key=str.casefold)[:MOST_TAGS]
    return f"\n{chr(10).join(kept)}\n" if kept else ""
