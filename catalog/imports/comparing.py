"""What a row does to the catalogue: makes an item, changes one, brings one back, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from accounts.models import Team, User
from catalog.imports import troubles, values
from catalog.imports.fields import Field
from catalog.imports.rows import ItemRow, Value
from catalog.imports.troubles import Code, Trouble
from catalog.models import Item


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Verdict:
    """`item` is as it is to be written, not saved; None for a refused row. `changed`: its fields that differ."""

    row: ItemRow
    kind: Kind
    item: Item | None = None
    changed: list[Field] = field(default_factory=list)
    restored: bool = False
    troubles: list[Trouble] = field(default_factory=list)


def judge(row: ItemRow, item: Item | None, *, seen: Mapping[str, int], team: Team, owner: User | None) -> Verdict:
    """`item` is the team's of this code, None without one. `seen`: in which row each code stood first.

    The item is changed as the row says it, but not saved.
    """
    wrong = list(row.troubles)
    other = seen.get(row.code) if row.code else None
    if other is not None and other != row.number:
        wrong.append(troubles.of(Code.TWICE, text=row.code, other=other))
    if item is None and not row.values.get(Field.NAME) and not _is_about(wrong, Field.NAME):
        wrong.append(troubles.of(Code.NO_NAME))
    if any(trouble.refused for trouble in wrong):
        return Verdict(row, Kind.REFUSED, troubles=wrong)
    made = item or Item(team=team, code=row.code, created_by=owner)
    changed = [which for which, value in row.values.items() if _put(made, which, value)]
    if {Field.TIERS, Field.MOQ} & set(changed) and _contradictory(made):
        wrong.append(troubles.of(Code.MOQ_BEYOND_TIER, text=str(made.moq)))
        return Verdict(row, Kind.REFUSED, troubles=wrong)
    restored = made.archived_at is not None
    made.archived_at = None
    known = Kind.CHANGED if changed or restored else Kind.UNCHANGED
    return Verdict(row, Kind.NEW if item is None else known, made, changed, restored, wrong)


def _is_about(wrong: Iterable[Trouble], which: Field) -> bool:
    return any(trouble.details.get("field") == which for trouble in wrong)


def _put(item: Item, which: Field, value: Value) -> bool:
    """Whether it is another value than the item had."""
    before = getattr(item, which.value)
    if which is Field.TIERS:
        # In the form in which items keep them.
        tiers = cast(values.Tiers, value)
        same = item.price_tiers == tiers
        kept: Any = [[quantity, f"{amount:f}"] for quantity, amount in tiers]
    else:
        # A page's form ends lines as the web does.
        same = before.replace("\r\n", "\n").strip() == value if isinstance(before, str) else before == value
        kept = value
    if not same:
        setattr(item, which.value, kept)
    return not same


def _contradictory(item: Item) -> bool:
    """Whether the first tier could never be ordered."""
    tiers = item.price_tiers
    return len(tiers) > 1 and item.moq is not None and item.moq >= tiers[1][0]


def shown(value: Value) -> str:
    """As the page shows what is read."""
    match value:
        case list():
            return "; ".join(f"{quantity:,}+: {amount:f}" for quantity, amount in value)
        case Decimal():
            return f"{value:,f}"
        case bool():
            return str(value)
        case int():
            return f"{value:,}"
        case date():
            return value.isoformat()
    return str(value)
