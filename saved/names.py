"""Names as people give them."""

import unicodedata
from typing import Any

from django.db.models import Model
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import Team, User
from saved.models import LONGEST_NAME

# Unicode's own frame around words of either direction (UAX #9): what is inside cannot turn the sentence around it.
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


def tidy(name: str) -> str:
    """On one line, blanks made one, without control characters. Marks that join or turn characters are kept."""
    shown = "".join(" " if unicodedata.category(character) == "Cc" else character for character in name)
    return " ".join(shown.split())


def framed(name: str) -> str:
    """For a sentence that a page shows as plain text."""
    return f"{ISOLATE}{name}{END_OF_ISOLATE}"


def free_name(model: type[Model], *, team: Team, user: User, wanted: str) -> str:
    """The name, or the next that the user has not given in this team yet: “Bags”, “Bags (2)”, …"""
    rows: Any = model._default_manager.filter(team=team, owner=user)
    taken = set(rows.annotate(lowered=Lower("name")).values_list("lowered", flat=True))
    name, number = wanted, 1
    # Databases differ in the letters that they know small forms of; both ways of lowering are asked.
    while name.lower() in taken or name in taken:
        number += 1
        ending = _(" (%(number)d)") % {"number": number}
        name = wanted[: LONGEST_NAME - len(ending)] + ending
    return name
