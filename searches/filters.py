"""What the comparison and the history can be narrowed to. Every filter is a parameter of the URL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from searches.badges import IDENTITIES
from searches.marketplaces import Identity
from searches.models import SearchJob, Trait
from searches.offertable import MASKS, Mask, OfferTable, mask_of
from searches.quantities import QuantityField

# The preset of the source document: these two; the most similar first, and of equals the cheapest.
BEST = {"credit_from": "4", "similarity_from": "0.8", "sort": "-similarity"}
# By our own eye 0.8 is nearly the same photo, and other views of a product lie about 0.5 (decision 13).
BEST_IN_OTHER_VIEWS = BEST | {"similarity_from": "0.5"}
# What offers may be left out for.
HIDDEN = ("decided", "ads")
RECKONED_WITH = ("quantity", "costs", "weights", "rates")
LARGEST_ID = 2**63 - 1
# Larger than any price or quantity, and still within what the columns can be compared with.
LARGEST = 999_999_999


def with_preset(params: QueryDict) -> QueryDict:
    """The parameters with `best=1` spelled out, so that each of its parts can be taken away by itself."""
    if "best" not in params:
        return params
    spelled = params.copy()
    chosen = spelled.pop("best")
    for name, value in BEST.items() if any(chosen) else ():
        if not spelled.get(name):
            spelled[name] = value
    return spelled


def words_of(text: str) -> list[str]:
    """The words of a search: separated by blanks or commas, Chinese ones included."""
    for separator in ",，、;；":
        text = text.replace(separator, " ")
    return text.split()


class AnyValues(forms.MultipleChoiceField):
    """Any number of values, known or not: a value that no row has finds no row, it is no mistake."""

    def valid_value(self, value: str) -> bool:
        # PostgreSQL refuses NUL in a text.
        return len(value) <= 200 and "\0" not in value


# The values of `ships_within`, hours, and what they ask for.
SHIPPING = {"24": Trait.SHIPS_IN_24_HOURS, "48": Trait.SHIPS_IN_48_HOURS}


def identity_trait(value: str) -> Trait:
    """The bit of an identity, by its value."""
    return Trait[Identity(value).name]


def is_unset(value: object) -> bool:
    return value is None or value is False or value == "" or value == []


def _asked(name: str, value: Any) -> tuple[str, Any]:
    """The table's own name of a filter, and its value as the table takes it."""
    match name:
        case "identity":
            return "traits", reduce(or_, (identity_trait(one) for one in value))
        case "ships_within":
            return "traits", SHIPPING[value]
        case "dropshipping":
            return "traits", Trait.DROPSHIPPING
        case "title_any" | "title_all" | "title_none":
            return name, words_of(value)
        case _:
            return name, value


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A table and what it can be narrowed by. hidden: what is left out on demand, by the values of `hide`."""

    table: OfferTable
    hidden: Mapping[str, Mask]

    @classmethod
    def of(cls, table: OfferTable, decided: Iterable[tuple[str, str]]) -> "Narrowing":
        """decided: the offers that the team chose or rejected, by marketplace and id."""
        return cls(table, {"decided": mask_of(table, table.rows_of_offers(decided)), "ads": table.advertised})

    def mask(self, name: str, value: Any) -> Mask:
        """Which rows a filter lets through. value: as the form's field cleans it."""
        if name == "hide":
            left_out: Mask = reduce(or_, (self.hidden[one] for one in value))
            return ~left_out
        asked, wanted = _asked(name, value)
        return MASKS[asked](self.table, wanted)

    def masks(self, active: Mapping[str, Any]) -> dict[str, Mask]:
        """The same for the values of several filters, by their names."""
        return {name: self.mask(name, value) for name, value in active.items()}


def _number(label: StrOrPromise, field: type[forms.DecimalField | forms.IntegerField], **options: Any) -> forms.Field:
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
    options = {"min_value": 0, "max_value": LARGEST, "widget": widget, **options}
    return field(label=label, required=False, **options)


def _text(label: StrOrPromise, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, required=False, max_length=200, widget=widget)


def _any_of(choices: Iterable[str]) -> dict[str, Any]:
    return {"required": False, "choices": [(value, value) for value in choices]}


class MatchFilter(forms.Form):
    """The side of the comparison. A parameter that cannot be read is reported and has no effect."""

    price_from = _number(_("lowest price"), forms.DecimalField)
    price_to = _number(_("highest price"), forms.DecimalField)
    similarity_from = _number(_("similarity at least"), forms.DecimalField, max_value=1)
    photos_from = _number(_("photos that found it, at least"), forms.IntegerField)
    credit_from = _number(_("credit at least"), forms.IntegerField, max_value=5)
    years_from = _number(_("years at the marketplace, at least"), forms.IntegerField)
    medal_from = _number(_("trade medal at least"), forms.IntegerField, max_value=5)
    service_from = _number(_("service score at least"), forms.DecimalField, max_value=5)
    moq_to = _number(_("MOQ at most"), forms.IntegerField)
    title_any = _text(_("any of these words"), **{"data-hotkey": "/", "aria-keyshortcuts": "/"})
    title_all = _text(_("all of these words"))
    title_none = _text(_("none of these words"))
    supplier = _text(_("supplier's name contains"))
    place = AnyValues(label=_("place"), required=False)
    identity = forms.MultipleChoiceField(label=_("supplier is"), **_any_of(IDENTITIES))
    ships_within = forms.ChoiceField(label=_("ships within hours"), **_any_of(SHIPPING))
    dropshipping = forms.BooleanField(label=_("dropshipping"), required=False)
    marketplace = AnyValues(label=_("marketplace"), required=False)
    hide = forms.MultipleChoiceField(label=_("leave out"), **_any_of(HIDDEN))
    # These narrow nothing: what the figures are reckoned with.
    quantity = QuantityField(label=_("order quantity"), required=False)
    costs = forms.IntegerField(label=_("cost profile"), required=False, min_value=1, max_value=LARGEST_ID)
    weights = forms.IntegerField(label=_("score weights"), required=False, min_value=1, max_value=LARGEST_ID)
    rates = forms.DateField(label=_("exchange rates of"), required=False, input_formats=["%Y-%m-%d"])

    def clean(self) -> dict[str, Any]:
        """Prices the wrong way round are said, rather than nothing found."""
        data = super().clean() or {}
        lowest, highest = data.get("price_from"), data.get("price_to")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("price_to", _("The highest price is below the lowest."))
        return data

    def clean_rates(self) -> date | None:
        day: date | None = self.cleaned_data["rates"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day is still to come. Today’s exchange rates are used."), code="to-come")
        return day

    def active(self) -> dict[str, Any]:
        """The values that narrow the rows, by parameter."""
        return {name: value for name, value in self._valid().items() if name not in RECKONED_WITH}

    def reckoned_with(self) -> dict[str, Any]:
        """The quantity, the ids of the cost profile and the weights, and the day of the rates, as far as given."""
        return {name: value for name, value in self._valid().items() if name in RECKONED_WITH}

    def _valid(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if not is_unset(value)}


def _day_picker() -> forms.DateInput:
    """Browsers show the reader's own way of writing days, and send this one."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package has no types
    """The side of the history."""

    text = django_filters.CharFilter(method="by_text", label=_("title or keywords contain"), max_length=200)
    status = django_filters.ChoiceFilter(choices=SearchJob.Status.choices, label=_("state"), empty_label=_("any"))
    mine = django_filters.BooleanFilter(method="by_owner", label=_("only my searches"), widget=forms.CheckboxInput())
    since = django_filters.DateFilter(
        field_name="created_at", lookup_expr="date__gte", label=_("from"), widget=_day_picker()
    )
    until = django_filters.DateFilter(
        field_name="created_at", lookup_expr="date__lte", label=_("to"), widget=_day_picker()
    )

    class Meta:
        model = SearchJob
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, queryset: "QuerySet[SearchJob]", *, user: User) -> None:
        super().__init__(data, queryset)
        self.user = user

    def active(self) -> dict[str, Any]:
        """The values that narrow the searches, by parameter."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value and not is_unset(value)}

    def by_text(self, jobs: "QuerySet[SearchJob]", name: str, value: str) -> "QuerySet[SearchJob]":
        for word in words_of(value):
            jobs = jobs.filter(Q(title__icontains=word) | Q(keywords__icontains=word))
        return jobs

    def by_owner(self, jobs: "QuerySet[SearchJob]", name: str, value: bool) -> "QuerySet[SearchJob]":
        return jobs.filter(owner=self.user) if value else jobs
