"""Order quantities as people type them."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reckoning.tiers import MAX_QUANTITY

# What people set between thousands.
SEPARATORS = str.maketrans("", "", " ,，'’_\u00a0\u202f\u2009")


class QuantityField(forms.IntegerField):
    """Whole pieces: full-width digits and separators are read, what is no quantity is said in words."""

    default_error_messages = {  # noqa: RUF012  as Django's own fields have it
        "invalid": _("Give a whole number of pieces, such as 500."),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).translate(SEPARATORS)
            # Python refuses to read thousands of digits; nobody orders so much.
            if len(value) > 20:
                raise ValidationError(self.error_messages["invalid"] if not value.isdecimal() else _too_many())
        quantity = super().to_python(value)
        if quantity is not None and quantity < 1:
            raise ValidationError(_("An order has at least 1 piece."), code="too-few")
        if quantity is not None and quantity > MAX_QUANTITY:
            raise ValidationError(_too_many(), code="too-many")
        return quantity


def _too_many() -> str:
    return str(_("That is more than anybody orders: at most %(most)s pieces.") % {"most": f"{MAX_QUANTITY:,}"})
