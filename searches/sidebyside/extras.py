"""Rows of what a protocol sent beyond the fields that every offer has, under the protocol's own names."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from searches.sidebyside.candidates import Subject
from searches.sidebyside.values import UNKNOWN, Property, Value

MOST_ROWS, LONGEST_TEXT = 40, 300


def extra_rows(subjects: Sequence[Subject]) -> Iterator[Property]:
    """The names that any of the offers has, in the order in which they come."""
    names = dict.fromkeys(name for subject in subjects for name in _flat(subject))
    for name in list(names)[:MOST_ROWS]:
        yield Property(f"extra-{name}", name, _extra(name))


def _extra(name: str) -> Callable[[Subject], Value]:
    def of(subject: Subject) -> Value:
        found = _flat(subject).get(name)
        return UNKNOWN if found is None else Value(_told(found), chinese=True)

    return of


def _flat(subject: Subject) -> dict[str, Any]:
    """Objects one level deep have their names put before those in them."""
    flat: dict[str, Any] = {}
    extras = subject.offer.extras
    for name, value in extras.items() if isinstance(extras, dict) else ():
        if isinstance(value, dict):
            flat |= {f"{name} · {inner}": one for inner, one in value.items()}
        else:
            flat[str(name)] = value
    return {name: value for name, value in flat.items() if value not in (None, "", [], {})}


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
