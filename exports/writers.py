"""Who writes files of what: upper rooms register their writers in their `ready`, and this one knows no more of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exports.models import Export

# Told every few seconds how many rows are written, and of how many.
Beat = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Writer:
    """label: what such a file is of, in words.

    write: writes the export into a new file at the path, in the language that is active; raises OSError, `Gone`, and
    what the beat raises. shown: which of the subjects the user may still see, asked before a file is written and
    whenever it is handed out. address: of the page that it is of.
    """

    label: str | Promise
    write: Callable[[Export, Path, Beat], None]
    shown: Callable[[User, Iterable[int]], set[int]]
    address: Callable[[Export], str]


class Gone(Exception):
    """What was to be written is not there any more."""


_writers: dict[str, Writer] = {}


def register(key: str, writer: Writer) -> None:
    _writers[key] = writer


def writer_of(export: Export) -> Writer:
    """Of a key that nobody registered: one that writes nothing and shows nothing."""
    return _writers.get(export.writer, NOBODY)


def may_see(export: Export, user: User) -> bool:
    return bool(shown_of([export], user))


def shown_of(exports: Iterable[Export], user: User) -> set[int]:
    """The ids of those whose subjects `user` may see: each writer is asked once."""
    by_writer: dict[str, list[Export]] = {}
    for export in exports:
        by_writer.setdefault(export.writer, []).append(export)
    shown = set[int]()
    for same in by_writer.values():
        subjects = writer_of(same[0]).shown(user, {export.subject for export in same})
        shown |= {export.pk for export in same if export.subject in subjects}
    return shown


def _write_nothing(_export: Export, _path: Path, _beat: Beat) -> None:
    raise Gone


def _show_nothing(_user: User, _subjects: Iterable[int]) -> set[int]:
    return set()


NOBODY = Writer(_("something this server no longer writes"), _write_nothing, _show_nothing, lambda _export: "")
