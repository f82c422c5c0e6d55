"""Files that come in parts: an upload that breaks off is taken up again where it stopped."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from batches.models import Batch, BatchFile
from batches.parts import PART_BYTES, WrongOffset, kept_fingerprint, shown_name, write_part

MOST_FILES = 1000
MOST_BYTES = 2_000_000_000
State = BatchFile.State
# Refusals that say nothing of the file itself: it may be sent again.
ONCE_MORE = ("file-gone", "unfinished")


@transaction.atomic
def announce(*, batch: Batch, name: str, size: int, fingerprint: str) -> BatchFile:
    """The file's row, new or as it was left. Raises `ValidationError` for what a batch does not take."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    fingerprint = kept_fingerprint(fingerprint)
    known = batch.files.filter(fingerprint=fingerprint, size=size).first()
    if known and known.state not in (State.RECEIVING, State.REFUSED):
        return known
    if batch.status != Batch.Status.COLLECTING:
        raise ValidationError(_("The batch was started already: put further pictures into a new one."), code="started")
    if known and known.state == State.REFUSED and known.error_code in ONCE_MORE:
        known.state, known.received, known.error_code, known.error_message = State.RECEIVING, 0, "", ""
        known.save(update_fields=["state", "received", "error_code", "error_message"])
    if known:
        return known
    sizes = list(batch.files.values_list("size", flat=True))
    if size < 1:
        raise ValidationError(_("%(name)s is empty.") % {"name": name}, code="empty")
    if len(sizes) >= MOST_FILES:
        raise ValidationError(_("A batch takes at most %(number)d files.") % {"number": MOST_FILES}, code="files")
    if sum(sizes) + size > MOST_BYTES:
        raise ValidationError(_("A batch takes at most 2 GB."), code="bytes")
    return BatchFile.objects.create(batch=batch, name=shown_name(name), size=size, fingerprint=fingerprint)


def receive(file: BatchFile, *, offset: int, data: bytes) -> BatchFile:
    """Append a part. Raises `WrongOffset`, so that a part that was sent twice is written once.

    The file's row is held meanwhile: two parts at once would mix.
    """
    with transaction.atomic():
        held = BatchFile.objects.select_for_update().get(pk=file.pk)
        fits = held.state == State.RECEIVING and offset == held.received and 0 < len(data) <= held.size - offset
        written = fits and write_part(path_of(held), offset, data)
        if fits:
            held.received = offset + len(data) if written else 0
            if held.received == held.size:
                held.state = State.RECEIVED
            held.save(update_fields=["received", "state"])
    if not written:
        raise WrongOffset(held.received)
    return held


def receive_whole(*, batch: Batch, upload: UploadedFile[bytes], name: str, size: int) -> BatchFile:
    """A file that came with a form, where there is no script to cut it into parts."""
    file = announce(batch=batch, name=name, size=size, fingerprint=f"{name} {size}")
    while file.state == State.RECEIVING:
        upload.seek(file.received)
        data = upload.read(PART_BYTES)
        if not data:
            # Of larger files only the beginning is kept (searches/uploads.py): they need the parts.
            discard(file)
            file.delete()
            raise ValidationError(_("%(name)s is too large for this form.") % {"name": name}, code="too-large")
        file = receive(file, offset=file.received, data=data)
    return file


def path_of(file: BatchFile) -> Path:
    return settings.UPLOAD_ROOT / str(file.batch_id) / str(file.pk)


def discard(file: BatchFile) -> None:
    """Remove the bytes: they have become rows, or nothing."""
    path_of(file).unlink(missing_ok=True)
