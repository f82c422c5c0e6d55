"""A batch's results as files: how a worker writes them, and how somebody asks for them."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp

from accounts.models import User
from batches.models import Batch
from batches.results import notice_of_batch, products_of
from batches.workbook import all_cells, all_columns, write_workbook
from exports import writing
from exports.lines import ExportLine, lines_of
from exports.models import Export
from exports.writers import Beat, Gone
from searches.exports import Cell, write_csv
from searches.smallpictures import SmallPictures

WRITER = "batch"
Kind = Export.Kind


def ask_for(*, batch: Batch, user: User, kind: str, language: str) -> Export:
    """Have the file written for `user`. Raises `ValidationError`, as `writing.ask_for` does."""
    return writing.ask_for(
        user=user,
        team=batch.team,
        writer=WRITER,
        kind=kind,
        subject=batch.pk,
        label=batch.title,
        params={},
        language=language,
    )


def shown(user: User, batches: Iterable[int]) -> set[int]:
    return set(Batch.objects.for_user(user).filter(pk__in=batches).values_list("pk", flat=True))


def address(export: Export) -> str:
    return Batch(pk=export.subject).get_absolute_url()


def latest_of(batch: Batch, user: User) -> list[tuple[Kind, ExportLine | None, ExportLine | None]]:
    """Of each kind the user's export that can be downloaded, and the one that they asked for last: one query."""
    mine = Export.objects.for_user(user).filter(writer=WRITER, subject=batch.pk)
    lines = lines_of(mine, user)
    found = []
    for kind in Kind:
        of_kind = [line for line in lines if line.kind == kind]
        ready = next((line for line in of_kind if line.download_url), None)
        found.append((kind, ready, of_kind[0] if of_kind else None))
    return found


def write(export: Export, path: Path, beat: Beat) -> None:
    """What a worker does (exports/writers.py). Raises OSError, `Gone`, and what `beat` raises."""
    batch = Batch.objects.filter(pk=export.subject).first()
    if batch is None:
        raise Gone
    rows = batch.rows.count()
    beat(0, rows)
    write_file(batch, export.kind, path, beat=lambda done: beat(done, rows))


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
