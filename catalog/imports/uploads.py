"""The files of an import, which come in parts: an upload that breaks off is taken up again where it stopped."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from batches.parts import PART_BYTES, WrongOffset, kept_fingerprint, shown_name, write_part
from batches.reading.picture_names import has_picture_extension
from catalog.models import CatalogImport, ImportFile

SHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".txt")
MOST_FILES = 2_000
MOST_BYTES = 2_000_000_000
State = CatalogImport.State


@transaction.atomic
def announce(*, of: CatalogImport, name: str, size: int, fingerprint: str) -> ImportFile:
    """The file's row, new or as it was left. Raises `ValidationError` for what an import does not take."""
    of = CatalogImport.objects.select_for_update(of=("self",)).get(pk=of.pk)
    fingerprint = kept_fingerprint(fingerprint)
    known = of.files.filter(fingerprint=fingerprint, size=size).first()
    if known:
        return known
    shown = shown_name(name)
    is_sheet = shown.lower().endswith(SHEETS)
    _refuse(of, shown, size, is_sheet=is_sheet)
    if is_sheet:
        of.title = Path(shown).name[-200:]
        of.save(update_fields=["title"])
    return ImportFile.objects.create(of=of, name=shown, size=size, fingerprint=fingerprint, is_sheet=is_sheet)


def _refuse(of: CatalogImport, name: str, size: int, *, is_sheet: bool) -> None:
    sizes = list(of.files.values_list("size", flat=True))
    if of.state not in CatalogImport.TAKES_FILES:
        raise ValidationError(_("This import is under way already: begin another one for further files."))
    if size < 1:
        raise ValidationError(_("%(name)s is empty.") % {"name": name})
    if not is_sheet and not name.lower().endswith(".zip") and not has_picture_extension(name):
        text = _("%(name)s is no sheet, no picture and no ZIP of pictures: save it as .xlsx or .csv.")
        raise ValidationError(text % {"name": name})
    if is_sheet and of.files.filter(is_sheet=True).exists():
        raise ValidationError(_("An import has one sheet. Begin another import for %(name)s.") % {"name": name})
    if len(sizes) >= MOST_FILES:
        text = _("An import takes at most %(number)s files; put the pictures into a ZIP.")
        raise ValidationError(text % {"number": f"{MOST_FILES:,}"})
    if sum(sizes) + size > MOST_BYTES:
        raise ValidationError(_("An import takes at most 2 GB."))


def receive(file: ImportFile, *, offset: int, data: bytes) -> ImportFile:
    """Append a part; a sheet that is complete waits to be read. Raises `WrongOffset`, so that a part that was sent
    twice is written once; OSError.

    The file's row is held meanwhile: two parts at once would mix.
    """
    with transaction.atomic():
        held = ImportFile.objects.select_for_update(of=("self",)).select_related("of").get(pk=file.pk)
        fits = offset == held.received and 0 < len(data) <= held.size - offset
        written = fits and write_part(held.path, offset, data)
        if fits:
            held.received = offset + len(data) if written else 0
            held.save(update_fields=["received"])
            if held.is_sheet and held.is_here:
                CatalogImport.objects.filter(pk=held.of_id, state=State.RECEIVING).update(state=State.READING)
    if not written:
        raise WrongOffset(held.received)
    return held


def receive_whole(*, of: CatalogImport, upload: UploadedFile[bytes], name: str, size: int) -> ImportFile:
    """A file that came with a form, where no script cuts it into parts. Raises `ValidationError`; OSError."""
    file = announce(of=of, name=name, size=size, fingerprint=f"{name} {size}")
    while not file.is_here:
        upload.seek(file.received)
        data = upload.read(PART_BYTES)
        if not data:
            # Of larger files only the beginning is kept (searches/uploads.py): they need the parts.
            file.path.unlink(missing_ok=True)
            file.delete()
            raise ValidationError(_("%(name)s is too large for this form.") % {"name": name})
        file = receive(file, offset=file.received, data=data)
    return file


def tidy(of: CatalogImport) -> None:
    """Remove the bytes of an import that is over: they have become items. A sheet of which rows are to be mended
    stays, as its pictures go along with these."""
    mend = of.troubles.exists()
    for file in of.files.all():
        if not (file.is_sheet and mend):
            file.path.unlink(missing_ok=True)
