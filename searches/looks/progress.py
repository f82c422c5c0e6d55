"""How far our eye is with a search, in the page's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.models import Look, SearchCall


@dataclass(frozen=True, slots=True)
class Looking:
    """All looks of a search. offers: to compare in all, of which `done` are. failed: why some were not, in words."""

    offers: int = 0
    done: int = 0
    is_unfinished: bool = False
    failed: str = ""

    @property
    def text(self) -> str:
        """ "" when nothing is going on."""
        if not self.is_unfinished:
            return ""
        told = {"done": f"{self.done:,}", "all": f"{self.offers:,}"}
        return _("pictures are being compared: %(done)s of %(all)s") % told


# Nothing is compared, nor was.
IDLE = Looking()


def looking_at(calls: Iterable[SearchCall]) -> Looking:
    """`calls`: the search's, read with their looks. Of a search that was cancelled nobody waits for them."""
    all_calls = list(calls)
    looks = [call.look for call in all_calls if hasattr(call, "look")]
    if not looks:
        return IDLE
    statuses = {call.status for call in all_calls}
    cancelled = SearchCall.Status.CANCELLED in statuses and not statuses & set(SearchCall.UNFINISHED)
    failed = [look for look in looks if look.status == Look.Status.FAILED]
    return Looking(
        offers=sum(look.offers for look in looks),
        done=sum(_done(look) for look in looks),
        is_unfinished=not cancelled and any(look.is_unfinished for look in looks),
        failed=_why(failed, len(looks)) if failed else "",
    )


def _done(look: Look) -> int:
    return min(look.offers, look.compared + look.without) if look.is_unfinished else look.offers


def _why(failed: list[Look], all_looks: int) -> str:
    reason = failed[0].get_reason_display()
    if len(failed) == all_looks:
        return _("Our own eye did not compare the pictures: %(reason)s.") % {"reason": reason}
    text = ngettext(
        "Our own eye did not compare the pictures of %(number)d page of offers: %(reason)s.",
        "Our own eye did not compare the pictures of %(number)d pages of offers: %(reason)s.",
        len(failed),
    )
    return text % {"number": len(failed), "reason": reason}
