"""What people type about supplier lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from suppliers.models import SupplierList


class NameField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(**{"label": _("Name"), "max_length": 100, "widget": widget, **options})


class NewListForm(forms.Form):
    """`teams`: those in which its sender may start a list. One team needs no question."""

    name = NameField(help_text=_("For example the item and the season: “Spring bags”."))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)

    def __init__(self, data: Any = None, *, teams: QuerySet[Team]) -> None:
        super().__init__(data)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = teams
        self.only_team = teams[0] if len(teams) == 1 else None
        if self.only_team:
            del self.fields["team"]

    @property
    def chosen_team(self) -> Team:
        """The team of a valid form."""
        team: Team = self.only_team or self.cleaned_data["team"]
        return team


class RenameForm(forms.Form):
    name = NameField()


class SaveForm(forms.Form):
    """To which list the chosen offers go: one of the team's, or a new one."""

    supplier_list = forms.ModelChoiceField(
        SupplierList.objects.none(), label=_("Supplier list"), required=False, empty_label=_("Choose a list")
    )
    new_list = NameField(label=_("Or a new list"), required=False)

    def __init__(self, data: Any = None, *, lists: QuerySet[SupplierList]) -> None:
        super().__init__(data)
        field = self.fields["supplier_list"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = lists

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not values.get("supplier_list") and not values.get("new_list"):
            raise ValidationError(_("Choose a list, or name a new one."), code="required")
        return values
