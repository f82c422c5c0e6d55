"""Two people changed one item: what it says now beside what the second of them wanted."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from catalog.models import Item
from catalog.rows import tier_lines
from searches.formats import plain
from suppliers.conflicts import Conflict, Meanwhile

FACTS = ("code", "name", "supplier_name", "url", "price", "currency", "moq", "tiers", "last_bought", "notes")


def meanwhile(item: Item, typed: Mapping[str, Any]) -> Meanwhile:
    """item: as it is now. typed: cleaned values by columns."""
    yours = Item(**{name: typed[name] for name in FACTS if name in typed})
    sides = [(_label(name), _shown(item, name), _shown(yours, name)) for name in FACTS]
    fields = [Conflict(label, now, mine, now != mine) for label, now, mine in sides]
    return Meanwhile(who="", fields=[field for field in fields if field.now or field.yours])


def with_current_version(data: QueryDict, item: Item) -> QueryDict:
    """What was typed, so that sending it once more builds on what its sender has now been shown."""
    renewed = data.copy()
    renewed["version"] = str(item.version)
    return renewed


def _label(name: str) -> str:
    label = str(Item._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # FACTS are columns
    return label[:1].upper() + label[1:]


def _shown(item: Item, name: str) -> str:
    value = getattr(item, name)
    if name == "tiers":
        return "\n".join(tier_lines(item))
    if name in ("price", "moq"):
        return "" if value is None else plain(value)
    if name == "last_bought":
        return value.isoformat() if value else ""
    return str(value)
