"""What people write into a supplier's record: one verb, one transaction each. Its first words make the record."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.attachments import columns_of
from accounts.models import User
from dossiers.counting import count_again, open_records, records_of
from dossiers.keys import SupplierKey
from dossiers.models import Note, Supplier, SupplierFile

MOST_FILES = 50


@transaction.atomic
def open_record(*, team: int, key: SupplierKey) -> Supplier:
    """The record that stands for the supplier: an old one, or a new one with what its offers say."""
    known = records_of(team, [key])
    if not known:
        open_records(team, [key])
        count_again(records_of(team, [key]))
        known = records_of(team, [key])
    return known[0].survivor or known[0]


@transaction.atomic
def rename_supplier(*, supplier: Supplier, name: str) -> None:
    """What the team calls it; an empty name is the newest that its offers gave. Raises `ValidationError`."""
    supplier.display_name = " ".join(name.split())
    supplier.clean_fields(exclude=[field.name for field in supplier._meta.fields if field.name != "display_name"])
    supplier.save(update_fields=["display_name"])


@transaction.atomic
def write_note(*, user: User, supplier: Supplier, text: str) -> Note:
    """Raises `ValidationError` for a note without words, and for one that is too long."""
    note = Note(supplier=supplier, author=user, text=text.strip())
    note.full_clean()
    note.save()
    return note


@transaction.atomic
def change_note(*, user: User, note: Note, text: str) -> None:
    """Raises `ValidationError` as `write_note` does, and (code "author") for another person's note."""
    held = _own(note, user)
    held.text, held.changed_at = text.strip(), timezone.now()
    held.full_clean()
    held.save(update_fields=["text", "changed_at"])


@transaction.atomic
def delete_note(*, user: User, note: Note) -> None:
    """Raises `ValidationError` (code "author") for another person's note."""
    _own(note, user).delete()


def _own(note: Note, user: User) -> Note:
    """Held. Raises `ValidationError`."""
    held = Note.objects.select_for_update().filter(pk=note.pk).first()
    if held is None:
        raise ValidationError(_("The note was deleted meanwhile."), code="gone")
    if held.author_id != user.pk:
        raise ValidationError(_("Only its author changes a note. Write one of your own beside it."), code="author")
    return held


@transaction.atomic
def attach_file(*, user: User, supplier: Supplier, upload: "UploadedFile[bytes]") -> SupplierFile:
    """Raises `ValidationError` for a file that is not taken, and for one too many."""
    # Whoever attaches at the same moment waits: the count is then true.
    Supplier.objects.select_for_update().get(pk=supplier.pk)
    if supplier.files.count() >= MOST_FILES:
        text = _("A supplier’s record takes at most %(number)d files: remove one first.") % {"number": MOST_FILES}
        raise ValidationError(text, code="files")
    return SupplierFile.objects.create(supplier=supplier, uploaded_by=user, **columns_of(upload))


@transaction.atomic
def remove_file(*, file: SupplierFile) -> None:
    """The file itself goes when that is committed."""
    file.delete()
