"""What the catalogue adds to pages of rooms below: `{% load own_catalogue %}`."""

from typing import Any

from django import template

from catalog.fromentries import is_decided_for, item_of, may_add
from suppliers.models import ListEntry

register = template.Library()


@register.inclusion_tag("catalog/_of_entry.html", takes_context=True)
def catalogue_of_entry(context: dict[str, Any], entry: ListEntry) -> dict[str, Any]:
    """The item that was made of an entry, or the button that makes one, for whoever may of what is decided."""
    user = context["request"].user
    item = item_of(entry)
    offered = item is None and is_decided_for(entry) and may_add(user, entry)
    return {"entry": entry, "item": item, "offered": offered, "csrf_token": context.get("csrf_token")}
