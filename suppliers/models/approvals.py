"""A buyer proposes a choice, a lead approves it or sends it back; each time is a row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.models.entries import ListEntry, Stage

LONGEST_REMARK = 1000


class Approval(models.Model):
    """One proposal, and what became of it. `figures` are those that were proposed, and so those that were approved."""

    class State(models.TextChoices):
        PROPOSED = Stage.PROPOSED.value, _("proposed")
        APPROVED = Stage.APPROVED.value, _("approved")
        SENT_BACK = Stage.SENT_BACK.value, _("sent back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="approvals")
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposal = models.CharField(max_length=LONGEST_REMARK, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=LONGEST_REMARK, blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("entry",),
                condition=Q(state__in=("proposed", "approved")),
                name="one_standing_approval_per_entry",
            ),
        )
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return self.state
