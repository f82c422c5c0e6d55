"""What is asked when offers are looked for, for items: where, how many, and for how many calls at most."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from searches.forms import marketplace_choices
from searches.marketplaces import CATALOG
from searches.models import SearchJob

MOST_CALLS = 1_000_000


class MatchForm(forms.Form):
    """An empty budget is what all of them need, as far as one batch takes them."""

    marketplaces = forms.MultipleChoiceField(
        label=_("Search at"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one marketplace.")},
    )
    wanted = forms.TypedChoiceField(
        label=_("Number of offers"),
        choices=SearchJob.Wanted.choices,
        coerce=int,
        help_text=_(
            "For each item. At most marketplaces every fifty of them are a call, and some take one more for the photo."
        ),
    )
    budget = forms.IntegerField(
        label=_("Budget of calls"),
        required=False,
        min_value=1,
        max_value=MOST_CALLS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Items beyond it are not started: go on with them later."),
    )
    rights = forms.BooleanField(
        label=_("We may use these pictures for searching: they are ours, or their owners allow it."),
        error_messages={"required": _("Confirm that you may use these pictures; nothing was started.")},
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in marketplace_choices([team]) if choice[0] != CATALOG]
        marketplaces = self.fields["marketplaces"]
        if isinstance(marketplaces, forms.MultipleChoiceField):
            marketplaces.choices = choices
        self.initial.setdefault("wanted", SearchJob.Wanted.FIFTY)
        if len(choices) == 1:
            self.initial["marketplaces"] = [choices[0][0]]
        else:
            # A marketplace may be there no more.
            there = {key for key, _label in choices}
            self.initial["marketplaces"] = [key for key in self.initial.get("marketplaces", ()) if key in there]
