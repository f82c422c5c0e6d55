"""What the comparison and the history can be narrowed to. Every filter is a parameter of the URL."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from searches.badges import IDENTITIES
from searches.marketplaces import Identity
from searches.models import SearchJob, SupplierMatch, Trait

# The preset of the source document: these two; the most similar first, and of equals the cheapest.
BEST = {"credit_from": "4", "similarity_from": "0.8", "sort": "-similarity"}
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


def _title_has_any(text: str) -> Q:
    condition = Q()
    for word in words_of(text):
        condition |= Q(title__icontains=word)
    return condition


def _title_has_all(text: str) -> Q:
    return Q(*(Q(title__icontains=word) for word in words_of(text)))


def _title_has_none(text: str) -> Q:
    return Q(*(~Q(title__icontains=word) for word in words_of(text)))


class AnyValues(forms.MultipleChoiceField):
    """Any number of values, known or not: a value that no row has finds no row, it is no mistake."""

    def valid_value(self, value: str) -> bool:
        # PostgreSQL refuses NUL in a text.
        return len(value) <= 200 and "\0" not in value


# The values of `ships_within`, hours, and what they ask for.
SHIPPING = {"24": Trait.SHIPS_IN_24_HOURS, "48": Trait.SHIPS_IN_48_HOURS}


def _certified_as_any(values: list[str]) -> Q:
    return SupplierMatch.having(reduce(or_, (identity_trait(value) for value in values)))


def identity_trait(value: str) -> Trait:
    """The bit of an identity, by its value."""
    return Trait[Identity(value).name]


class ConditionFilter(django_filters.Filter):  # type: ignore[misc]  # the package has no types
    """A filter that is one condition, so that the side can count with it as well as without it."""

    def __init__(self, condition: Callable[[Any], Q], field: Callable[..., forms.Field], **options: Any) -> None:
        super().__init__(**options)
        self.condition = condition
        self.field_class = field

    def filter(self, qs: "QuerySet[SupplierMatch]", value: object) -> "QuerySet[SupplierMatch]":
        return qs if is_unset(value) else qs.filter(self.condition(value))


def is_unset(value: object) -> bool:
    return value is None or value is False or value == "" or value == []


def _number(
    condition: Callable[[Any], Q], label: str | Promise, field: type[forms.Field] = forms.DecimalField, **options: Any
) -> ConditionFilter:
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
    options = {"min_value": 0, "max_value": LARGEST, "widget": widget, **options}
    return ConditionFilter(condition, field, label=label, **options)


def _choices(choices: Iterable[str]) -> dict[str, Any]:
    return {"choices": [(value, value) for value in choices]}


def _text(condition: Callable[[Any], Q], label: str | Promise, **attrs: str) -> ConditionFilter:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return ConditionFilter(condition, forms.CharField, label=label, max_length=200, widget=widget)


class MatchFilterForm(forms.Form):
    """The side's fields together: prices the wrong way round are said, rather than nothing found."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lowest, highest = data.get("price_from"), data.get("price_to")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("price_to", _("The highest price is below the lowest."))
        return data


class MatchFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package has no types
    """The side of the comparison. A parameter that cannot be read is reported and has no effect."""

    price_from = _number(lambda value: Q(price__gte=value), _("lowest price"))
    price_to = _number(lambda value: Q(price__lte=value), _("highest price"))
    similarity_from = _number(lambda value: Q(similarity__gte=value), _("similarity at least"), max_value=1)
    photos_from = _number(
        lambda value: Q(photos_count__gte=value), _("photos that found it, at least"), forms.IntegerField
    )
    credit_from = _number(
        lambda value: Q(supplier_credit__gte=value), _("credit at least"), forms.IntegerField, max_value=5
    )
    moq_to = _number(lambda value: Q(moq__lte=value), _("MOQ at most"), forms.IntegerField)
    title_any = _text(_title_has_any, _("any of these words"), **{"data-hotkey": "/", "aria-keyshortcuts": "/"})
    title_all = _text(_title_has_all, _("all of these words"))
    title_none = _text(_title_has_none, _("none of these words"))
    supplier = _text(lambda value: Q(supplier_name__icontains=value), _("supplier's name contains"))
    place = ConditionFilter(lambda value: Q(supplier_location__in=value), AnyValues, label=_("place"))
    identity = ConditionFilter(
        _certified_as_any, forms.MultipleChoiceField, label=_("supplier is"), **_choices(IDENTITIES)
    )
    ships_within = ConditionFilter(
        lambda value: SupplierMatch.having(SHIPPING[value]),
        forms.ChoiceField,
        label=_("ships within hours"),
        **_choices(SHIPPING),
    )
    dropshipping = ConditionFilter(
        lambda _on: SupplierMatch.having(Trait.DROPSHIPPING), forms.BooleanField, label=_("dropshipping")
    )
    marketplace = ConditionFilter(lambda value: Q(marketplace__in=value), AnyValues, label=_("marketplace"))

    class Meta:
        model = SupplierMatch
        form = MatchFilterForm
        fields: tuple[str, ...] = ()

    def active(self) -> dict[str, Any]:
        """The values that narrow the rows, by parameter."""
        if not self.is_bound:
            return {}
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if not is_unset(value)}

    def conditions(self) -> dict[str, Q]:
        """The same as conditions, by parameter."""
        return {name: self.filters[name].condition(value) for name, value in self.active().items()}


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
