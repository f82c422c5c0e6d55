"""A process that reads pictures, as whoever asks it sees it, and what is said between the two.

The file lies in memory that both have; a question is a line of JSON that tells its size. The reader says `STARTED`,
then a line of JSON, which tells the size of what follows, and that.
"""

import json
import os
import socket
from typing import Any, NamedTuple

from searches.imaging.limits import MAX_SECONDS_BY_THE_CLOCK

# Whatever happens from here on is the picture's doing.
STARTED = b"*"
MAX_QUESTION = 4096  # bytes
# Of an answer, should a file have taken the reader over.
_LONGEST_LINE, _LARGEST_BODY = 10_000, 50_000_000  # bytes
_SECONDS_TO_START = 30.0  # for loading the libraries, on a machine that is busy
_SECONDS_TO_ANSWER = MAX_SECONDS_BY_THE_CLOCK + 5
_KEPT = 4_000_000  # bytes of memory for files that a reader keeps while it has nothing to do


class ReaderLost(Exception):
    """The reader was gone before it began."""


class ReaderDied(Exception):
    """The reader was killed or broke down over the picture."""


class Answer(NamedTuple):
    """The fields of an answer, and the bytes that came with them."""

    fields: dict[str, Any]
    body: bytes


class Reader:
    """The asking end. `ends` are the other one's: the file, and its end of the connection.

    One thread at a time; whoever was interrupted while it asked must close it, since the answer may still come.
    """

    def __init__(self) -> None:
        self._file = os.memfd_create("picture")
        self._connection, self._theirs = socket.socketpair()

    @property
    def ends(self) -> tuple[int, int]:
        return self._file, self._theirs.fileno()

    def handed_over(self) -> None:
        """The other process has its ends, so that its death can be told from here."""
        self._theirs.close()

    def ask(self, question: dict[str, Any], data: bytes) -> Answer:
        """Raises ReaderLost or ReaderDied, after which it has to be closed."""
        try:
            _write(self._file, data)
            self._connection.settimeout(_SECONDS_TO_START)
            self._connection.sendall(json.dumps(question | {"size": len(data)}).encode() + b"\n")
            started = self._connection.recv(1)
        except OSError as error:
            raise ReaderLost from error
        if started != STARTED:
            raise ReaderLost
        self._connection.settimeout(_SECONDS_TO_ANSWER)
        try:
            with self._connection.makefile("rb") as answer:
                fields = json.loads(answer.readline(_LONGEST_LINE))
                body = answer.read(min(fields["size"], _LARGEST_BODY))
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ReaderDied from error
        if len(body) != fields["size"]:
            raise ReaderDied
        return Answer(fields, body)

    def rest(self) -> None:
        """Give back most of the memory, until there is another question."""
        if os.fstat(self._file).st_size > _KEPT:
            os.ftruncate(self._file, _KEPT)

    def close(self) -> None:
        """End the reader, if it did not end by itself."""
        os.close(self._file)
        self._connection.close()
        self._theirs.close()


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    at = 0
    while at < len(data):
        at += os.pwrite(file, view[at:], at)
