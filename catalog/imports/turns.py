"""An import's way through its phases, a while at a time: read, tried, written.

The row is the truth. Whoever goes on with an import holds its lease; each chunk of rows is one transaction that also
says how far the phase has come, so that a worker that was killed leaves whole chunks, and of two that go on with the
same import one is stopped by what the other has written. Chunks of two imports of one team take turns: each holds
the team for its moment, and compares with what it then finds.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Team
from catalog.imports import staged
from catalog.imports.comparing import Kind, Verdict, judge
from catalog.imports.rows import ItemRow, Reader
from catalog.imports.sources import Source, Sources
from catalog.imports.tallies import Tally
from catalog.imports.troubles import Trouble
from catalog.imports.writing import write_items
from catalog.models import CatalogImport, ImportPicture, ImportTrouble, Item

State = CatalogImport.State
CHUNK = 1000
# A worker that was killed is missed after so long.
LEASE = timedelta(seconds=60)


class Overtaken(Exception):
    """Somebody else has gone on meanwhile, or the import was cancelled or deleted: there is nothing left to do here."""


def go_through(of: CatalogImport, *, seconds: float) -> bool:
    """Try or write the import's rows for about so long, as its state says. Whether the phase is over.

    Raises `Overtaken`; OSError when its files cannot be read.
    """
    until = time.monotonic() + seconds
    with Sources(of) as sources:
        phase = _Phase(of, Reader(of.columns, of.sheet["headings"]), sources)
        phase.look_back()
        while chunk := phase.next_chunk():
            phase.go_through(*chunk)
            if time.monotonic() > until:
                return False
    _end(of)
    return True


@dataclass(slots=True)
class _Phase:
    of: CatalogImport
    reader: Reader
    sources: Sources
    # In which row of the file each code stood first.
    seen: dict[str, int] = field(default_factory=dict)

    def look_back(self) -> None:
        """Which codes stood in the rows that were gone through before."""
        if self.of.position:
            for row, behind in staged.read(self.of.folder / self.of.rows_file):
                if behind > self.of.position:
                    return
                self._see(self.reader.code_of(row), row.number)

    def _see(self, code: str, number: int) -> None:
        if code:
            self.seen.setdefault(code, number)

    def next_chunk(self) -> tuple[list[ItemRow], int] | None:
        """Rows, and the position behind them; None behind the last."""
        coming = staged.read(self.of.folder / self.of.rows_file, self.of.position)
        chunk = list(islice(coming, CHUNK))
        if not chunk:
            return None
        rows = [self.reader.read(row) for row, _behind in chunk]
        for row in rows:
            self._see(row.code, row.number)
        return rows, chunk[-1][1]

    def go_through(self, rows: Sequence[ItemRow], position: int) -> None:
        pictures = list(self.sources.of_rows(rows))
        writing = self.of.state == State.WRITING
        with _held(self.of, position, len(rows)) as tally:
            verdicts = self._judged(rows, locked=writing)
            if writing:
                write_items(verdicts)
            tally.add(verdicts)
            found = list(zip(verdicts, pictures, strict=True))
            tally.pictures += sum(len(held) for verdict, (held, _wrong) in found if verdict.kind != Kind.REFUSED)
            _tell(self.of, found)
            if writing:
                _ask_for_pictures(self.of, found)

    def _judged(self, rows: Sequence[ItemRow], *, locked: bool) -> list[Verdict]:
        codes = [row.code for row in rows if row.code]
        items = Item.objects.filter(team=self.of.team_id, code__in=codes)
        if locked:
            # One chunk of a team at a time; without keeping anybody from adding rows that belong to the team.
            Team.objects.select_for_update(no_key=True).get(pk=self.of.team_id)
            items = items.select_for_update().order_by("pk")
        known = {item.code: item for item in items}
        return [judge(row, known.get(row.code), seen=self.seen, team=self.of.team, owner=self.of.owner) for row in rows]


@contextmanager
def _held(of: CatalogImport, position: int, rows: int) -> Iterator[Tally]:
    """The phase's tally, while a chunk of so many rows is gone through; then the import is at the position.

    Raises `Overtaken`.
    """
    with transaction.atomic():
        # The import first and its team after it, wherever both are held.
        held = CatalogImport.objects.select_for_update(of=("self",)).filter(pk=of.pk).first()
        if held is None or (held.state, held.position) != (of.state, of.position):
            raise Overtaken
        name = "written" if of.state == State.WRITING else "found"
        tally = Tally.from_json(getattr(held, name))
        yield tally
        changes: dict[str, Any] = {name: tally.as_json(), "position": position, "rows_done": held.rows_done + rows}
        CatalogImport.objects.filter(pk=of.pk).update(lease_until=timezone.now() + LEASE, **changes)
    for column, value in changes.items():
        setattr(of, column, value)


def _tell(of: CatalogImport, found: Sequence[tuple[Verdict, tuple[list[Source], list[Trouble]]]]) -> None:
    """What is wrong with the rows; of refused ones nothing about their pictures."""
    ImportTrouble.objects.bulk_create(
        ImportTrouble(
            of=of,
            row=verdict.row.number,
            position=verdict.row.position,
            code=trouble.code,
            details=dict(trouble.details),
            refused=trouble.refused,
        )
        for verdict, (_sources, wrong) in found
        for trouble in (*verdict.troubles, *(wrong if verdict.kind != Kind.REFUSED else ()))
    )


def _ask_for_pictures(of: CatalogImport, found: Sequence[tuple[Verdict, tuple[list[Source], list[Trouble]]]]) -> None:
    ImportPicture.objects.bulk_create(
        ImportPicture(of=of, item=verdict.item, row=verdict.row.number, position=verdict.row.position, sources=sources)
        for verdict, (sources, _wrong) in found
        if verdict.item is not None and sources
    )


def _end(of: CatalogImport) -> None:
    """The phase is over: what comes next is somebody's decision, or the pictures."""
    with transaction.atomic():
        held = CatalogImport.objects.select_for_update(of=("self",)).filter(pk=of.pk).first()
        if held is None or (held.state, held.position) != (of.state, of.position):
            raise Overtaken
        held.lease_until = None
        held.state = State.CHECKED if held.state == State.CHECKING else State.PICTURES
        held.save(update_fields=["state", "lease_until"])
    of.state = held.state
