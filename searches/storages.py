"""Where pictures are kept: a folder that all machines share, or a bucket (bucket.py).

Beside what Django asks of a storage, both walk their files in a fixed order, from any name on, and raise OSError when
they fail.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from django.core.files.storage import FileSystemStorage, default_storage


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
    """A folder of this machine, or one that it shares with others."""

    def walk(self, beginning: str, after: str = "") -> Iterator[StoredFile]:
        folder, _, start = beginning.rpartition("/")
        yield from self._walk(folder, after, start)

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
