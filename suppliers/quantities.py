"""Quantities as people type them: full-width digits and separators, and what is none."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from suppliers.models import LARGEST_QUANTITY

SEPARATORS = str.maketrans("", "", ",，' \u00a0\u202f_")
# More digits than any quantity, and few enough to be read at once.
MOST_SIGNS = 40


class QuantityField(forms.IntegerField):
    """A number of pieces from 1 on; `５００`, `1,000` and `1 000` are read as they are meant."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"required": False, "widget": widget, **options})

    def to_python(self, value: Any) -> int | None:
        text = unicodedata.normalize("NFKC", str(value or ""))[: MOST_SIGNS + 1].translate(SEPARATORS)
        if not text:
            return None
        number = super().to_python(text) if len(text) <= MOST_SIGNS else None
        if number is None or not 1 <= number <= LARGEST_QUANTITY:
            text = _("Give a number of pieces from 1 to %(most)s.") % {"most": f"{LARGEST_QUANTITY:,}"}
            raise ValidationError(text, code="quantity")
        return number


def quantity_in(text: str) -> int | None:
    """The quantity of an address, None for none and for what is none."""
    try:
        return QuantityField().to_python(text)
    except ValidationError:
        return None
