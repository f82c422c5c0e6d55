"""Files that people attach: checked when they come, given out for saving only, and gone with their rows.

A model that keeps files derives from `Attachment`, and its app's `ready` connects `row_deleted` to the model's
post_delete: however a row goes, its file follows.
"""

import logging
import uuid
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.filetypes import SUFFIXES, FileType, type_of

logger = logging.getLogger(__name__)

FOLDER = "attachments/"
MOST_BYTES = 20_000_000
LONGEST_NAME = 200


def storage_name(attachment: "Attachment", filename: str) -> str:
    """Nothing of the user's name reaches the disk but the ending, which was checked."""
    drawn = uuid.uuid4().hex
    return f"{FOLDER}{drawn[:2]}/{drawn}{PurePath(filename).suffix.lower()}"


class Attachment(models.Model):
    """A file beside something that a team keeps."""

    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    name = models.CharField(_("file name"), max_length=LONGEST_NAME)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"), help_text=_("bytes"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("attached"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.name


class AttachmentField(forms.FileField):
    """One file of a kind that is taken. `cleaned_data` has the upload; `columns_of` makes a row of it."""

    default_error_messages = {  # noqa: RUF012  as Django declares it
        "required": _("Choose a file first."),
        "empty": _("This file is empty."),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)})
        super().__init__(**{"label": _("File"), "max_length": None, "widget": widget, "help_text": _help(), **options})

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            checked(upload)
        return upload


def checked(upload: "UploadedFile[bytes]") -> FileType:
    """What the file is. Raises `ValidationError`, coded too-large, ending, content."""
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(gettext("The file is larger than 20 MB: make it smaller, or split it."), code="too-large")
    ending = PurePath(upload.name or "").suffix.lower()
    if ending not in SUFFIXES:
        text = gettext("Files that end in %(ending)s are not taken. Attach pictures, PDF, XLSX, DOCX, CSV or TXT.")
        raise ValidationError(text % {"ending": ending[:20] or "“ ”"}, code="ending")
    kind = type_of(upload)  # type: ignore[arg-type]  # an uploaded file reads and seeks as any other
    if kind is None or ending not in kind.suffixes:
        text = gettext(
            "The file ends in %(ending)s, and its contents are something else: save it anew, and attach that."
        )
        raise ValidationError(text % {"ending": ending}, code="content")
    return kind


def columns_of(upload: "UploadedFile[bytes]") -> dict[str, Any]:
    """The columns of an `Attachment` for a checked upload. Raises `ValidationError` as `checked` does."""
    kind = checked(upload)
    return {"file": upload, "name": shown_name(upload.name or ""), "mime": kind.mime, "size": upload.size}


def shown_name(name: str) -> str:
    """Without folders and what no page shows, and short enough, its ending kept."""
    plain = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable()).strip()
    path = PurePath(plain)
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix}" if len(plain) > LONGEST_NAME else plain


def download(attachment: Attachment) -> FileResponse:
    """The file, for saving: no browser shows it within the portal. Raises Http404 when it is there no longer."""
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=attachment.name, content_type=attachment.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


def row_deleted(*, instance: Attachment, **_signal: object) -> None:
    """What Django calls for each attachment whose row it deletes: the file goes when that is committed."""
    name = instance.file.name
    if name:
        transaction.on_commit(lambda: _remove(name))


def named(names: "list[str]") -> set[str]:
    """Which of these files some row still names: for those who look for files without one."""
    return {
        name
        for model in _models()
        for name in model._default_manager.filter(file__in=names).values_list("file", flat=True)
    }


def _models() -> list[type[Attachment]]:
    return [model for model in Attachment.__subclasses__() if not model._meta.abstract]


def _remove(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError as error:
        # The row is gone, which is what was asked for; whoever looks for files without rows finds it.
        logger.warning("An attached file stays in the storage: %s", type(error).__name__)


def _help() -> Any:
    return _("Pictures, PDF, XLSX, DOCX, CSV or TXT, up to 20 MB.")
