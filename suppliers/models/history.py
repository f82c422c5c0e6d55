"""Who did what with an entry, and when: written by the actions, and changed by nothing."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suppliers.models.entries import ListEntry


class AppendOnly(TypeError):
    """History is neither changed nor deleted; it goes with its entry."""


class EntryEventQuerySet(models.QuerySet["EntryEvent"]):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class EntryEvent(models.Model):
    """One thing that somebody did. `before` and `after` are values as the database keeps them, not words of a page."""

    class What(models.TextChoices):
        STATUS = "status", pgettext_lazy("changed", "status")
        ASSIGNEE = "assignee", pgettext_lazy("changed", "looked after by")
        DUE = "due_on", pgettext_lazy("changed", "due")
        TAGS = "tags", pgettext_lazy("changed", "tags")
        NOTE = "note", pgettext_lazy("changed", "note")
        QUANTITY = "target_quantity", pgettext_lazy("changed", "quantity")
        TARGET_PRICE = "target_price", pgettext_lazy("changed", "target price")
        REASON = "reason", pgettext_lazy("changed", "reason")
        REFRESHED = "refreshed", _("took over today’s values")
        COMMENTED = "commented", _("commented")
        FILE_ADDED = "file-added", _("attached a file")
        FILE_REMOVED = "file-removed", _("removed a file")
        PROPOSED = "proposed", _("proposed the choice")
        APPROVED = "approved", _("approved the choice")
        SENT_BACK = "sent-back", _("sent the choice back")
        PROPOSAL_WITHDRAWN = "proposal-withdrawn", _("withdrew the proposal")
        APPROVAL_WITHDRAWN = "approval-withdrawn", _("withdrew the approval")

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="events")
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=20, choices=What)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    objects = EntryEventQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("entry", "at"), name="event_of_entry"),)
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.at} {self.what}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly
