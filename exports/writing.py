"""Files asked for on a page, written by a worker, put in place when they are complete, and removed after a week.

The row is the truth, as everywhere: a worker claims it with a token and a lease that each few rows renew. One that
was killed is missed when the lease runs out, and the next begins anew.
"""

import logging
import shutil
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from accounts.models import Team, User
from exports import doorbell
from exports.models import KEPT_FOR, Export
from exports.writers import Gone, may_see, writer_of

logger = logging.getLogger(__name__)

State = Export.State
FOLDER = "exports/"
# Closing a large workbook takes a while, in which nothing is told.
LEASE = timedelta(seconds=150)
MOST_ATTEMPTS = 3
# Of one person, that are not written yet: what more they press for waits behind their own.
MOST_UNFINISHED = 20
ROWS_A_STEP = 100
STORAGE = _("The server’s storage failed while the file was written. Try again; if it stays, ask an administrator.")
LOST = _("Several workers were lost while they wrote the file. Try again; if it stays, ask an administrator.")
GONE = _("What the file was to be of was deleted, or is not shown to you any more.")


class Superseded(Exception):
    """Another worker writes the file, or nobody wants it any more."""


def ask_for(
    *, user: User, team: Team, writer: str, kind: str, subject: int, label: str, params: dict[str, Any], language: str
) -> Export:
    """Have the file written; the same one that is being written already goes on.

    The caller has seen to it that `user` may see the subject. Raises `ValidationError` for too many at once.
    """
    with transaction.atomic():
        # One after another, so that a double click is one file.
        User.objects.select_for_update().get(pk=user.pk)
        waiting = list(Export.objects.filter(asked_by=user, state__in=Export.UNFINISHED))
        for export in waiting:
            same = (export.writer, export.kind, export.subject, export.params) == (writer, kind, subject, params)
            if same and export.language == language:
                return export
        if len(waiting) >= MOST_UNFINISHED:
            text = gettext("%(number)d of your exports are being written: wait for some of them, or delete them.")
            raise ValidationError(text % {"number": len(waiting)})
        export = Export.objects.create(
            team=team,
            asked_by=user,
            writer=writer,
            kind=kind,
            subject=subject,
            label=label[:200],
            params=params,
            language=language,
            expires_at=timezone.now() + KEPT_FOR,
        )
        transaction.on_commit(lambda: doorbell.ring([export]))
    return export


def write(export_id: int) -> None:
    """What a worker does: write the file and put it in place, unless somebody else is at it."""
    export = _claim(export_id)
    if export is None:
        return
    folder = _folder_of(export)
    try:
        path = folder / f"export.{export.kind}"
        with translation.override(export.language):
            if not may_see(export, export.asked_by):
                raise Gone
            writer_of(export).write(export, path, lambda done, of: _tell(export, done, of))
        _put_in_place(export, path)
    except Superseded:
        logger.info("Export %d is somebody else's now", export_id)
    except Gone:
        _ours(export).update(state=State.FAILED, lease_until=None, error_message=GONE)
    except OSError as error:
        logger.warning("Export %d cannot be written: %s", export_id, type(error).__name__)
        _ours(export).update(state=State.FAILED, lease_until=None, error_message=STORAGE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def expire(now: datetime) -> bool:
    """Remove some of those whose week is over; answers whether there is more. Their files follow their rows."""
    ids = list(
        Export.objects.filter(expires_at__lt=now).order_by("expires_at").values_list("pk", flat=True)[:ROWS_A_STEP]
    )
    Export.objects.filter(pk__in=ids).delete()
    return len(ids) == ROWS_A_STEP


def named(names: list[str]) -> set[str]:
    """Which of these files some row still names: for those who look for files without one."""
    return set(Export.objects.filter(file_name__in=names).values_list("file_name", flat=True))


def row_deleted(*, instance: Export, **_signal: object) -> None:
    """What Django calls for each row that it deletes: its file goes when that is committed."""
    name = instance.file_name
    if name:
        transaction.on_commit(lambda: _remove(name))


def _claim(export_id: int) -> Export | None:
    now = timezone.now()
    token = uuid.uuid4()
    claimed = (
        Export.objects.due(now)
        .filter(pk=export_id)
        .update(state=State.WRITING, run_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1, rows_done=0)
    )
    if not claimed:
        return None
    export = Export.objects.select_related("asked_by", "team").get(pk=export_id)
    if export.attempts > MOST_ATTEMPTS:
        _ours(export).update(state=State.FAILED, lease_until=None, error_message=LOST)
        return None
    if export.file_name:
        _remove(export.file_name)
    export.file_name = f"{FOLDER}{token.hex[:2]}/{token.hex}.{export.kind}"
    _ours(export).update(file_name=export.file_name)
    return export


def _ours(export: Export) -> QuerySet[Export]:
    """The row, as long as it is this worker's turn."""
    return Export.objects.filter(pk=export.pk, run_token=export.run_token, state=State.WRITING)


def _tell(export: Export, done: int, of: int) -> None:
    """How far it is; which says, too, that somebody is at it. Raises `Superseded`."""
    if not _ours(export).update(rows_done=done, rows_all=of, lease_until=timezone.now() + LEASE):
        raise Superseded


def _folder_of(export: Export) -> Path:
    """An empty folder for this turn. What killed turns left of theirs is removed."""
    parent = Path(settings.UPLOAD_ROOT) / "exports"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{export.pk}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"{export.pk}-{export.run_token}"
    folder.mkdir()
    return folder


def _put_in_place(export: Export, path: Path) -> None:
    """The complete file becomes the one that is downloaded. Raises OSError, `Superseded`."""
    size, now = path.stat().st_size, timezone.now()
    with path.open("rb") as file:
        name = default_storage.save(export.file_name, File(file))
    done = {"lease_until": None, "rows_done": F("rows_all"), "written_at": now, "expires_at": now + KEPT_FOR}
    if not _ours(export).update(state=State.DONE, file_name=name, size=size, **done):
        _remove(name)
        raise Superseded


def _remove(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError as error:
        # `manage.py removeorphans` finds it.
        logger.warning("An exported file stays in the storage: %s", type(error).__name__)
