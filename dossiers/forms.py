"""What people type about suppliers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.attachments import AttachmentField
from dossiers.models import LONGEST_DISPLAY_NAME, LONGEST_NOTE


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )


class FileForm(forms.Form):
    file = AttachmentField()


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_DISPLAY_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What your team calls this supplier. Empty: the newest name that its offers give."),
    )
