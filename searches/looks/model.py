"""The model's file, looked at without loading it."""

import hashlib
from functools import lru_cache
from pathlib import Path

from searches.visual.model import CHECKSUM, MODEL_FILE


def is_intact() -> bool:
    """Whether the file is the one that was committed. It is read again when it changes."""
    try:
        told = MODEL_FILE.stat()
        return _checksum(MODEL_FILE, told.st_mtime_ns, told.st_size) == CHECKSUM
    except OSError:
        return False


@lru_cache(maxsize=1)
def _checksum(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
