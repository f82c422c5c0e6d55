"""What went wrong with a search's calls or holds them up, in words: what happened, what to do, what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _

from searches.formats import clock
from searches.marketplaces import ErrorKind
from searches.models import QueryImage, SearchCall

Status, Reason = SearchCall.Status, SearchCall.Reason
# Waits that somebody can do something about, whether or not an error stands behind them.
HELD_UP = (Reason.PAUSED, Reason.DAY)

# Of several photos the number of each, by its id.
Numbers: TypeAlias = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, once for all calls of a marketplace that it befell. `next` is "" when nothing tries again.

    by: the credentials whose turn it was. stands: what the failure left whole. replace: the numbers of the photos
    that would have to be others; "" where the photo is not to blame, or is the only one.
    """

    where: str
    code: str
    message: str
    remedy: str
    next: str
    stands: str
    by: str
    request_id: str
    replace: str


def numbers_of(photos: Sequence[QueryImage]) -> Numbers:
    """By the photos' ids, which of several each is, from 1; empty for a single one, which needs no number."""
    return {photo.pk: number for number, photo in enumerate(photos, 1)} if len(photos) > 1 else {}


def troubles_of(name: str, calls: Sequence[SearchCall], numbers: Numbers, *, something_found: bool) -> list[Trouble]:
    """The troubles of one marketplace's calls. something_found: whether the search has offers all the same."""
    befell: dict[tuple[str, ...], list[SearchCall]] = {}
    for call in filter(_is_troubled, calls):
        what = (call.status, call.waits_for, call.error_code, call.error_message, call.error_remedy)
        befell.setdefault(what, []).append(call)
    return [
        _trouble(_where(name, members, calls, numbers), members, numbers, something_found=something_found)
        for members in befell.values()
    ]


def credentials_of(calls: Iterable[SearchCall]) -> str:
    """Whose turn it was, by name."""
    return ", ".join(dict.fromkeys(call.credential_name for call in calls if call.credential_name))


def _is_troubled(call: SearchCall) -> bool:
    if call.status == Status.WAITING and call.waits_for in HELD_UP:
        return True
    return bool(call.error_message) and call.status in (Status.FAILED, Status.WAITING)


def _where(name: str, befallen: list[SearchCall], calls: Sequence[SearchCall], numbers: Numbers) -> str:
    """The marketplace, and which of its photos and pages, unless it has only one, or they are all of several photos."""
    if len(calls) == 1 or (numbers and len(befallen) == len(calls)):
        return name
    if not numbers:
        pages = ", ".join(str(call.page) for call in befallen)
        return _("%(name)s, page %(pages)s") % {"name": name, "pages": pages}
    # A photo whose first page fails has no other.
    page = _("%(number)d (page %(page)d)")
    photos = [
        str(numbers[call.image_id]) if call.page == 1 else page % {"number": numbers[call.image_id], "page": call.page}
        for call in befallen
    ]
    return _("%(name)s, photo %(photos)s") % {"name": name, "photos": ", ".join(photos)}


def _trouble(where: str, calls: list[SearchCall], numbers: Numbers, *, something_found: bool) -> Trouble:
    call = calls[0]
    failed = call.status == Status.FAILED
    to_blame = failed and call.error_kind == ErrorKind.BAD_IMAGE
    return Trouble(
        where=where,
        code=call.error_code,
        message=_message(call),
        remedy=_remedy(call),
        next="" if failed else _next(call),
        stands=_stands(calls, numbers) if failed and something_found else "",
        by=credentials_of(calls),
        request_id=call.request_id,
        replace=", ".join(map(str, _photos_of(calls, numbers))) if to_blame else "",
    )


def _photos_of(calls: Iterable[SearchCall], numbers: Numbers) -> list[int]:
    return sorted({numbers[call.image_id] for call in calls}) if numbers else []


def _stands(calls: Iterable[SearchCall], numbers: Numbers) -> str:
    if len(_photos_of(calls, numbers)) < len(numbers):
        return _("What the other photos found stands below.")
    return _("What was found besides stands below.")


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
