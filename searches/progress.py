"""The state of a search's calls, in words: one group for each marketplace, however many pages it fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.formats import age, clock
from searches.models import SearchCall
from searches.rows import marketplace_label

Status = SearchCall.Status
# After so long something is in the way: many other calls, no worker, or no Valkey to ring them.
LONG_IN_THE_QUEUE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call, as the details of its group tell it."""

    page: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, once for all calls of a marketplace that it befell. `next` is "" when nothing tries again."""

    where: str
    code: str
    message: str
    remedy: str
    next: str
    request_id: str


@dataclass(frozen=True, slots=True)
class CallGroup:
    """All calls of one marketplace. `tone` is a pill's colour: ok, wait, bad, or none while it runs."""

    id: str
    name: str
    state: str
    tone: str
    busy: bool
    lines: list[CallLine]
    troubles: list[Trouble]


def groups_of(calls: Iterable[SearchCall]) -> list[CallGroup]:
    """`calls` come in the order of their marketplaces, as the model sorts them."""
    groups = groupby(calls, key=lambda call: call.marketplace)
    return [_group(marketplace_label(key), list(members)) for key, members in groups]


def _group(name: str, calls: list[SearchCall]) -> CallGroup:
    now = timezone.now()
    several = len(calls) > 1
    return CallGroup(
        id=f"calls-{calls[0].pk}",
        name=name,
        state=_state_of_group(calls, now) if several else _state(calls[0], now),
        tone=_tone(calls),
        busy=any(call.status in (Status.QUEUED, Status.RUNNING) for call in calls),
        lines=[CallLine(_page(call), _state(call, now), _tone([call])) for call in calls] if several else [],
        troubles=_troubles(name, calls),
    )


def _tone(calls: Sequence[SearchCall]) -> str:
    statuses = {call.status for call in calls}
    if Status.FAILED in statuses:
        return "bad"
    if statuses & {Status.WAITING, Status.CANCELLED}:
        return "wait"
    return "ok" if statuses == {Status.DONE} else ""


def _page(call: SearchCall) -> str:
    return _("page %(number)d") % {"number": call.page}


def _offers(calls: Iterable[SearchCall]) -> str:
    number = sum(call.offers_found for call in calls)
    return ngettext("%(number)d offer", "%(number)d offers", number) % {"number": number}


def _state(call: SearchCall, now: datetime) -> str:
    """What one call is doing or did."""
    if call.status == Status.WAITING:
        parts = {"time": clock(call.not_before, seconds=True), "reason": call.get_waits_for_display()}
        return _("waits until %(time)s for %(reason)s") % parts if call.waits_for else _("waits until %(time)s") % parts
    if call.status == Status.QUEUED and now - call.not_before > LONG_IN_THE_QUEUE:
        return _("queued until a worker is free")
    if call.status == Status.RUNNING:
        return _("is being fetched")
    if call.status == Status.FAILED:
        return _("failed: %(code)s") % {"code": call.error_code} if call.error_code else _("failed")
    if call.status == Status.DONE:
        return " · ".join(filter(None, (_offers([call]), _cached([call], now))))
    return call.get_status_display()


def _cached(calls: Iterable[SearchCall], now: datetime) -> str:
    times = [call.fetched_at for call in calls if call.from_cache and call.fetched_at]
    return _("cached, %(age)s old") % {"age": age(now - min(times))} if times else ""


def _state_of_group(calls: list[SearchCall], now: datetime) -> str:
    """The pages and offers so far, and the worst that is going on."""
    done = [call for call in calls if call.status == Status.DONE]
    pages = _("%(done)d of %(all)d pages") % {"done": len(done), "all": len(calls)}
    for status in (Status.FAILED, Status.WAITING, Status.CANCELLED):
        worst = next((call for call in calls if call.status == status), None)
        if worst:
            return f"{pages} · {_state(worst, now)}"
    return " · ".join(filter(None, (pages, _offers(done), _cached(done, now))))


def _troubles(name: str, calls: list[SearchCall]) -> list[Trouble]:
    troubled = [call for call in calls if call.error_message and call.status in (Status.FAILED, Status.WAITING)]
    befell: dict[tuple[str, str, str, str], list[SearchCall]] = {}
    for call in troubled:
        befell.setdefault((call.status, call.error_code, call.error_message, call.error_remedy), []).append(call)
    return [_trouble(name, members, several=len(calls) > 1) for members in befell.values()]


def _trouble(name: str, calls: list[SearchCall], *, several: bool) -> Trouble:
    call = calls[0]
    pages = ", ".join(str(member.page) for member in calls)
    attempt = {
        "next": call.attempts + 1,
        "most": settings.CALL_ATTEMPTS,
        "time": clock(call.not_before, seconds=True),
    }
    return Trouble(
        where=_("%(name)s, page %(pages)s") % {"name": name, "pages": pages} if several else name,
        code=call.error_code,
        message=_(call.error_message),
        remedy=_(call.error_remedy) if call.error_remedy else "",
        next="" if call.status == Status.FAILED else _("Attempt %(next)d of %(most)d follows at %(time)s.") % attempt,
        request_id=call.request_id,
    )
