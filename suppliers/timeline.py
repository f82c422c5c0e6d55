"""An entry's history as its page tells it: who did what, when, with the values in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from searches.formats import day_and_clock
from suppliers.models import EntryEvent, ListEntry, Status

What = EntryEvent.What
# Changes of a column: they have a value before and after.
OF_COLUMNS = frozenset(
    {What.STATUS, What.ASSIGNEE, What.DUE, What.TAGS, What.NOTE, What.QUANTITY, What.TARGET_PRICE, What.REASON}
)
MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """`what` in words; `before` and `after` are "" where there is nothing to show."""

    when: str
    who: str
    what: str
    before: str = ""
    after: str = ""
    is_change: bool = False


def timeline(entry: ListEntry) -> tuple[list[Line], int]:
    """The newest first, down to how the entry came here; and how many older ones are not shown. One query."""
    events: Sequence[EntryEvent] = list(entry.events.select_related("who")[: MOST_EVENTS + 1])
    left_out = entry.events.count() - MOST_EVENTS if len(events) > MOST_EVENTS else 0
    lines = [_line(event) for event in events[:MOST_EVENTS]]
    lines.append(_beginning(entry))
    return lines, left_out


def timelines(entries: Iterable[ListEntry]) -> dict[int, list[Line]]:
    """The same of many entries, all of it, the oldest first, by their ids: one query."""
    by_id = {entry.pk: entry for entry in entries}
    lines = {pk: [_beginning(entry)] for pk, entry in by_id.items()}
    events = EntryEvent.objects.filter(entry__in=by_id).select_related("who").order_by("at", "pk")
    for event in events:
        lines[event.entry_id].append(_line(event))
    return lines


def _beginning(entry: ListEntry) -> Line:
    return Line(day_and_clock(entry.added_at), _name(entry.added_by), _("saved it to the list"))


def _line(event: EntryEvent) -> Line:
    what = What(event.what)
    before, after = event.before, event.after
    if what == What.STATUS:
        before, after = _status(before), _status(after)
    is_change = what in OF_COLUMNS
    label = str(what.label)
    text = _("changed %(what)s") % {"what": label} if is_change else label
    return Line(day_and_clock(event.at), _name(event.who), text, before, after, is_change)


def _status(value: str) -> str:
    return str(Status(value).label) if value in Status else value


def _name(user: object) -> str:
    return str(user or _("somebody who left"))
