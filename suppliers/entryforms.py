"""What people decide about entries: one form for one entry, one for many, and those of approvals and talk."""

import re
import unicodedata
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.attachments import AttachmentField
from accounts.models import Team, User
from searches.formats import plain
from searches.quantities import QuantityField
from suppliers.actions import Changes
from suppliers.models import (
    LONGEST_COMMENT,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_REMARK,
    LONGEST_TAG,
    MOST_TAGS,
    ListEntry,
    Status,
    tags_text,
)

BETWEEN_TAGS = re.compile(r"[,，、;；\n\t]")
NOBODY = "nobody"
LARGEST_VERSION = 2**31 - 1


class VersionField(forms.IntegerField):
    """Which version of the entry its editor saw."""

    def __init__(self) -> None:
        super().__init__(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)


class TagsField(forms.CharField):
    """Words between commas of any script; cleaned to what the column keeps."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "list": "known-tags"})
        super().__init__(**{"label": _("Tags"), "required": False, "max_length": 1000, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        tags = [" ".join(tag.split()) for tag in BETWEEN_TAGS.split(super().clean(value))]
        tags = [tag for tag in tags if tag]
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(gettext("A tag has up to %(most)d characters.") % {"most": LONGEST_TAG}, code="long")
        if len(tags) > MOST_TAGS:
            raise ValidationError(gettext("An offer has up to %(most)d tags.") % {"most": MOST_TAGS}, code="many")
        return tags_text(tags)


class PriceField(forms.DecimalField):
    """A price from 0 on, in the offer's currency; full-width digits are read."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        usual = {"required": False, "min_value": Decimal(0), "max_digits": 14, "decimal_places": 4, "widget": widget}
        super().__init__(**{**usual, **options})

    def to_python(self, value: Any) -> Any:
        return super().to_python(unicodedata.normalize("NFKC", str(value or ""))[:40].replace(",", "").strip())

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


class MemberField(forms.ModelChoiceField[User]):
    """A member of the team."""

    def __init__(self, **options: Any) -> None:
        usual = {"queryset": User.objects.none(), "required": False, "label": _("Looked after by")}
        super().__init__(**{**usual, "empty_label": _("nobody"), **options})

    def of(self, team: Team) -> None:
        self.queryset = User.objects.filter(memberships__team=team).order_by("username")


class EntryForm(forms.Form):
    """All that the team decides about one entry."""

    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_(
            "Needed to reject: “late samples”, “MOQ too high”. The team sees it when the offer turns up again."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    assignee = MemberField()
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    target_quantity = QuantityField(label=_("Quantity"), required=False)
    target_price = PriceField(label=_("Target price"))
    tags = TagsField(help_text=_("Between commas."))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = VersionField()

    def __init__(self, data: Any = None, *, entry: ListEntry) -> None:
        super().__init__(data, initial=initial_of(entry))
        members = self.fields["assignee"]
        assert isinstance(members, MemberField)  # noqa: S101  for the type checker
        members.of(entry.supplier_list.team)
        self.fields["target_price"].help_text = entry.currency

    def changes(self) -> Changes:
        # The fields are named as the columns are.
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return cast(Changes, values)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = VersionField()


class MoveForm(forms.Form):
    """On the board: only the status."""

    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=LONGEST_REASON)
    version = VersionField()


def _or_as_it_is(choices: Any) -> list[tuple[str, str | Promise]]:
    return [("", _("as it is")), *choices]


class BulkForm(forms.Form):
    """One change for many entries; what is left empty stays as it is."""

    status = forms.ChoiceField(label=_("Status"), required=False, choices=_or_as_it_is(Status.choices))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=LONGEST_REASON)
    assignee = forms.ChoiceField(label=_("Looked after by"), required=False)
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    target_quantity = QuantityField(label=_("Quantity"), required=False)
    tags = TagsField(label=_("Add tags"))

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, auto_id="bulk_%s")
        members = User.objects.filter(memberships__team=team).order_by("username")
        # By their ids, as a form sends them.
        self.members = {str(user.pk): user for user in members}
        chosen = [(NOBODY, _("nobody")), *((pk, str(user)) for pk, user in self.members.items())]
        field = self.fields["assignee"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = _or_as_it_is(chosen)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(values.get(name) for name in self.fields if name != "reason"):
            raise ValidationError(gettext("Choose what is to change: nothing was changed."), code="nothing")
        return values

    def changes(self) -> Changes:
        values = self.cleaned_data
        changes = Changes()
        if values["status"]:
            changes["status"] = values["status"]
            changes["reason"] = values["reason"]
        if values["assignee"]:
            changes["assignee"] = self.members.get(values["assignee"])
        if values["due_on"]:
            changes["due_on"] = values["due_on"]
        if values["target_quantity"]:
            changes["target_quantity"] = values["target_quantity"]
        return changes


class RemarkForm(forms.Form):
    """A word with a proposal, or with the answer to one."""

    text = forms.CharField(
        label=_("Remark"), required=False, max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = VersionField()


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST_COMMENT,
        help_text=_("@ and a name tells a member of the team: they find it on the page of the lists."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FileForm(forms.Form):
    file = AttachmentField()


def initial_of(entry: ListEntry) -> dict[str, Any]:
    return {
        "status": entry.status,
        "reason": entry.reason,
        "assignee": entry.assignee_id,
        "due_on": entry.due_on,
        "target_quantity": entry.target_quantity,
        "target_price": entry.target_price,
        "tags": ", ".join(entry.tag_list),
        "note": entry.note,
        "version": entry.version,
    }
