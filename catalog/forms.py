"""What people type about an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from catalog.models.items import LONGEST_CODE, LONGEST_NAME, LONGEST_NOTE
from reckoning.fields import CurrencyField, NumberField, WholeField
from reckoning.tiers import MAX_QUANTITY

MOST_TIERS, EMPTY_TIERS = 20, 3
LARGEST_VERSION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TierLine:
    """A row of the form as it was typed: from how many pieces on, at what price; and what is wrong with it."""

    number: int
    quantity: str
    price: str
    error: str = ""


class ItemForm(forms.Form):
    """All facts of an item. The tiers are rows of `tier_from` and `tier_price`; empty rows count for nothing."""

    code = forms.CharField(
        label=_("Own code"),
        max_length=LONGEST_CODE,
        help_text=_("What your team calls it: imports change the item of the same code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    supplier_name = forms.CharField(label=_("Supplier"), max_length=200, required=False)
    url = forms.URLField(
        label=_("Offer page"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("Where it can be bought again."),
    )
    price = NumberField(label=_("Price"), required=False, min_value=0, max_digits=14, decimal_places=4)
    currency = CurrencyField(label=_("Currency"))
    moq = WholeField(label=_("MOQ"), required=False, min_value=1, max_value=MAX_QUANTITY)
    last_bought = forms.DateField(
        label=_("Last bought"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, item: Item | None = None) -> None:
        initial = initial_of(item) if item else {"currency": "CNY"}
        super().__init__(data, initial=initial)
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyField)  # noqa: S101  for the type checker
        currency.offer(initial["currency"])
        typed = _typed(data) if data is not None else _as_typed(item)
        self._tiers: list[list[Any]] = []
        self.tier_lines = self._read(typed)

    @property
    def tiers(self) -> list[list[Any]]:
        """As items keep them. Of a valid form."""
        return self._tiers

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if any(line.error for line in self.tier_lines):
            raise ValidationError(gettext("Some price tiers cannot be read: see beside them."), code="tiers")
        return values

    def values(self) -> dict[str, Any]:
        """Of a valid form, by the columns' names."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return facts | {"tiers": self.tiers}

    def _read(self, typed: Sequence[tuple[str, str]]) -> list[TierLine]:
        lines, known = [], dict[int, Decimal]()
        for number, (quantity, price) in enumerate(typed, 1):
            error = ""
            if quantity or price:
                try:
                    start, at = _tier(quantity, price)
                    if start in known:
                        raise ValidationError(gettext("Two tiers start at the same quantity."))
                    known[start] = at
                except ValidationError as problem:
                    error = " ".join(problem.messages)
            lines.append(TierLine(number, quantity, price, error))
        self._tiers = [[start, f"{known[start].normalize():f}"] for start in sorted(known)]
        return lines


def initial_of(item: Item) -> dict[str, Any]:
    names = ("code", "name", "supplier_name", "url", "price", "currency", "moq", "last_bought", "notes", "version")
    return {name: getattr(item, name) for name in names}


def _tier(quantity: str, price: str) -> tuple[int, Decimal]:
    """Raises `ValidationError`."""
    if not (quantity and price):
        raise ValidationError(gettext("A tier needs both a quantity and a price."))
    start = WholeField(min_value=1, max_value=MAX_QUANTITY).clean(quantity)
    at = NumberField(min_value=0, max_digits=14, decimal_places=4).clean(price)
    return start, at


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    pairs = zip(data.getlist("tier_from"), data.getlist("tier_price"), strict=False)
    typed = [(quantity.strip(), price.strip()) for quantity, price in pairs][:MOST_TIERS]
    filled = [pair for pair in typed if any(pair)]
    return _with_empty(filled)


def _as_typed(item: Item | None) -> list[tuple[str, str]]:
    known = [(str(quantity), f"{price.normalize():f}") for quantity, price in item.price_tiers] if item else []
    return _with_empty(known)


def _with_empty(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return (lines + [("", "")] * EMPTY_TIERS)[: max(MOST_TIERS, len(lines))]
