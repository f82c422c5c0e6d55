"""From whatever a file holds to sRGB on white."""

from collections.abc import Callable
from io import BytesIO
from math import isfinite
from typing import NamedTuple

from PIL import Image, ImageChops, ImageCms, ImageFile

from searches.imaging import formats
from searches.imaging.failures import UNREADABLE
from searches.imaging.formats import Format

Conversion = Callable[[Image.Image], Image.Image]

_WIDENED = {"1": "L", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB", "HSV": "RGB"}
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")


class Coloured(NamedTuple):
    """A picture in RGB, and what it took, as codes for `Prepared.steps`."""

    picture: Image.Image
    steps: tuple[str, ...]


def to_channels(picture: Image.Image) -> Conversion | None:
    """What makes a mode that can be averaged (8-bit channels, alpha apart) of a band of this picture; None if the
    picture is in such a mode already."""
    mode = picture.mode
    if mode in _DEEP:
        return _to_eight_bits(picture)
    if mode in ("P", "PA"):
        target = "RGBA" if picture.has_transparency_data else "RGB"
    elif mode in ("1", "L", "RGB") and "transparency" in picture.info:
        target = "RGBA"
    elif mode in _WIDENED:
        target = _WIDENED[mode]
    else:
        return None
    return lambda band: band.convert(target)


def _to_eight_bits(picture: Image.Image) -> Conversion:
    """Scale deep greys to 0 to 255; Pillow's own conversion would cut off all that is above 255.

    16 bits have a known range. 32-bit and floating samples have none, so what they hold is stretched to fit,
    unless it is that of 8 or 16 bits, or 0 to 1.
    """
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        low, high = (float(edge) for edge in picture.getextrema() if not isinstance(edge, tuple))
        if not (isfinite(low) and isfinite(high)):
            raise ValueError("samples without a finite range")
        usual = (255.0, 65535.0) if picture.mode == "I" else (1.0, 255.0, 65535.0)
        if low >= 0 and (ceiling := next((top for top in usual if high <= top), None)) is not None:
            low, high = 0.0, ceiling
    scale = 255 / ((high - low) or 1)
    offset = 0.5 - low * scale  # half a step, since the fraction is cut off
    working = "F" if picture.mode == "F" else "I"
    return lambda band: band.convert(working).point(lambda sample: sample * scale + offset).convert("L")


def to_srgb(sampled: Image.Image, file: ImageFile.ImageFile, kind: Format) -> Coloured:
    """The sampled picture in sRGB, its transparent parts on white; `file` tells how its colours are meant."""
    steps = [] if file.mode in ("RGB", "RGBA") else ["converted"]
    alpha = sampled.getchannel("A") if sampled.mode in ("LA", "RGBA") else None
    base = sampled.convert(sampled.mode[:-1]) if alpha else sampled
    # Photoshop stores CMYK upside down and says so by a marker; Pillow turns it whether marked or not.
    if kind is formats.JPEG and base.mode == "CMYK" and "adobe" not in file.info:
        base = ImageChops.invert(base)
    profile = file.info.get("icc_profile")
    picture = None
    if profile:
        picture = _by_profile(base, profile)
        steps.append("converted" if picture else "profile-ignored")
    if picture is None:
        picture = _lab_to_srgb(base) if base.mode == "LAB" else base.convert("RGB")
    if alpha is not None:
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=alpha)
        picture = white
        steps.append("flattened")
    return Coloured(picture, tuple(dict.fromkeys(steps)))


def _by_profile(base: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB by its embedded profile; None if the profile is broken or of another kind of colour."""
    try:
        embedded = ImageCms.ImageCmsProfile(BytesIO(profile))
        if embedded.profile.xcolor_space.strip() == "RGB" and base.mode == "L":
            base = base.convert("RGB")
        # A profile of our own each time: they are not known to be safe to share between threads.
        return ImageCms.profileToProfile(base, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except UNREADABLE:
        return None


def _lab_to_srgb(base: Image.Image) -> Image.Image:
    profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.applyTransform(base, ImageCms.buildTransform(*profiles, "LAB", "RGB")) or base
