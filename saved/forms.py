"""What people type about saved searches and views."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.scope import id_of
from saved import querystring
from saved.models import LONGEST_NAME, Named, SavedSearch
from saved.question import as_job
from saved.words import marketplace_name
from searches.actions import Question, marketplaces_for, question_of
from searches.models import SearchJob


class NameField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})
        super().__init__(**{"label": _("Name"), "max_length": LONGEST_NAME, "widget": widget, **options})


class IdField(forms.CharField):
    """An id that a page of ours put there: a number, or None for whatever else was sent."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        return id_of(str(value or ""))


class QueryField(forms.CharField):
    """A view, canonical."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        # The address' own text, percent signs and all: not stripped, and nothing in it is refused but its length.
        return querystring.canonical(str(value or ""))


class What(TextChoices):
    """What is kept of a comparison."""

    SEARCH = "search", _("the search: photos, question and view, to be run again")
    OF_SEARCH = "of-search", _("one more view of this saved search")
    VIEW = "view", _("the view alone, for any search of the team")


class SaveForm(forms.Form):
    """`of`: the saved search that is open, of which there may be one more view."""

    name = NameField(help_text=_("For example the item and what the view is for: “Duffle bags, landed under $5”."))
    what = forms.ChoiceField(label=_("What to save"), widget=forms.RadioSelect)
    query = QueryField()
    job = IdField()
    saved = IdField()

    def __init__(self, data: Any = None, *, of: SavedSearch | None, **options: Any) -> None:
        super().__init__(data, **options)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)  # noqa: S101  for the type checker
        what.choices = [choice for choice in What.choices if of or choice[0] != What.OF_SEARCH]
        self.initial.setdefault("what", What.OF_SEARCH if of else What.SEARCH)


class StateForm(forms.Form):
    """A comparison's state, and on which version of the saved thing it was made."""

    query = QueryField()
    version = IdField()
    job = IdField()


class RenameForm(forms.Form):
    name = NameField()
    version = IdField()

    def __init__(self, data: Any = None, *, thing: Named) -> None:
        super().__init__(data, initial={"name": thing.name, "version": thing.version})


class AskForm(forms.ModelForm[SearchJob]):
    """The question of a saved search, but for its photos. Runs that are there stay as they were asked."""

    marketplaces = forms.MultipleChoiceField(
        label=_("Search at"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one marketplace.")},
    )
    version = IdField()

    class Meta:
        model = SearchJob
        fields = ("price_from", "price_to", "wholesale_only", "keywords", "order", "wanted", "preparation")
        labels: ClassVar = {
            "price_from": _("Price from"),
            "price_to": _("Price to"),
            "wholesale_only": _("Wholesale offers only"),
            "order": _("Ask for"),
            "wanted": _("Number of offers"),
            "keywords": _("Words in the title"),
            "preparation": _("Preparing the photo"),
        }

    def __init__(self, data: Any = None, *, search: SavedSearch) -> None:
        initial = {"marketplaces": search.marketplaces, "version": search.version}
        super().__init__(data, instance=as_job(search), initial=initial)
        field = self.fields["marketplaces"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  for the type checker
        # One that is in use no more can be left in, or taken away; it is passed over until it is back.
        keys = dict.fromkeys([*marketplaces_for([search.team]), *search.marketplaces])
        field.choices = [(key, marketplace_name(key)) for key in keys]
        for name in ("price_from", "price_to"):
            self.fields[name] = forms.DecimalField(
                label=self.fields[name].label,
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=2,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": "¥", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        lowest, highest = values.get("price_from"), values.get("price_to")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("price_to", ValidationError(_("The highest price is below the lowest."), code="order"))
        return values

    def question(self) -> Question:
        """What a valid form asks, with the parts of photos as they were."""
        return question_of(self.instance)
