"""What people type about cost profiles and score weights."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from reckoning.fields import CurrencyField, NumberField, QuantityField, WholeField
from reckoning.models import CostProfile, ScoreWeights
from reckoning.models.weights import CRITERIA
from reckoning.scoring import MAX_WEIGHT

Row = TypeVar("Row", CostProfile, ScoreWeights)
CURRENCIES = ("target_currency", "freight_currency", "inspection_currency", "other_currency")
# (field, label, digits, digits after the point); the model knows the bounds.
NUMBERS = (
    ("freight_amount", _("Amount"), 14, 4),
    ("kg_per_piece", _("Kilograms a piece"), 9, 4),
    ("duty_percent", _("Duty, %"), 6, 3),
    ("agent_percent", _("Agent fee, percent of goods"), 6, 3),
    ("inspection_amount", _("Inspection"), 14, 4),
    ("other_amount", _("Amount"), 14, 4),
)


class KeptForm(forms.ModelForm[Row]):
    """Of a row that a team keeps under a name. `teams`: those in which a new one may be made; one needs no question.

    `version`: what its editor had before them.
    """

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: QuerySet[Team] | Sequence[Team] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_team = teams[0] if len(teams) == 1 else None
        team = self.fields["team"]
        if len(teams) > 1 and isinstance(team, forms.ModelChoiceField) and isinstance(teams, QuerySet):
            team.queryset = teams
        else:
            del self.fields["team"]
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["name"].label = _("Name")
        self.initial["version"] = self.instance.version

    @property
    def chosen_team(self) -> Team:
        """The team of a valid form for a new row."""
        team: Team = self.only_team or self.cleaned_data["team"]
        return team

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def validate_constraints(self) -> None:
        """Left to the action, which knows the team."""


class ProfileForm(KeptForm[CostProfile]):
    class Meta:
        model = CostProfile
        fields = (
            "name",
            "target_currency",
            "freight_kind",
            "freight_amount",
            "freight_currency",
            "kg_per_piece",
            "duty_percent",
            "duty_base",
            "agent_percent",
            "inspection_amount",
            "inspection_currency",
            "other_kind",
            "other_amount",
            "other_currency",
            "notes",
        )
        labels: ClassVar = {
            "freight_kind": _("Freight is paid"),
            "duty_base": _("Customs take it of"),
            "other_kind": _("Other costs are paid"),
            "notes": _("Notes"),
        }
        help_texts: ClassVar = {
            "name": _("For example the way and the country: “By air to Germany”."),
            "notes": _("For the team: whose offer this is, until when it holds."),
        }
        widgets: ClassVar = {"notes": forms.Textarea(attrs={"rows": 3})}

    target_currency = CurrencyField(label=_("Landed cost in"))
    freight_currency = CurrencyField(label=_("Currency"))
    inspection_currency = CurrencyField(label=_("Currency"))
    other_currency = CurrencyField(label=_("Currency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, digits, places in NUMBERS:
            self.fields[name] = NumberField(label=label, required=False, max_digits=digits, decimal_places=places)
        self.fields["kg_per_piece"].help_text = _(
            "Marketplaces seldom tell weights: this one is used for offers without, and the comparison says so."
        )
        self.fields["inspection_amount"].help_text = _("For the whole order.")
        self.fields["other_amount"].help_text = _("Insurance, packing, handling, the bank.")
        for name in CURRENCIES:
            field = self.fields[name]
            if isinstance(field, CurrencyField):
                field.offer(getattr(self.instance, name))
        self.order_fields(self._meta.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name, *_rest in NUMBERS:
            # Left empty is "nothing is paid"; only a weight may be unknown.
            if name != "kg_per_piece" and values.get(name, 0) is None:
                values[name] = Decimal(0)
        return values


class WeightsForm(KeptForm[ScoreWeights]):
    class Meta:
        model = ScoreWeights
        fields = ("name", *CRITERIA)
        help_texts: ClassVar = {"name": _("For example what they are for: “Long-term suppliers”.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CRITERIA:
            label = self.fields[name].label
            self.fields[name] = WholeField(label=label, min_value=0, max_value=MAX_WEIGHT, initial=0)

    @property
    def criteria(self) -> list[forms.BoundField]:
        return [self[name] for name in CRITERIA]


class ExampleForm(forms.Form):
    """The piece that is reckoned beside a profile."""

    price = NumberField(label=_("A piece at ¥"), min_value=Decimal("0.0001"), max_digits=14, decimal_places=4)
    quantity = QuantityField()
