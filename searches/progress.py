"""The state of a search's calls, in words: one group for each marketplace, however many photos and pages it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.formats import age, clock
from searches.marketplaces import ErrorKind
from searches.models import QueryImage, SearchCall
from searches.rows import marketplace_label
from searches.troubles import Numbers, Trouble, credentials_of, numbers_of, troubles_of

Status, Reason = SearchCall.Status, SearchCall.Reason
# After so long something is in the way: many other calls, no worker, or no Valkey to ring them.
LONG_IN_THE_QUEUE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call, as the details of its group tell it: which page, and of several photos which one.

    by: the credential whose turn it was.
    """

    page: str
    state: str
    tone: str
    by: str


@dataclass(frozen=True, slots=True)
class CallGroup:
    """All calls of one marketplace. `tone` is a pill's colour: ok, wait, bad, or none while it runs."""

    id: str
    name: str
    by: str
    state: str
    tone: str
    busy: bool
    lines: list[CallLine]
    troubles: list[Trouble]


def groups_of(calls: Iterable[SearchCall], photos: Sequence[QueryImage]) -> list[CallGroup]:
    """`calls` come in the order of their marketplaces, as the model sorts them; `photos` in theirs."""
    calls = list(calls)
    something_found = any(call.offers_found for call in calls)
    numbers = numbers_of(photos)
    groups = groupby(calls, key=lambda call: call.marketplace)
    return [_group(marketplace_label(key), list(members), numbers, something_found) for key, members in groups]


def photos_of(calls: Iterable[SearchCall]) -> list[QueryImage]:
    """The photos that calls are for, in the search's order: it writes its calls photo by photo."""
    return list({call.image_id: call.image for call in sorted(calls, key=lambda call: call.pk)}.values())


def unanswered(calls: Iterable[SearchCall], photos: Sequence[QueryImage]) -> list[int]:
    """The numbers of the photos to which no marketplace gave an answer, nor will."""
    answered = {call.image_id for call in calls if call.status == Status.DONE or call.status in SearchCall.UNFINISHED}
    return [number for number, photo in enumerate(photos, 1) if photo.pk not in answered]


def _group(name: str, calls: list[SearchCall], numbers: Numbers, something_found: bool) -> CallGroup:
    now = timezone.now()
    several = len(calls) > 1
    calls.sort(key=lambda call: (numbers.get(call.image_id, 0), call.page))
    return CallGroup(
        id=f"calls-{calls[0].pk}",
        name=name,
        by=credentials_of(calls),
        state=_state_of_group(calls, numbers, now) if several else _state(calls[0], now),
        tone=_tone(calls),
        busy=any(call.status in (Status.QUEUED, Status.RUNNING) for call in calls),
        lines=[_line(call, numbers, now) for call in calls] if several else [],
        troubles=troubles_of(name, calls, numbers, something_found=something_found),
    )


def _line(call: SearchCall, numbers: Numbers, now: datetime) -> CallLine:
    page = _("page %(number)d") % {"number": call.page}
    if numbers:
        page = _("photo %(photo)d, page %(page)d") % {"photo": numbers[call.image_id], "page": call.page}
    return CallLine(page, _state(call, now), _tone([call]), call.credential_name)


def _tone(calls: Sequence[SearchCall]) -> str:
    statuses = {call.status for call in calls}
    if Status.FAILED in statuses:
        return "bad"
    if statuses & {Status.WAITING, Status.CANCELLED}:
        return "wait"
    return "ok" if statuses == {Status.DONE} else ""


def _offers(calls: Iterable[SearchCall]) -> str:
    number = sum(call.offers_found for call in calls)
    return ngettext("%(number)d offer", "%(number)d offers", number) % {"number": number}


def _state(call: SearchCall, now: datetime) -> str:
    """What one call is doing or did."""
    if call.status == Status.WAITING:
        return _waits(call, now)
    if call.status == Status.QUEUED and now - call.not_before > LONG_IN_THE_QUEUE:
        return _("queued until a worker is free")
    if call.status == Status.RUNNING:
        return _("is being fetched")
    if call.status == Status.FAILED:
        return _("failed: %(code)s") % {"code": call.error_code} if call.error_code else _("failed")
    if call.status == Status.DONE:
        return " · ".join(filter(None, (_offers([call]), _cached([call], now))))
    return call.get_status_display()


def _waits(call: SearchCall, now: datetime) -> str:
    """For what, and until when, as far as that is known."""
    is_due = call.not_before <= now
    texts = {
        # The time is an estimate: others in the line may leave it, or be more urgent.
        Reason.SLOT: _("waits for a free slot") if is_due else _("waits for a free slot, until about %(time)s"),
        Reason.DAY: _("today’s calls are used up, goes on at %(time)s"),
        Reason.PAUSED: _("its credential is paused until %(time)s"),
        Reason.SAME: _("waits for another search that has just asked the same"),
        Reason.TOKEN: _("waits for a new access token"),
        Reason.VALKEY: _("waits for the server’s queue to come back"),
    }
    usual = _("tries again at %(time)s")
    if call.error_kind == ErrorKind.THROTTLED:
        usual = _("was too fast for the marketplace, goes on at %(time)s")
    text = texts.get(Reason(call.waits_for), usual) if call.waits_for else usual
    return text % {"time": clock(call.not_before, seconds=True)}


def _cached(calls: Iterable[SearchCall], now: datetime) -> str:
    times = [call.fetched_at for call in calls if call.from_cache and call.fetched_at]
    return _("cached, %(age)s old") % {"age": age(now - min(times))} if times else ""


def _state_of_group(calls: list[SearchCall], numbers: Numbers, now: datetime) -> str:
    """The pages and offers so far, and the worst that is going on."""
    done = [call for call in calls if call.status == Status.DONE]
    progress = _progress(calls, done, numbers)
    for status in (Status.FAILED, Status.WAITING, Status.CANCELLED):
        worst = [call for call in calls if call.status == status]
        if worst:
            return f"{progress} · {_of_photos(worst, numbers, _state(worst[0], now))}"
    # An offer that several photos found was counted with each of them: the page's head counts it once.
    return " · ".join(filter(None, (progress, "" if numbers else _offers(done), _cached(done, now))))


def _progress(calls: list[SearchCall], done: list[SearchCall], numbers: Numbers) -> str:
    pages = _("%(done)d of %(all)d pages") % {"done": len(done), "all": len(calls)}
    if not numbers:
        return pages
    asked = {call.image_id for call in calls}
    unfinished = {call.image_id for call in calls if call.status != Status.DONE}
    photos = _("%(done)d of %(all)d photos") % {"done": len(asked - unfinished), "all": len(asked)}
    return photos if len(calls) == len(asked) else f"{photos}, {pages}"


def _of_photos(calls: list[SearchCall], numbers: Numbers, state: str) -> str:
    """The state with the photos that are in it, where there are several."""
    if not numbers:
        return state
    named = ", ".join(map(str, sorted({numbers[call.image_id] for call in calls})))
    return _("photo %(numbers)s: %(state)s") % {"numbers": named, "state": state}
