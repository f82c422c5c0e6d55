"""How far a batch is, added up: one query, whatever its size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from batches.models import Batch, BatchRow
from searches.formats import age
from searches.marketplaces import CATALOG
from searches.models import Credential, SearchCall, SearchJob

Job, State = SearchJob.Status, BatchRow.State
# The states that the page can be narrowed to, by the word in its address.
CONDITIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "waiting": {"state__in": (State.READY, State.FETCHING), "started": False},
        "running": {"job__status__in": SearchJob.UNFINISHED},
        "done": {"job__status": Job.DONE},
        "partial": {"job__status": Job.PARTIAL},
        "failed": {"job__status": Job.FAILED},
        "cancelled": {"job__status": Job.CANCELLED},
        "deleted": {"state": State.READY, "started": True, "job": None},
        "refused": {"state": State.REFUSED},
        "duplicate": {"state": State.DUPLICATE},
    }
)
ENDED = ("done", "partial", "failed", "cancelled", "deleted")


def condition(state: str, path: str = "") -> Q:
    """Whether a row is in one of these states; `path` leads to the row, as in "rows__"."""
    return Q(**{f"{path}{name}": value for name, value in CONDITIONS[state].items()})


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows by state; `all` of them, and `ended` those that nothing more happens to."""

    all: int
    by_state: dict[str, int]

    @property
    def searched(self) -> int:
        return sum(self.by_state[name] for name in ENDED)

    @property
    def ended(self) -> int:
        return self.searched + self.by_state["refused"] + self.by_state["duplicate"]

    @property
    def left(self) -> int:
        return self.all - self.ended

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.all if self.all else 0


def add_up(batch: Batch) -> Totals:
    found = batch.rows.aggregate(
        all=Count("pk"), **{state: Count("pk", filter=condition(state)) for state in CONDITIONS}
    )
    return Totals(all=found.pop("all"), by_state=found)


def pace_of(batch: Batch, totals: Totals) -> str:
    """How fast it goes, how long the rest takes at that pace, and what the credentials' limits allow."""
    if batch.status != Batch.Status.RUNNING or batch.started_at is None:
        return ""
    parts = []
    elapsed = timezone.now() - batch.started_at
    if totals.searched and elapsed > timedelta(seconds=1):
        a_minute = totals.searched / (elapsed / timedelta(minutes=1))
        left = elapsed / totals.searched * totals.left
        parts.append(
            _("%(pace)s searches a minute, about %(time)s left") % {"pace": f"{a_minute:.0f}", "time": age(left)}
        )
    allowed = _calls_a_minute(batch)
    if allowed:
        parts.append(_("the marketplaces’ limits allow %(number)d calls a minute") % {"number": allowed})
    return " · ".join(parts)


def calls_made(batch: Batch) -> int:
    """Calls that were answered by a marketplace, not by the result cache or the team's own catalogue."""
    done = SearchCall.objects.filter(job__batch_row__batch=batch, status=SearchCall.Status.DONE, from_cache=False)
    return done.exclude(marketplace=CATALOG).count()


def _calls_a_minute(batch: Batch) -> int:
    credentials = Credential.objects.for_teams([batch.team_id]).filter(marketplace__in=batch.marketplaces)
    return sum(credentials.values_list("calls_per_minute", flat=True))
