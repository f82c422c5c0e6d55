"""Numbers as people type them: in any width, with commas between thousands, with a unit's sign around them."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reckoning.currencies import CODES, SYMBOLS
from reckoning.tiers import MAX_QUANTITY

# Longer than any number that fits, shorter than what a reader of numbers would labour over.
_LONGEST = 40
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_SIGNS = "¥$€£% "
NOT_A_NUMBER = _("Give a number, for example 1234.5.")


def plain_digits(text: str) -> str:
    """The number that is meant, in ASCII, without signs of units and commas between thousands.

    `１２，５００．５` becomes `12500.5`. What is no number stays what it is, for the field to refuse; so does `1,5`,
    which may mean one and a half or fifteen.
    """
    if len(text) > _LONGEST:
        return text
    bare = unicodedata.normalize("NFKC", text).strip(_SIGNS).replace("\u2212", "-").replace(" ", "")
    return bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare


class NumberField(forms.DecimalField):
    """A DecimalField behind a text field: browsers' number fields drop full-width digits before anybody sees them."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**{"error_messages": {"invalid": NOT_A_NUMBER}, **options})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = plain_digits(value)
            # "nan", "1e9" and other scripts' digits are numbers to Python, and not to people.
            if value and not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)", value, re.ASCII):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Without zeros at the end: 6.5, not 6.5000."""
        if isinstance(value, Decimal) and value.is_finite():
            return f"{value.normalize():f}"
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, plain_digits(data) if isinstance(data, str) else data)


class WholeField(NumberField):
    """A whole number, as an int."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"max_digits": None, "decimal_places": 0, "widget": widget, **options})

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number)


class QuantityField(WholeField):
    """Pieces: from 1 to 100,000,000."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Pieces"), "min_value": 1, "max_value": MAX_QUANTITY, **options})


class CurrencyField(forms.ChoiceField):
    """One of the common currencies; `also` are codes that are to be offered besides."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"choices": currency_choices(), **options})

    def offer(self, code: str) -> None:
        """A code that was chosen when it still was among the choices."""
        if code and code not in dict(currency_choices()):
            self.choices = [*currency_choices(), (code, code)]


def currency_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {SYMBOLS[code]}" if code in SYMBOLS else code) for code in CODES]
