"""The exact way: a team's vectors are all compared, in memory that processes share.

Each process keeps the snapshots of the teams it was asked about. Before each search it asks for the team's number;
where that has grown it reads what is newer, and no more. When much is newer a new file is made, by one process at a
time.
"""

import fcntl
import logging
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Timer

import numpy as np
from django.conf import settings

from catalog.models import VectorState
from catalog.vectors import rows
from catalog.vectors.snapshots import Snapshot
from catalog.vectors.tables import Damaged, Integers, Table, empty, in_memory, read, write

logger = logging.getLogger(__name__)

# So many rows are read from the database by each process before a new file is made of them; of large teams this share.
LONGEST_TAIL, TAIL_SHARE = 2000, 0.02
# What a process keeps mapped, in bytes and in seconds since a team was last asked about.
MOST_BYTES, IDLE_SECONDS = 2**30, 300.0


class Snapshots:
    """Of the teams that this process was asked about. Any number of threads may ask."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[float, Snapshot]] = OrderedDict()
        self._lock = Lock()
        self._timer: Timer | None = None
        # Who waits for a team's vectors does not read them a second time. A few locks do for all teams.
        self._lines = [Lock() for _number in range(16)]

    def __len__(self) -> int:
        """Of how many teams something is kept."""
        return len(self._kept)

    def get(self, team: int) -> Snapshot:
        """The team's vectors as they are committed now."""
        with self._lines[team % len(self._lines)]:
            upto = _number_of(team)
            if upto is None:
                # Nobody kept any: what there is was written without telling, and will be again.
                return _read_on(Snapshot.of(empty()), team, 0)
            with self._lock:
                _used, snapshot = self._kept.get(team, (0.0, None))
            # A number that is smaller than before: what was seen inside a transaction was rolled back.
            if snapshot is None or snapshot.upto > upto:
                snapshot = Snapshot.of(_file_of(team, upto) or empty())
            if snapshot.upto < upto:
                snapshot = _brought_up(snapshot, team, upto)
            self._keep(team, snapshot)
            return snapshot

    def forget(self, *, unused_for: float = 0.0) -> None:
        """Let go of what was not asked for in so many seconds."""
        with self._lock:
            now = time.monotonic()
            for team in [team for team, (used, _snapshot) in self._kept.items() if now - used >= unused_for]:
                del self._kept[team]
            if self._timer:
                self._timer.cancel()
            self._timer = None
            self._look_again_later()

    def _keep(self, team: int, snapshot: Snapshot) -> None:
        with self._lock:
            self._kept[team] = (time.monotonic(), snapshot)
            self._kept.move_to_end(team)
            while len(self._kept) > 1 and sum(kept.nbytes for _used, kept in self._kept.values()) > MOST_BYTES:
                self._kept.popitem(last=False)
            self._look_again_later()

    def _look_again_later(self) -> None:
        # A timer that a fork left behind in the parent is not alive here.
        if self._kept and not (self._timer and self._timer.is_alive()):
            self._timer = Timer(IDLE_SECONDS, self.forget, kwargs={"unused_for": IDLE_SECONDS})
            self._timer.daemon = True
            self._timer.start()


SNAPSHOTS = Snapshots()


def _number_of(team: int) -> int | None:
    return VectorState.objects.filter(team=team).values_list("number", flat=True).first()


def _brought_up(snapshot: Snapshot, team: int, upto: int) -> Snapshot:
    if not _tail_is_short(snapshot, team):
        snapshot = Snapshot.of(_made_anew(snapshot.table, team, upto))
    return _read_on(snapshot, team, max(upto, snapshot.upto))


def _tail_is_short(snapshot: Snapshot, team: int) -> bool:
    most = max(LONGEST_TAIL, int(TAIL_SHARE * len(snapshot.table)))
    return len(snapshot.tail) + rows.of_team(team, after=snapshot.upto)[: most + 1].count() <= most


def _read_on(snapshot: Snapshot, team: int, upto: int) -> Snapshot:
    parts = list(rows.in_parts(team, after=snapshot.upto))
    if not parts:
        return snapshot.with_newer(empty().ids, empty().numbers, empty().vectors, upto)
    ids, numbers, vectors = (np.concatenate(part) for part in zip(*parts, strict=True))
    return snapshot.with_newer(ids, numbers, vectors, upto)


# Files


def _path(team: int) -> Path:
    return Path(settings.VAR_DIR) / "vectors" / f"{team}.vectors"


def _file_of(team: int, upto: int) -> Table | None:
    """The team's file, where it is whole and no younger than the number `upto`, and has every row that it should."""
    try:
        table = read(_path(team))
    except Damaged as error:
        if _path(team).exists():
            logger.warning("The vectors' file of team %s is made anew. %s", team, error)
        return None
    if table.upto > upto:
        return None
    ids, numbers = rows.ids_and_numbers(team)
    expected = numbers <= table.upto
    # Not so after a backup of the database was put back beside a newer file.
    return table if np.isin(ids[expected], table.ids).all() else None


def _made_anew(old: Table, team: int, upto: int) -> Table:
    """A table up to `upto` at least: by this process, or by another that was quicker."""
    with _turn(team):
        # Of whoever was quicker the table may be newer than what we were to have.
        upto = max(upto, _number_of(team) or upto)
        made = _file_of(team, upto)
        if made is not None and made.upto > old.upto and _tail_is_short(Snapshot.of(made), team):
            return made
        ids, numbers = rows.ids_and_numbers(team)

        def fill(table: Table) -> None:
            _fill(table, old, team)

        try:
            _remove_files_of_no_team()
            return write(_path(team), ids, numbers, upto, fill)
        except (OSError, Damaged) as error:
            logger.warning("No file of team %s's vectors could be written: %s", team, error)
            return in_memory(ids, numbers, upto, fill)


def _remove_files_of_no_team() -> None:
    """What is left of teams that were deleted."""
    teams = {str(team) for team in VectorState.objects.values_list("team", flat=True)}
    for path in _path(0).parent.glob("*.*"):
        if path.suffix in (".vectors", ".lock") and path.stem not in teams:
            path.unlink(missing_ok=True)


def _fill(table: Table, old: Table, team: int) -> None:
    """The old table's vectors where the rows are the same, the others from the database."""
    places, found = _places(old.ids, table.ids)
    same = found & (old.numbers[places] == table.numbers) if len(old) else found
    for start in range(0, len(table), rows.AT_ONCE):
        part = slice(start, start + rows.AT_ONCE)
        table.vectors[part][same[part]] = old.vectors[places[part][same[part]]]
    missing = ~same
    for ids, numbers, vectors in rows.in_parts(team, after=old.upto):
        places, found = _places(table.ids, ids)
        table.vectors[places[found]] = vectors[found]
        table.numbers[places[found]] = numbers[found]
        missing[places[found]] = False
    # Deleted while we read, or of a wrong length: no row has this number, so that they are never shown.
    table.numbers[missing] = -1


def _places(sorted_ids: Integers, ids: Integers) -> tuple[Integers, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Where each of `ids` is among `sorted_ids`, and whether it is."""
    places = np.searchsorted(sorted_ids, ids).clip(max=max(len(sorted_ids) - 1, 0))
    if not len(sorted_ids):
        return places, np.zeros(len(ids), np.bool_)
    return places, sorted_ids[places] == ids


@contextmanager
def _turn(team: int) -> Iterator[None]:
    """One process, and one thread, at a time; the lock goes with whoever is killed. Without locks all may."""
    path = _path(team).with_suffix(".lock")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    try:
        file = path.open("rb")
    except OSError:
        yield
        return
    with file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
