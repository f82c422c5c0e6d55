"""The doors of this package: as `preparing`, `facts` and `hashing`, but within limits that hold in C code too."""

import dataclasses
import logging
from typing import Any

from searches.imaging import facts, hashing, preparing
from searches.imaging.box import Box
from searches.imaging.facts import PictureFacts
from searches.imaging.hashing import Fingerprint
from searches.imaging.nursery import NoReader, Nursery
from searches.imaging.opening import MAX_BYTES
from searches.imaging.preparing import Prepared
from searches.imaging.presets import BASIC, Preset
from searches.imaging.reader import Answer, ReaderDied
from searches.imaging.rejected import MESSAGES, ImageRejected

logger = logging.getLogger(__name__)
nursery = Nursery()


class ReadingFailed(Exception):
    """What a decoder said in its process, for the log."""


def prepare(data: bytes, *, crop: Box | None = None, preset: Preset = BASIC) -> Prepared:
    """Make the JPEG that a marketplace gets of an uploaded picture, in less than 2 s and 300 MB (`limits.py`).

    `data`: the file in JPEG, PNG, WebP, GIF or TIFF (of these the first frame), BMP or HEIC. `crop`: the part to
    keep, of the upright picture. Raises ImageRejected, and nothing else whatever the bytes.
    """
    box = dataclasses.astuple(crop) if crop else None
    answer = _asked("prepare", data, crop=box, preset=dataclasses.asdict(preset))
    if answer is None:
        return preparing.prepare(data, crop=crop, preset=preset)
    fields = answer.fields
    return Prepared(answer.body, fields["width"], fields["height"], tuple(fields["steps"]))


def inspect(data: bytes) -> PictureFacts:
    """Tell what the bytes are, by the bytes, without decoding a pixel, within the same limits.

    Raises ImageRejected for all that the header shows: empty, too many bytes or pixels, SVG, no picture.
    Damage behind the header only comes to light in `prepare`.
    """
    answer = _asked("inspect", data)
    if answer is None:
        return facts.inspect(data)
    return PictureFacts(**{field.name: answer.fields[field.name] for field in dataclasses.fields(PictureFacts)})


def fingerprint(data: bytes) -> Fingerprint:
    """What tells whether pictures are the same, as `hashing.fingerprint` makes it, within the same limits."""
    answer = _asked("fingerprint", data)
    return hashing.fingerprint(data) if answer is None else Fingerprint(answer.fields["hash"], answer.body)


def start_reading() -> None:
    """Start what pictures are read in, so that the first one need not wait for it; it does no harm to ask again.

    A process that forks others should ask before it does, and they will share it.
    """
    try:
        nursery.start()
    except NoReader as reason:
        _say_unlimited(reason)


def _asked(ask: str, data: bytes, **options: Any) -> Answer | None:
    """A reader's answer; None when there are no readers. Raises ImageRejected."""
    if not data:
        raise ImageRejected("empty")
    if len(data) > MAX_BYTES:
        raise ImageRejected("too-large")
    try:
        answer = nursery.ask({"ask": ask, **options}, data)
    except ReaderDied as death:
        logger.warning("A process was killed or broke down over a picture of %d bytes (%s)", len(data), ask)
        raise ImageRejected("too-costly") from death
    except NoReader as reason:
        _say_unlimited(reason)
        return None
    refused = answer.fields.get("refused")
    for code in MESSAGES:
        if code == refused:
            cause = answer.fields["cause"]
            raise ImageRejected(code) from (ReadingFailed(cause) if cause else None)
    return answer


def _say_unlimited(reason: NoReader) -> None:
    logger.warning("Pictures are read without limits of time and memory: %s", reason)
