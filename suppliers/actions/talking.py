"""Comments, the people they name, and files beside an entry."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.attachments import columns_of
from accounts.models import User
from suppliers.history import record
from suppliers.mentions import Mentioned, mentioned_in
from suppliers.models import Attachment, Comment, EntryEvent, ListEntry, Mention

MOST_FILES = 20
What = EntryEvent.What


@transaction.atomic
def comment(*, user: User, entry: ListEntry, text: str) -> Mentioned:
    """Write below the entry; those who are named find it on their lists' page. Raises `ValidationError`."""
    written = Comment(entry=entry, author=user, text=text.strip())
    written.clean_fields(exclude=["entry", "author"])
    if len(written.text) > Comment._meta.get_field("text").max_length:  # type: ignore[operator]  # it has one
        raise ValidationError({"text": _("A comment has up to 4,000 characters.")}, code="too-long")
    written.save()
    mentioned = mentioned_in(written.text, entry.supplier_list)
    others = [person for person in mentioned.told if person != user]
    Mention.objects.bulk_create(Mention(comment=written, user=person) for person in others)
    record(entry, user, What.COMMENTED)
    return mentioned


@transaction.atomic
def mark_read(*, user: User, entry: ListEntry) -> None:
    """Whoever opens the entry has read what names them there."""
    Mention.objects.filter(user=user, comment__entry=entry, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def attach(*, user: User, entry: ListEntry, upload: "UploadedFile[bytes]") -> Attachment:
    """Keep a file beside the entry. Raises `ValidationError`: its kind, its size, or the 21st file."""
    columns: dict[str, Any] = columns_of(upload)
    # Locked: the count is true when two people attach at once.
    current = ListEntry.objects.select_for_update().get(pk=entry.pk)
    if current.attachments.count() >= MOST_FILES:
        text = _("An offer takes up to %(most)d files: remove one first.") % {"most": MOST_FILES}
        raise ValidationError({"file": text}, code="too-many")
    attachment = Attachment(entry=current, uploaded_by=user, **columns)
    attachment.save()
    record(current, user, What.FILE_ADDED, after=attachment.name)
    return attachment


@transaction.atomic
def remove_attachment(*, user: User, attachment: Attachment) -> None:
    record(attachment.entry, user, What.FILE_REMOVED, before=attachment.name)
    attachment.delete()
