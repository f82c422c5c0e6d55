"""Where pictures are kept: a folder that all machines share, or a bucket (bucket.py).

Beside what Django asks of a storage, both walk their files in a fixed order, from any name on, and raise OSError when
they fail.
"""

import errno
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

# What file systems say that have no hard links.
NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file's name in the storage, and when it was last written (aware)."""

    name: str
    modified: datetime


class Walks(Protocol):
    def walk(self, beginning: str, after: str = "") -> Iterator[StoredFile]:
        """The files whose names begin with `beginning` and come after `after`, in the storage's order of names.

        What goes or comes meanwhile may be left out. Raises OSError.
        """


class FolderStorage(FileSystemStorage):
    """A folder of this machine, or one that it shares with others.

    A file is there whole or not at all: it is written beside its place, and takes it when it is complete.
    """

    def walk(self, beginning: str, after: str = "") -> Iterator[StoredFile]:
        folder, _, start = beginning.rpartition("/")
        yield from self._walk(folder, after, start)

    def _save(self, name: str, content: File[Any]) -> str:
        folder, _, _ = name.rpartition("/")
        partial = f"{folder}/{uuid.uuid4().hex}.part".lstrip("/")
        try:
            super()._save(partial, content)  # type: ignore[misc]  # left out of the stubs
            return self._take_place(partial, name)
        finally:
            self.delete(partial)

    def _take_place(self, partial: str, name: str) -> str:
        """Give the complete file its name, or another when somebody was faster; answers which."""
        while True:
            try:
                os.link(self.path(partial), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                name = self.get_available_name(name)
                Path(self.path(partial)).rename(self.path(name))
                return name
            else:
                return name

    def _walk(self, folder: str, after: str, start: str = "") -> Iterator[StoredFile]:
        path = Path(self.location, folder)
        try:
            with os.scandir(path) as entries:
                # A folder is sorted as its files' names are: with the slash.
                found = sorted(entry.name + "/" * entry.is_dir() for entry in entries if entry.name.startswith(start))
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in found:
            name = f"{folder}/{entry}" if folder else entry
            if name.endswith("/"):
                if name > after or after.startswith(name):
                    yield from self._walk(name.rstrip("/"), after)
            elif name > after:
                try:
                    written = (path / entry).stat().st_mtime
                except FileNotFoundError:
                    continue
                yield StoredFile(name, datetime.fromtimestamp(written, UTC))


def walk(beginning: str, after: str = "") -> Iterator[StoredFile]:
    """As `Walks.walk`, of this installation's storage."""
    return cast(Walks, default_storage).walk(beginning, after)
