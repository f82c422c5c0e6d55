"""Writing history: one row for each thing that somebody did with an entry."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from searches.formats import plain
from suppliers.models import EntryEvent, ListEntry, tags_in


def event(entry: ListEntry, user: User, what: EntryEvent.What, before: str = "", after: str = "") -> EntryEvent:
    """An event that is not written yet: for those who write many at once."""
    return EntryEvent(entry=entry, who=user, what=what, before=before, after=after)


def record(entry: ListEntry, user: User, what: EntryEvent.What, before: str = "", after: str = "") -> None:
    event(entry, user, what, before, after).save()


def value_text(field: str, value: Any) -> str:
    """A column's value as history keeps it: keys for choices, ISO days, plain numbers, people by their names."""
    match value:
        case None:
            return ""
        case str() if field == "tags":
            return ", ".join(tags_in(value))
        case date():
            return value.isoformat()
        case Decimal() | int():
            return plain(value)
        case _:
            return str(value)
