"""What went wrong with a search's calls or holds them up, in words: what happened, what to do, what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from searches.formats import clock
from searches.marketplaces import ErrorKind
from searches.models import SearchCall

Status, Reason = SearchCall.Status, SearchCall.Reason
# Waits that somebody can do something about, whether or not an error stands behind them.
HELD_UP = (Reason.PAUSED, Reason.DAY)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, once for all calls of a marketplace that it befell. `next` is "" when nothing tries again.

    by: the credentials whose turn it was. stands: what the failure left whole.
    """

    where: str
    code: str
    message: str
    remedy: str
    next: str
    stands: str
    by: str
    request_id: str


def troubles_of(name: str, calls: Sequence[SearchCall], *, something_found: bool) -> list[Trouble]:
    """The troubles of one marketplace's calls. something_found: whether the search has offers all the same."""
    befell: dict[tuple[str, ...], list[SearchCall]] = {}
    for call in filter(_is_troubled, calls):
        what = (call.status, call.waits_for, call.error_code, call.error_message, call.error_remedy)
        befell.setdefault(what, []).append(call)
    return [
        _trouble(name, members, several=len(calls) > 1, something_found=something_found) for members in befell.values()
    ]


def credentials_of(calls: Iterable[SearchCall]) -> str:
    """Whose turn it was, by name."""
    return ", ".join(dict.fromkeys(call.credential_name for call in calls if call.credential_name))


def _is_troubled(call: SearchCall) -> bool:
    if call.status == Status.WAITING and call.waits_for in HELD_UP:
        return True
    return bool(call.error_message) and call.status in (Status.FAILED, Status.WAITING)


def _trouble(name: str, calls: list[SearchCall], *, several: bool, something_found: bool) -> Trouble:
    call = calls[0]
    failed = call.status == Status.FAILED
    pages = ", ".join(str(member.page) for member in calls)
    return Trouble(
        where=_("%(name)s, page %(pages)s") % {"name": name, "pages": pages} if several else name,
        code=call.error_code,
        message=_message(call),
        remedy=_remedy(call),
        next="" if failed else _next(call),
        stands=_("What was found besides stands below.") if failed and something_found else "",
        by=credentials_of(calls),
        request_id=call.request_id,
    )


def _message(call: SearchCall) -> str:
    if call.error_message:
        return _(call.error_message)
    if call.waits_for == Reason.DAY:
        return _("The calls that this marketplace’s credentials may make today are used up.")
    return _("This marketplace’s credential is paused, since its calls failed several times in a row.")


def _remedy(call: SearchCall) -> str:
    if call.error_remedy:
        return _(call.error_remedy)
    if call.status == Status.WAITING and call.waits_for == Reason.DAY:
        return _("An administrator can raise the day’s limit, or add another credential.")
    return ""


def _next(call: SearchCall) -> str:
    time = {"time": clock(call.not_before, seconds=True)}
    if call.waits_for == Reason.DAY:
        return _("The search goes on by itself at %(time)s.") % time
    if call.waits_for == Reason.PAUSED:
        return (
            _("The credential is paused until %(time)s, and is then tried again by itself.") % time
            + " "
            + _("Once the cause is mended, an administrator can end the pause at once.")
        )
    if call.error_kind == ErrorKind.THROTTLED:
        return _("The pace is lowered, and the search goes on by itself at %(time)s.") % time
    if call.variant and call.error_kind == ErrorKind.BAD_IMAGE and not call.attempts:
        return _("The changed picture is sent at once.")
    attempt = {"next": call.attempts + 1, "most": settings.CALL_ATTEMPTS}
    return _("Attempt %(next)d of %(most)d follows at %(time)s.") % (attempt | time)
