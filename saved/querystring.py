"""The comparison's state as a saved thing keeps it: a query string, its parameters verbatim, in one order.

Two addresses of one state give the same text, so that a view can tell whether it was changed.
"""

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# As many characters as a view may have, and as many parameters: chosen photos, places and columns among them.
LONGEST = 4000
MOST_PARAMETERS = 300
# Which saved thing is open.
SAVED, VIEW = "saved", "view"
# Where in the rows somebody is, and which folded ones they opened, is no part of what is kept; nor is the day of the
# exchange rates: what is opened again is reckoned anew, and a link for somebody else keeps the day.
LEFT_OUT = frozenset({"page", "open", "move", "rates", SAVED, VIEW})


def canonical(text: str) -> str:
    """The state that an address' query string describes. Raises `ValidationError` for one that is too long."""
    try:
        pairs = parse_qsl(text.removeprefix("?"), max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise _too_long() from error
    # Sorted by name only: of one parameter's several values, the order may tell something.
    kept = sorted(((name, value) for name, value in pairs if name not in LEFT_OUT), key=lambda pair: pair[0])
    query = urlencode(kept)
    if len(query) > LONGEST:
        raise _too_long()
    return query


def same(one: str, other: str) -> bool:
    """Whether two query strings describe one state; what is too long to be kept is like nothing that is."""
    try:
        return canonical(one) == canonical(other)
    except ValidationError:
        return False


def address(path: str, query: str, **named: int | None) -> str:
    """The page in that state, with which saved thing it is."""
    parts = [query, urlencode({name: pk for name, pk in named.items() if pk is not None})]
    text = "&".join(part for part in parts if part)
    return f"{path}?{text}" if text else path


def _too_long() -> ValidationError:
    return ValidationError(
        _("This view has more filters than can be saved. Take some of them away, and save it then."), code="too-long"
    )
