"""Turn what decoders raise over a bad file into `ImageRejected`."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from PIL import Image, ImageCms

from searches.imaging.formats import Format
from searches.imaging.rejected import ImageRejected
from searches.imaging.truncation import ends_early

# Everything that decoders were seen to raise, or that Python raises for them, over bad bytes. It is a list, not
# `Exception`, because a worker's time-out is an exception as well (rq raises it from a signal, wherever the
# program stands): it is no fault of the picture and has to get through to the worker.
UNREADABLE: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,  # where the program runs with warnings as errors
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    ImageCms.PyCMSError,
)


@contextmanager
def rejecting_failures(data: bytes, kind: Format) -> Iterator[None]:
    """Raise ImageRejected, with its cause chained, for whatever a decoder raises over `data` in this block."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise ImageRejected("too-many-pixels") from cause
    except MemoryError as cause:
        raise ImageRejected("too-costly") from cause
    except UNREADABLE as cause:
        raise ImageRejected("truncated" if _is_cut_short(data, kind) else "damaged") from cause


def _is_cut_short(data: bytes, kind: Format) -> bool:
    with suppress(*UNREADABLE):
        return ends_early(data, kind)
    return False
