"""A file that comes in parts: what batches and the catalogue's imports do alike, whatever their rows are."""

import hashlib
import os
from pathlib import Path

# What a browser sends at a time. Django keeps no more of a request in memory.
PART_BYTES = 2_000_000


class WrongOffset(Exception):
    """The part does not begin where the file ends so far; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(f"{received} bytes are here")
        self.received = received


def kept_fingerprint(fingerprint: str) -> str:
    """As rows keep it: names may be as long as they like, and databases take no NUL."""
    return hashlib.sha256(fingerprint.encode("utf-8", "replace")).hexdigest()


def shown_name(name: str) -> str:
    """Without what no page shows; the folder stays, as names may repeat across folders."""
    return "".join(character for character in name if character.isprintable())[-255:]


def write_part(path: Path, offset: int, data: bytes) -> bool:
    """False when what came before is not there any more: the file has to begin anew. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "wb") as target:
        if target.seek(0, os.SEEK_END) < offset:
            return False
        target.seek(offset)
        target.write(data)
        # A part that was cut off by the end of a process is overwritten by its repeat.
        target.truncate()
        target.flush()
        os.fsync(target.fileno())
    return True
