"""Files go after their rows: a photo whose row is gone is noted in the storage, and removed soon after.

A note outlives crashes, so that whatever deletes rows (a page, the administration, retention) need not wait for the
storage, and a folder of ten thousand photos goes little by little. What a crash leaves behind even so, between a row
and its note, `manage.py removeorphans` finds.
"""

import json
import logging
import threading
import uuid
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from searches.models import QueryImage, SearchCall, SearchJob, Sighting
from searches.storages import StoredFile, walk

logger = logging.getLogger(__name__)

NOTES, DERIVED = "removals/", "derived/"
FILES_A_STEP = 100
OF_SEARCHES = (SearchJob, SearchCall, Sighting)
# A note that cannot be read was cut off while it was written, or is being written.
OLD_NOTE = timedelta(hours=1)

_gone = threading.local()


def note(image: QueryImage) -> None:
    """Have the file removed, once the transaction is committed. Files that a row still names stay in any case."""
    pending: list[list[str]] = _gone.__dict__.setdefault("pending", [])
    pending.append([image.file.name or "", image.sha256])
    transaction.on_commit(_write_note)


def row_deleted(*, instance: QueryImage, **_signal: object) -> None:
    """What Django calls for each photo whose row it deletes."""
    note(instance)


def _write_note() -> None:
    """All of the transaction at once: the first call finds them, and the following ones nothing."""
    pending, _gone.pending = _gone.pending, []
    if not pending:
        return
    try:
        _save_note(pending)
    except OSError:
        logger.warning(
            "The storage takes no note: files of %d deleted photos stay until `manage.py removeorphans`", len(pending)
        )


def _save_note(files: list[list[str]]) -> None:
    default_storage.save(f"{NOTES}{uuid.uuid4().hex}.json", ContentFile(json.dumps(files).encode()))


def remove_noted() -> bool:
    """Remove some of what is noted; answers whether there is more. May be interrupted anywhere and begun again.

    Raises OSError.
    """
    for written in walk(NOTES):
        files = _noted(written)
        if files is None:
            continue
        _remove(files[:FILES_A_STEP], written.modified)
        rest = files[FILES_A_STEP:]
        if rest:
            _save_note(rest)
        default_storage.delete(written.name)
        return True
    return False


def _noted(written: StoredFile) -> list[list[str]] | None:
    try:
        with default_storage.open(written.name) as file:
            files: list[list[str]] = json.load(file)
            return files
    except FileNotFoundError:
        return None
    except ValueError:
        if written.modified < timezone.now() - OLD_NOTE:
            logger.warning("A note of deleted photos is damaged: `manage.py removeorphans` finds their files")
            default_storage.delete(written.name)
        return None


def _remove(files: list[list[str]], noted_at: datetime) -> None:
    named = set(QueryImage.objects.filter(file__in=[name for name, _ in files]).values_list("file", flat=True))
    shared = set(QueryImage.objects.filter(sha256__in=[sha256 for _, sha256 in files]).values_list("sha256", flat=True))
    for name, sha256 in files:
        if name and name not in named:
            _remove_written_before(name, noted_at)
        if sha256 not in shared:
            for derived in walk(f"{DERIVED}{sha256[:2]}/{sha256}"):
                default_storage.delete(derived.name)


def _remove_written_before(name: str, moment: datetime) -> None:
    """Unless the same photo was uploaded again meanwhile, and is about to have a row."""
    for file in walk(name):
        if file.name == name and file.modified <= moment:
            default_storage.delete(name)
        return


def unused(images: "QuerySet[QueryImage]") -> "QuerySet[QueryImage]":
    """Those that no search, no supplier list and nothing else shows."""
    return images.exclude(shown_by(of_searches=True) | shown_by(of_searches=False))


def shown_by(*, of_searches: bool) -> Q:
    """The condition of photos that searches show, or that anything else does: lists' entries, batches' rows."""
    shown = Q(pk__in=[])
    for related in QueryImage._meta.related_objects:
        model = related.related_model
        if (model in OF_SEARCHES) == of_searches:
            shown |= Q(Exists(model._base_manager.filter(**{related.field.name: OuterRef("pk")})))
    return shown
