"""What a trial or an import came to, added up chunk by chunk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog.imports.comparing import Kind, Verdict
from catalog.imports.fields import Field


@dataclass(slots=True)
class Tally:
    """Rows by what they do; `restored` are among the changed ones. `pictures` are those that rows bring along."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    restored: int = 0
    pictures: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> "Tally":
        return cls(**{**held, "fields": Counter(held.get("fields", {}))})

    def as_json(self) -> dict[str, Any]:
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "restored": self.restored,
            "pictures": self.pictures,
            "fields": dict(self.fields),
        }

    def add(self, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            match verdict.kind:
                case Kind.NEW:
                    self.new += 1
                case Kind.CHANGED:
                    self.changed += 1
                    self.fields.update(which.value for which in verdict.changed)
                case Kind.UNCHANGED:
                    self.unchanged += 1
                case Kind.REFUSED:
                    self.refused += 1
            self.restored += verdict.restored

    @property
    def written(self) -> int:
        return self.new + self.changed

    def by_field(self) -> list[tuple[Field, int]]:
        """The fields that change, in an item's order."""
        return [(which, self.fields[which.value]) for which in Field if self.fields[which.value]]
