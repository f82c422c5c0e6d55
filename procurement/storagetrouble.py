"""What is to be said when the server itself cannot write: its disk is full, or refuses."""

import errno
from collections.abc import Iterator

from django.db import OperationalError
from django.utils.translation import gettext as _

FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSING = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
# SQLite's own words, and those of the operating system as PostgreSQL passes them on.
FULL_DATABASES_SAY = ("disk is full", "No space left on device")
REFUSING_DATABASES_SAY = ("readonly database", "disk I/O error")


def storage_trouble(error: BaseException | None) -> str:
    """What happened, in a sentence; "" when it was something else than the server's storage."""
    for cause in _causes(error):
        if _is(cause, FULL, FULL_DATABASES_SAY):
            return _("The server’s disk is full: nothing can be written to it.")
        if _is(cause, REFUSING, REFUSING_DATABASES_SAY):
            return _("The server’s storage cannot be written to.")
    return ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is(error: BaseException, numbers: tuple[int, ...], words: tuple[str, ...]) -> bool:
    if isinstance(error, OSError):
        return error.errno in numbers
    return isinstance(error, OperationalError) and any(said in str(error) for said in words)
