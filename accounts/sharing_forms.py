"""Who else sees a shared thing, and whether they may change it: one form for whatever is shared within a team."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User
from accounts.sharing import Audience, Shared


class SharingForm(forms.Form):
    """For a thing that is there already, or is about to be: then it needs its `team` and `owner`, and is saved first.

    `save` writes what a valid form says. The whole set of chosen people is what is ticked: somebody who left the team
    is not offered, and is chosen no longer once somebody shares anew.
    """

    audience = forms.ChoiceField(label=_("Who sees it"), choices=Audience.choices, widget=forms.RadioSelect)
    people = forms.TypedMultipleChoiceField(
        label=_("Chosen people"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Only members of the team can be chosen. Somebody may have left it.")},
    )
    shared_for_editing = forms.BooleanField(
        label=_("Those who see it may change it"),
        required=False,
        help_text=_("Viewers read only, wherever they are let in. Leads may change whatever the whole team sees."),
    )

    def __init__(self, data: Any = None, *, thing: Shared, **options: Any) -> None:
        self.thing = thing
        members = _members(thing.team, besides=thing.owner)
        options.setdefault("initial", _initial(thing))
        super().__init__(data, **options)
        people = self.fields["people"]
        assert isinstance(people, forms.TypedMultipleChoiceField)  # noqa: S101  for the type checker
        people.choices = members
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)  # noqa: S101  for the type checker
        if not members:
            # Nobody to choose: the question would have no answer.
            audience.choices = [choice for choice in Audience.choices if choice[0] != Audience.PEOPLE]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        audience = values.get("audience")
        if audience == Audience.PEOPLE and "people" in values and not values["people"]:
            self.add_error("people", gettext("Tick at least one person, or choose who else sees it."))
        return values

    @transaction.atomic
    def save(self) -> None:
        """Write it to the thing, which is saved already. Who no longer sees it keeps no right to change it."""
        values, thing = self.cleaned_data, self.thing
        thing.audience = values["audience"]
        thing.shared_for_editing = values["shared_for_editing"] and thing.audience != Audience.PRIVATE
        thing.save(update_fields=["audience", "shared_for_editing"])
        thing.people.set(values["people"] if thing.audience == Audience.PEOPLE else [])


def _members(team: Team, *, besides: User | None) -> list[tuple[int, str]]:
    """The people of the team by name, with the role of those who only read."""
    memberships = Membership.objects.filter(team=team).exclude(user=besides).select_related("user")
    named = [(member.user_id, _name_of(member)) for member in memberships]
    return sorted(named, key=lambda choice: (choice[1].casefold(), choice[0]))


def _name_of(member: Membership) -> str:
    name = str(member.user)
    if member.role != Membership.Role.VIEWER:
        return name
    return gettext("%(name)s (only reads)") % {"name": name}


def _initial(thing: Shared) -> dict[str, Any]:
    return {
        "audience": thing.audience,
        "people": list(thing.people.values_list("pk", flat=True)) if thing.pk else [],
        "shared_for_editing": thing.shared_for_editing,
    }
