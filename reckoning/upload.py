"""What an uploaded file of rates would change, and changing it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reckoning.models import ExchangeRate
from reckoning.ratefile import RateRow
from reckoning.words import plain

# A rate that moves more than this is more often a mistyped or an inverted one.
LEAP = Decimal("0.2")


class Step(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Planned:
    """A row and what it does. `before`: the rate of the same day that it replaces, or the newest one of the pair before
    its day; `leap`: how far it is from that, as a share, where that is suspiciously far."""

    row: RateRow
    step: Step
    before: Decimal | None
    leap: Decimal | None


def plan(rows: Iterable[RateRow]) -> list[Planned]:
    """In one query, whatever the number of rows."""
    rows = list(rows)
    kept = _kept(rows)
    found = []
    for row in rows:
        of_pair = kept.get((row.source, row.target), [])
        place = bisect_right(of_pair, row.valid_on, key=itemgetter(0))
        day, before = of_pair[place - 1] if place else (None, None)
        same_day = before if day == row.valid_on else None
        step = Step.NEW if same_day is None else Step.SAME if same_day == row.rate else Step.CHANGED
        found.append(Planned(row, step, before, _leap(before, row.rate)))
    return found


@transaction.atomic
def take(*, rows: Iterable[RateRow], user: User, file_name: str) -> tuple[int, int]:
    """Write what is new or changed, with an entry of the history each. Returns how many were new, and changed."""
    planned = [one for one in plan(rows) if one.step is not Step.SAME]
    now = timezone.now()
    rates = [
        ExchangeRate(
            source=one.row.source,
            target=one.row.target,
            rate=one.row.rate,
            valid_on=one.row.valid_on,
            note=one.row.note,
            added_by=user,
            added_at=now,
        )
        for one in planned
    ]
    written = ExchangeRate.objects.bulk_create(
        rates,
        update_conflicts=True,
        unique_fields=("source", "target", "valid_on"),
        update_fields=("rate", "note", "added_by", "added_at"),
        batch_size=500,
    )
    _log(user, written, planned, file_name)
    new = sum(one.step is Step.NEW for one in planned)
    return new, len(planned) - new


def _kept(rows: Sequence[RateRow]) -> dict[tuple[str, str], list[tuple[date, Decimal]]]:
    """All rates of the pairs that the rows name, by their days."""
    found = ExchangeRate.objects.filter(
        source__in={row.source for row in rows}, target__in={row.target for row in rows}
    ).order_by("valid_on")
    kept: dict[tuple[str, str], list[tuple[date, Decimal]]] = {}
    for source, target, day, rate in found.values_list("source", "target", "valid_on", "rate"):
        kept.setdefault((source, target), []).append((day, rate))
    return kept


def _leap(before: Decimal | None, rate: Decimal) -> Decimal | None:
    if not before:
        return None
    share = rate / before - 1
    return share if abs(share) > LEAP else None


def _log(user: User, rates: Sequence[ExchangeRate], planned: Sequence[Planned], file_name: str) -> None:
    content_type = ContentType.objects.get_for_model(ExchangeRate)
    LogEntry.objects.bulk_create(
        (
            LogEntry(
                user_id=user.pk,
                content_type=content_type,
                object_id=str(rate.pk),
                object_repr=str(rate)[:200],
                action_flag=ADDITION if one.step is Step.NEW else CHANGE,
                change_message=_in_words(one, file_name),
            )
            for rate, one in zip(rates, planned, strict=True)
        ),
        batch_size=500,
    )


def _in_words(one: Planned, file_name: str) -> str:
    names = {
        "file": file_name,
        "line": one.row.line,
        "old": plain(one.before) if one.before else "",
        "new": plain(one.row.rate),
    }
    if one.step is Step.NEW:
        return _("Uploaded with %(file)s, line %(line)s: %(new)s.") % names
    return _("Uploaded with %(file)s, line %(line)s: %(old)s → %(new)s.") % names
