"""A form's changes as the history keeps them: old and new values, and of what is write-only the name alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from searches.models import Credential

WRITE_ONLY = frozenset({"secret", "token"})
NOTHING = "–"


def added(form: forms.ModelForm[Credential]) -> str:
    """What a new credential began with."""
    begun = []
    for name, field in form.fields.items():
        value = _in_words(form.cleaned_data.get(name))
        if value != NOTHING:
            begun.append(str(field.label) if name in WRITE_ONLY else f"{field.label}: {value}")
    return _("Added. %(values)s.") % {"values": "; ".join(begun)}


def changed(form: forms.ModelForm[Credential]) -> str:
    changes = "; ".join(_changes(form))
    return _("Changed %(changes)s.") % {"changes": changes} if changes else _("Saved without a change.")


def deleted(credential: Credential) -> str:
    values = (credential.marketplace, credential.base_url, credential.app_key)
    return _("Deleted. %(values)s.") % {"values": "; ".join(filter(None, values))}


def _changes(form: forms.ModelForm[Credential]) -> Iterator[str]:
    for name in form.changed_data:
        label = str(form.fields[name].label)
        if name in WRITE_ONLY:
            yield label
            continue
        old, new = _in_words(form.initial.get(name)), _in_words(form.cleaned_data.get(name))
        if old != new:
            yield f"{label}: {old} → {new}"


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(sorted(str(item) for item in value if isinstance(item, Model))) or NOTHING
    return str(value)
