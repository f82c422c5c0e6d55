"""Files without a row, and rows without a file: what crashes, and restored backups, leave behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone

from searches.models import QueryImage
from searches.removal import DERIVED
from searches.smallpictures import CELL_ENDING
from searches.storages import StoredFile, walk

ORIGINALS = "queries/"
# An upload writes its file before its row.
TIME_FOR_AN_UPLOAD = timedelta(days=1)
ROWS_AT_ONCE = 500

# Given some names of files, those that a row still names.
Named = Callable[[list[str]], set[str]]
_further: dict[str, Named] = {}


def look_into(folder: str, named: Named) -> None:
    """Have a folder of another room looked through, too: what its `ready` says of the files that its rows keep."""
    _further[folder] = named


def orphans() -> Iterator[str]:
    """The names of files that no row needs, and that are older than an upload can last. Raises OSError."""
    written_before = timezone.now() - TIME_FOR_AN_UPLOAD
    for folder, needed in ((ORIGINALS, _named), (DERIVED, _made_of_a_photo)):
        files = (file for file in walk(folder) if file.modified < written_before)
        while some := list(islice(files, ROWS_AT_ONCE)):
            kept = needed(some)
            yield from (file.name for file in some if file.name not in kept)
    for folder, named in _further.items():
        names = (file.name for file in walk(folder) if file.modified < written_before)
        while at_once := list(islice(names, ROWS_AT_ONCE)):
            known = named(at_once)
            yield from (name for name in at_once if name not in known)


def remove(name: str) -> None:
    default_storage.delete(name)


def without_file() -> "Iterator[QueryImage]":
    """The photos whose file should be there and is not. Raises OSError."""
    for image in _photos().select_related("team").iterator(ROWS_AT_ONCE):
        if not default_storage.exists(image.file.name or ""):
            yield image


def _photos() -> "QuerySet[QueryImage]":
    # Without a name: it was removed for its age, and a search still shows what it found.
    return QueryImage.objects.exclude(file="").order_by("team_id", "sha256")


def _named(files: list[StoredFile]) -> set[str]:
    return set(QueryImage.objects.filter(file__in=[file.name for file in files]).values_list("file", flat=True))


def _made_of_a_photo(files: list[StoredFile]) -> set[str]:
    """A prepared picture is called after the content that it was made of; an offer's goes by its age alone."""
    content = {file.name: file.name.rpartition("/")[2].partition("-")[0] for file in files}
    known = QueryImage.objects.filter(sha256__in=set(content.values())).values_list("sha256", flat=True)
    contents = set(known)
    return {name for name, sha256 in content.items() if sha256 in contents or name.endswith(CELL_ENDING)}
