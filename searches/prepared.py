"""Derived pictures: made once for each content and preset, kept on the default storage."""

import dataclasses
import hashlib
import json
import logging

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from searches.imaging import PRESETS, Box, Preset, prepare
from searches.models import QueryImage, SearchCall

logger = logging.getLogger(__name__)

END_OF_JPEG = b"\xff\xd9"
# How much of the marketplace's size a picture may take when it was refused as too large.
SMALLER_SHARE = 4


class PhotoGone(FileNotFoundError):
    """The photo was removed after its time (retention.py)."""


def preset_for(preparation: str, variant: str, max_bytes: int) -> Preset:
    """The preset of a search's preparation, within the marketplace's size, changed as a refusal asked for."""
    preset = dataclasses.replace(PRESETS[preparation], max_bytes=max_bytes)
    if variant == SearchCall.Variant.REENCODED:
        return dataclasses.replace(preset, name=f"{preset.name}-reencoded", max_side=640, quality=80)
    if variant == SearchCall.Variant.SMALLER:
        return dataclasses.replace(
            preset,
            name=f"{preset.name}-smaller",
            max_side=480,
            quality=75,
            max_bytes=max_bytes // SMALLER_SHARE,
        )
    return preset


def jpeg_of(image: QueryImage, preset: Preset, crop: Box | None = None) -> bytes:
    """The image, or the part of it in the box, as a JPEG made by `preset`.

    Raises `ImageRejected`; `PhotoGone`; OSError when the storage cannot be read. Where it cannot be written to, the
    JPEG is made each time.
    """
    made_by = dataclasses.asdict(preset) | ({"crop": dataclasses.astuple(crop)} if crop else {})
    digest = hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()[:12]
    name = f"derived/{image.sha256[:2]}/{image.sha256}-{preset.name}-{digest}.jpg"
    made = kept(name)
    if made is not None:
        return made
    with opened(image) as original:
        jpeg = prepare(original.read(), crop=crop, preset=preset).jpeg
    keep(name, jpeg)
    return jpeg


def opened(image: QueryImage) -> File[bytes]:
    """The photo as it came, for the caller to close. Raises as `jpeg_of` does."""
    if not image.file:
        raise PhotoGone("the photo is kept no longer")
    # Not `image.file.open()`: of a photo that it has opened before and that is gone it says ValueError.
    return image.file.storage.open(str(image.file.name))


def keep(name: str, jpeg: bytes) -> None:
    """Keep a picture that can be made again; where the storage takes nothing, it will be."""
    try:
        written = default_storage.save(name, ContentFile(jpeg))
        if written != name:
            # Another process was faster: the storage renamed ours.
            default_storage.delete(written)
    except OSError as error:
        what = error.strerror or type(error).__name__
        logger.error("a prepared picture cannot be kept (%s): is the media folder writable, and not full?", what)


def kept(name: str) -> bytes | None:
    """What was made before; None when it was not, or is not there any more (retention.py)."""
    try:
        with default_storage.open(name) as file:
            jpeg = bytes(file.read())
    except FileNotFoundError:
        return None
    # A worker that was killed while writing left a stump, which no marketplace is to be paid for.
    if jpeg.endswith(END_OF_JPEG):
        return jpeg
    default_storage.delete(name)
    return None
