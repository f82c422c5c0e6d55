"""What `manage.py imagebatch` is given: paths as the files of a batch, and the batch itself, new or taken up again."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import Team, User
from batches import actions, parts, uploads
from batches.models import Batch, BatchFile
from batches.reading.picture_names import has_picture_extension
from procurement.commandline import Say, misuse
from searches.actions import Question
from searches.intake import title_from

# What is taken from a folder, beside pictures.
ARCHIVES, SHEETS = (".zip",), (".xlsx", ".xlsm", ".csv", ".tsv")
Status, State = Batch.Status, BatchFile.State


@dataclass(frozen=True, slots=True)
class Source:
    """A file to put in. `name` is what it is called in the batch: with its folder, when a folder was named."""

    path: Path
    name: str
    size: int
    fingerprint: str


def sources_of(paths: Sequence[str], say: Say) -> list[Source]:
    """The files that the paths name, those of folders in order, each once. Raises CommandError."""
    found: dict[Path, Source] = {}
    passed_over = 0
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise misuse(_("%(path)s: there is no such file or folder.") % {"path": text})
        for file in _files_in(path) if path.is_dir() else [path]:
            if path.is_dir() and not _is_taken(file):
                passed_over += 1
                continue
            source = _source(file, file.relative_to(path.parent).as_posix() if path.is_dir() else file.name)
            found.setdefault(file.resolve(), source)
    if passed_over:
        say(_("%(number)d other files in the folders are passed over.") % {"number": passed_over})
    _refuse_too_much(list(found.values()))
    return list(found.values())


def _files_in(folder: Path) -> Iterator[Path]:
    """In order of their names, without what is hidden."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def _is_taken(file: Path) -> bool:
    return has_picture_extension(file.name) or file.suffix.lower() in (*ARCHIVES, *SHEETS)


def _source(path: Path, name: str) -> Source:
    try:
        facts = path.stat()
    except OSError as error:
        raise misuse(f"{path}: {error.strerror}") from error
    # Another time or size is another file, as it is for the browser.
    return Source(path, name, facts.st_size, f"{path.resolve()} {facts.st_size} {facts.st_mtime_ns}")


def _refuse_too_much(sources: list[Source]) -> None:
    if not sources:
        raise misuse(_("There is no picture, ZIP or sheet in what was named."))
    if len(sources) > uploads.MOST_FILES or sum(source.size for source in sources) > uploads.MOST_BYTES:
        raise misuse(_("A batch takes at most 1,000 files and 2 GB: divide them among several batches."))


def unfinished(
    sources: Iterable[Source], *, user: User, team: Team, marketplaces: list[str], question: Question
) -> Batch | None:
    """The user's batch of just these files that asks just this and is not done: it was interrupted."""
    named = {parts.kept_fingerprint(source.fingerprint) for source in sources}
    going = Batch.objects.filter(owner=user, team=team, status__in=(Status.COLLECTING, Status.RUNNING, Status.PAUSED))
    for batch in going.order_by("-pk"):
        there = set(batch.files.values_list("fingerprint", flat=True))
        same = (batch.marketplaces, actions.question_of(batch)) == (marketplaces, question)
        if same and there and there <= named:
            return batch
    return None


def title_of(paths: Sequence[str]) -> str:
    """The batch's title when none was given: after the first of the paths."""
    return title_from(Path(paths[0]).resolve().name)


def put_in(batch: Batch, source: Source) -> BatchFile:
    """Copy the file to where workers read it, from where an earlier try stopped.

    Raises ValidationError for what a batch does not take, and OSError.
    """
    file = uploads.announce(batch=batch, name=source.name, size=source.size, fingerprint=source.fingerprint)
    if file.state != State.RECEIVING:
        return file
    with source.path.open("rb") as opened:
        while file.state == State.RECEIVING:
            opened.seek(file.received)
            data = opened.read(min(parts.PART_BYTES, file.size - file.received))
            if not data:
                raise OSError(0, _("it became shorter while it was read"))
            try:
                file = uploads.receive(file, offset=file.received, data=data)
            except parts.WrongOffset as elsewhere:
                file.received = elsewhere.received
    return file


def confirm_guess(file: BatchFile) -> dict[str, str]:
    """Take a sheet's columns as they were guessed; answers which heading says what, in the sheet's order."""
    columns: dict[str, int] = file.mapping.get("columns", {})
    headings = file.mapping.get("headings", [])
    file.mapping, file.state = file.mapping | {"confirmed": True}, State.RECEIVED
    file.save(update_fields=["mapping", "state"])
    # PostgreSQL keeps the members of a JSON object in an order of its own.
    in_order = sorted(columns.items(), key=lambda pair: pair[1])
    named = {name: headings[column] if column < len(headings) else "" for name, column in in_order}
    further = ", ".join(headings[column] or str(column + 1) for column in file.mapping.get("further", []))
    return named | ({"more pictures": further} if further else {})
