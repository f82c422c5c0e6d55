"""Results as files: asked for on the page, written by a worker, put in place when they are complete.

The row is the truth, as everywhere: a worker claims it with a token and a lease that each few products renew. One
that was killed is missed when the lease runs out, and the next begins anew.
"""

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_noop as _

from batches import doorbell
from batches.models import Batch, BatchExport
from batches.results import notice_of_batch, products_of
from batches.smallpictures import SmallPictures
from batches.workbook import all_cells, all_columns, write_workbook
from searches.exports import Cell, write_csv
from searches.storages import walk

logger = logging.getLogger(__name__)

Kind, State = BatchExport.Kind, BatchExport.State
FOLDER, ENDINGS = "exports/", {Kind.WORKBOOK: ".xlsx", Kind.CSV: ".csv"}
# Closing a large workbook takes a while, in which nothing is told.
LEASE = timedelta(seconds=150)
MOST_ATTEMPTS = 3
TIME_TO_BE_NAMED = timedelta(hours=1)
FILES_AT_ONCE = 500
STORAGE = _("The server’s storage failed while the file was written. Try again; if it stays, ask an administrator.")
LOST = _("Several workers were lost while they wrote the file. Try again; if it stays, ask an administrator.")


class Superseded(Exception):
    """Another worker writes the file, or nobody wants it any more."""


def ask_for(*, batch: Batch, kind: str, language: str) -> BatchExport:
    """Have the file written, anew if there is one; one that is being written already goes on."""
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        export, _created = BatchExport.objects.get_or_create(batch=batch, kind=kind, defaults={"language": language})
        if not export.is_unfinished:
            export.state, export.language, export.error_message = State.QUEUED, language, ""
            export.attempts = export.rows_done = 0
            export.save()
        transaction.on_commit(lambda: doorbell.ring_exports([export]))
    return export


def write(export_id: int) -> None:
    """What a worker does: write the file and put it in place, unless somebody else is at it."""
    export = _claim(export_id)
    if export is None:
        return
    folder = _folder_of(export)
    try:
        with translation.override(export.language):
            path = folder / f"results{ENDINGS[Kind(export.kind)]}"
            write_file(export.batch, export.kind, path, beat=lambda done: _tell(export, done))
        _put_in_place(export, path)
    except Superseded:
        logger.info("Export %d is somebody else's now", export_id)
    except OSError as error:
        logger.warning("Export %d cannot be written: %s", export_id, type(error).__name__)
        _ours(export).update(state=State.FAILED, lease_until=None, error_message=STORAGE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_file(batch: Batch, kind: str, path: Path, *, beat: Callable[[int], None]) -> None:
    """Write the results into a file of one's own, in the language that is active.

    beat: told how many rows are done, every few seconds too. Raises OSError, and what `beat` raises.
    """
    if kind == Kind.CSV:
        _write_offers(batch, path, beat)
        return
    done = 0

    def written(rows: int) -> None:
        nonlocal done
        done = rows
        beat(rows)

    folder = Path(mkdtemp(prefix="pictures-", dir=path.parent))
    try:
        with SmallPictures(folder, beat=lambda: beat(done)) as pictures:
            write_workbook(batch, path, beat=written, pictures=pictures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_offers(batch: Batch, path: Path, beat: Callable[[int], None]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, all_columns(), _offers(batch, beat), notice=notice_of_batch(batch))


def _offers(batch: Batch, beat: Callable[[int], None]) -> Iterator[list[Cell]]:
    done = 0
    for products in products_of(batch):
        for product in products:
            yield from (all_cells(product, offer) for offer in product.offers)
        done += len(products)
        beat(done)


def _claim(export_id: int) -> BatchExport | None:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    token = uuid.uuid4()
    claimed = BatchExport.objects.filter(free, pk=export_id, state__in=BatchExport.UNFINISHED).update(
        state=State.WRITING, run_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1, rows_done=0
    )
    if not claimed:
        return None
    export = BatchExport.objects.select_related("batch").get(pk=export_id)
    if export.attempts > MOST_ATTEMPTS:
        _ours(export).update(state=State.FAILED, lease_until=None, error_message=LOST)
        return None
    _ours(export).update(rows_all=export.batch.rows.count())
    return export


def _ours(export: BatchExport) -> QuerySet[BatchExport]:
    """The row, as long as it is this worker's turn."""
    return BatchExport.objects.filter(pk=export.pk, run_token=export.run_token, state=State.WRITING)


def _tell(export: BatchExport, done: int) -> None:
    """How far it is; which says, too, that somebody is at it. Raises `Superseded`."""
    if not _ours(export).update(rows_done=done, lease_until=timezone.now() + LEASE):
        raise Superseded


def _folder_of(export: BatchExport) -> Path:
    """An empty folder for this turn. What killed turns left of theirs is removed."""
    parent = Path(settings.UPLOAD_ROOT) / "exports"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{export.pk}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"{export.pk}-{export.run_token}"
    folder.mkdir()
    return folder


def _put_in_place(export: BatchExport, path: Path) -> None:
    """The complete file becomes the one that is downloaded, and the one before goes. Raises OSError, `Superseded`."""
    size = path.stat().st_size
    name = f"{FOLDER}{export.batch_id}/{export.pk}-{export.run_token}{path.suffix}"
    with path.open("rb") as file:
        name = default_storage.save(name, File(file))
    before = export.file_name
    done = {"state": State.DONE, "lease_until": None, "rows_done": F("rows_all"), "written_at": timezone.now()}
    if not _ours(export).update(file_name=name, size=size, **done):
        default_storage.delete(name)
        raise Superseded
    if before:
        default_storage.delete(before)


def expire_exports(limit: datetime | None) -> bool:
    """Remove the files that were written before, and those that no row names; answers whether there were any.

    limit: None keeps what is named for ever. Raises OSError.
    """
    removed = False
    if limit is not None:
        old = BatchExport.objects.filter(written_at__lt=limit).exclude(state__in=BatchExport.UNFINISHED)
        removed = old.delete()[0] > 0
    # Of killed workers, and of batches that are gone. A file is named right after it is written.
    written_before = timezone.now() - TIME_TO_BE_NAMED
    files = (file.name for file in walk(FOLDER) if file.modified < written_before)
    while some := list(islice(files, FILES_AT_ONCE)):
        named = set(BatchExport.objects.filter(file_name__in=some).values_list("file_name", flat=True))
        for name in (name for name in some if name not in named):
            default_storage.delete(name)
            removed = True
    return removed
