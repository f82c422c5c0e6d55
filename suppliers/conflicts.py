"""Two people changed one entry: what it says now beside what the second of them wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suppliers.history import value_text
from suppliers.models import EntryEvent, ListEntry, Status


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field; `differs` where the two want different things."""

    label: str
    now: str
    yours: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Who changed the entry since it was shown, when, and how it differs from what was typed."""

    who: str
    fields: list[Conflict]


def meanwhile(entry: ListEntry, typed: Mapping[str, Any]) -> Meanwhile:
    """`entry`: as it is now. `typed`: cleaned values by columns. One query."""
    last = entry.events.select_related("who").first()
    rows = [_conflict(entry, name, value) for name, value in typed.items() if name in EntryEvent.What]
    return Meanwhile(who=str(last.who or "") if last else "", fields=[row for row in rows if row.now or row.yours])


def with_current_version(data: Any, entry: ListEntry) -> Any:
    """What was typed, so that sending it once more builds on what its sender has now been shown."""
    renewed = data.copy()
    renewed["version"] = str(entry.version)
    return renewed


def _conflict(entry: ListEntry, name: str, value: Any) -> Conflict:
    now, yours = (_shown(name, one) for one in (getattr(entry, name), value))
    return Conflict(str(EntryEvent.What(name).label), now, yours, now != yours)


def _shown(name: str, value: Any) -> str:
    if name == "status" and value in Status:
        return str(Status(value).label)
    return value_text(name, value)
