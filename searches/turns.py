"""Whose turn it is: the credentials that a call may use, and the fair order of the calls that wait for their slots.

Calls without a free slot stand in line, as rows. The scheduler hands out slots as they become free: searches that
somebody waits for go before batches, and among equals that team is next which had the fewest calls in the last
window. A new call goes to the end of its team's line by itself when there is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from searches import doorbell, slots
from searches.models import Credential, SearchCall

Status = SearchCall.Status


def credentials_for(call: SearchCall) -> list[Credential]:
    """Those that the call's team may use: first the one that served the search before, then by turns."""
    allowed = list(Credential.objects.for_teams([call.job.team_id]).filter(marketplace=call.marketplace).order_by("pk"))
    shift = call.pk % len(allowed) if allowed else 0
    turned = allowed[shift:] + allowed[:shift]
    # Sorting is stable: True after False.
    return sorted(turned, key=lambda credential: credential.pk != call.credential_id)


def line_before(call: SearchCall) -> int:
    """How many calls wait for this one's marketplace that are not to be overtaken by it."""
    return _line(call.marketplace).filter(urgency__lte=call.urgency).exclude(pk=call.pk).count()


def anybody_in_line() -> bool:
    return _line().exists()


def estimate(call: SearchCall, credentials: Iterable[Credential], seconds: float) -> float:
    """Seconds until the call is likely served, when the next slot is free in so many."""
    before = _line(call.marketplace).filter(urgency__lte=call.urgency, pk__lt=call.pk).count()
    per_window = sum(credential.calls_per_minute for credential in credentials) or 1
    return seconds + before // per_window * settings.CALL_WINDOW_SECONDS


def hand_out() -> bool:
    """Ring for those whose turn it is, as many as there are free slots. Answers whether anybody stands in line.

    Raises `redis.RedisError`.
    """
    marketplaces = list(_line().order_by().values_list("marketplace", flat=True).distinct())
    for marketplace in marketplaces:
        credentials = list(Credential.objects.usable().filter(marketplace=marketplace).prefetch_related("teams"))
        chosen = [*_forsaken(marketplace, credentials), *_next_in_line(marketplace, credentials)]
        # Filtered again: another scheduler may have been faster.
        in_line = _line(marketplace).filter(pk__in=chosen)
        in_line.update(status=Status.QUEUED, not_before=timezone.now())
        doorbell.ring(SearchCall.objects.filter(pk__in=chosen, status=Status.QUEUED), first=True)
    return bool(marketplaces)


def _line(marketplace: str | None = None) -> QuerySet[SearchCall]:
    line = SearchCall.objects.filter(status=Status.WAITING, waits_for__in=SearchCall.IN_LINE)
    return line.filter(marketplace=marketplace) if marketplace else line


def _forsaken(marketplace: str, credentials: list[Credential]) -> Iterator[int]:
    """The ids of calls whose team may use none of the credentials any more: they are to be told."""
    if any(credential.for_all_teams for credential in credentials):
        return
    allowed = {team.pk for credential in credentials for team in credential.teams.all()}
    yield from _line(marketplace).exclude(job__team__in=allowed).values_list("pk", flat=True)


def _next_in_line(marketplace: str, credentials: list[Credential]) -> Iterator[int]:
    """The ids of the calls that get the free slots, in order."""
    free = {credential: _free_slots(credential) for credential in credentials}
    slots_left = sum(free.values()) - _on_their_way(marketplace)
    if slots_left <= 0:
        return
    had = _calls_of_teams(marketplace)
    lines: dict[tuple[int, int], list[int]] = defaultdict(list)
    place = Window(RowNumber(), partition_by=[F("job__team"), F("urgency")], order_by="pk")
    rows = _line(marketplace).annotate(place=place).filter(place__lte=slots_left).order_by("-pk")
    for urgency, team, pk in rows.values_list("urgency", "job__team", "pk"):
        lines[urgency, team].append(pk)
    # The most urgent, then the team that had least, then who came first.
    heads = [(urgency, had[team], line[-1], team) for (urgency, team), line in lines.items()]
    heapify(heads)
    while heads and slots_left > 0:
        urgency, calls, pk, team = heappop(heads)
        if calls < had[team]:
            # Its team had more urgent ones meanwhile.
            heappush(heads, (urgency, had[team], pk, team))
            continue
        credential = next((one for one, slots in free.items() if slots > 0 and _may_use(one, team)), None)
        if credential is None:
            continue
        free[credential] -= 1
        slots_left -= 1
        had[team] += 1
        line = lines[urgency, team]
        line.pop()
        yield pk
        if line:
            heappush(heads, (urgency, had[team], line[-1], team))


def _free_slots(credential: Credential) -> int:
    if credential.is_paused or (credential.is_on_trial and slots.is_being_tried(credential)):
        return 0
    free = slots.usage_of(credential, within_seconds=slots.SECONDS_SOON).free
    return min(free, 1) if credential.is_on_trial else free


def _on_their_way(marketplace: str) -> int:
    """Calls that were rung for and have not come to a worker yet: they will take a slot each."""
    return SearchCall.objects.filter(marketplace=marketplace, status=Status.QUEUED, claims__gt=0).count()


def _calls_of_teams(marketplace: str) -> dict[int, int]:
    """How many calls each team had lately."""
    began: datetime = timezone.now() - timedelta(seconds=settings.CALL_WINDOW_SECONDS)
    active = Q(status=Status.RUNNING) | Q(status=Status.QUEUED, claims__gt=0)
    # Without those that were cancelled in line.
    recent = Q(finished_at__gte=began, from_cache=False, attempts__gt=0)
    calls = SearchCall.objects.filter(active | recent, marketplace=marketplace)
    return defaultdict(int, calls.order_by().values_list("job__team").annotate(Count("pk")))


def _may_use(credential: Credential, team: int) -> bool:
    return credential.for_all_teams or any(allowed.pk == team for allowed in credential.teams.all())
