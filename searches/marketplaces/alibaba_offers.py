"""How the open platform's rows become offers: by a table of their members. Pure functions of parsed JSON."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from searches.marketplaces.offers import Offer
from searches.marketplaces.readers import as_text, as_web_url, as_whole, reads_as

_UNREAD = (None, "")
_MOST_PIECES = 2_147_483_647


class Reading(NamedTuple):
    """How a member of a row becomes a field of an Offer. read: None or "" for what cannot be read.

    number: what texts may dress up ("from 5 pieces"); an original that says more than its number is kept.
    """

    field: str
    read: Callable[[Any], Any]
    number: bool = False


def text(field: str, limit: int) -> Reading:
    return Reading(field, partial(as_text, limit=limit))


def web_url(field: str) -> Reading:
    return Reading(field, as_web_url)


def pieces(field: str, low: int) -> Reading:
    """A number of pieces, at least `low`."""
    return Reading(field, partial(as_whole, low=low, high=_MOST_PIECES), number=True)


def read_fields(values: Mapping[str, object], table: Mapping[str, Reading]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields of an Offer by the table, and what they do not say: unknown members, unread ones, dressed-up numbers."""
    fields: dict[str, Any] = {}
    rest = {name: value for name, value in values.items() if value is not None and name not in table}
    for name, (field, read, number) in table.items():
        value = values.get(name)
        if value is None:
            continue
        known = read(value)
        if known or known not in _UNREAD:
            fields[field] = known
            if not number or reads_as(value, known):
                continue
        if value != "":
            rest[name] = value
    return fields, rest


def whole_offer(fields: dict[str, Any], *, title: str = "", **more: Any) -> Offer:
    """The offer of these fields, and of defaults for those that every offer has. title: where the row has none."""
    offer_id = fields.setdefault("offer_id", "")
    fields.setdefault("title", title)
    fields.setdefault("image_url", "")
    fields.setdefault("price", None)
    if "url" not in fields:
        fields["url"] = f"https://detail.1688.com/offer/{quote(offer_id, safe='')}.html"
    return Offer(currency="CNY", **fields, **more)
