"""How often credentials were used, day by day, for their administrators and for a limiter that lost its memory."""

from datetime import date, datetime, timedelta, timezone

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from searches.models.credential import Credential

# The marketplaces count days in China's time.
CHINA = timezone(timedelta(hours=8), "UTC+8")
CALLS, CACHED = "calls", "cached"


def china_day(moment: datetime | None = None) -> date:
    """The marketplaces' day at a moment, by default now."""
    return (moment or clock.now()).astimezone(CHINA).date()


class CallCount(models.Model):
    """So many times a credential met one `outcome` on one day: "calls", "cached", or an error's kind."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="call_counts")
    day = models.DateField(_("day"), help_text=_("in China"))
    outcome = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("credential", "day", "outcome"), name="one_count_per_day_and_outcome"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.outcome}: {self.number}"


def count(credential: Credential, outcome: str) -> None:
    """Add one, today. A credential that was deleted meanwhile is left alone."""
    today = CallCount.objects.filter(credential=credential.pk, day=china_day(), outcome=outcome)
    if today.update(number=F("number") + 1):
        return
    try:
        with transaction.atomic():
            CallCount.objects.create(credential_id=credential.pk, day=china_day(), outcome=outcome, number=1)
    except IntegrityError:
        # Another process was first today; or the credential is gone, and this changes nothing.
        today.update(number=F("number") + 1)


def calls_today(credential: Credential) -> int:
    found = CallCount.objects.filter(credential=credential.pk, day=china_day(), outcome=CALLS)
    return found.values_list("number", flat=True).first() or 0


def counts_since(credential: Credential, day: date) -> dict[date, dict[str, int]]:
    """What was counted on each day from `day` on, by outcome; days without anything are left out."""
    counts: dict[date, dict[str, int]] = {}
    found = CallCount.objects.filter(credential=credential.pk, day__gte=day)
    for on, outcome, number in found.values_list("day", "outcome", "number"):
        counts.setdefault(on, {})[outcome] = number
    return counts
