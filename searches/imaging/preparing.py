"""From an uploaded file to the JPEG that a marketplace gets."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from PIL import Image

from searches.imaging import formats, sampling
from searches.imaging.box import Box
from searches.imaging.colour import to_srgb
from searches.imaging.encoding import encode
from searches.imaging.enhancing import EnhancementFailed, enhance
from searches.imaging.failures import rejecting_failures
from searches.imaging.opening import Opened, open_picture
from searches.imaging.orientation import stored_box, upright, upright_size
from searches.imaging.presets import BASIC, Preset
from searches.imaging.sampling import Region


@dataclass(frozen=True, slots=True)
class Prepared:
    """A JPEG for a marketplace: RGB (sRGB), upright, without metadata.

    `width` and `height` in pixels. `steps` tells what was done, in order, out of: "cropped", "resized",
    "converted" (colours), "profile-ignored" (the embedded colour profile is broken), "flattened" (on white),
    "oriented", "enhanced", "enhance-failed" (so BASIC was used), "recompressed" and "shrunk" (to fit the budget).
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    steps: tuple[str, ...]


class _Rendered(NamedTuple):
    picture: Image.Image
    steps: list[str]


def prepare(data: bytes, *, crop: Box | None = None, preset: Preset = BASIC) -> Prepared:
    """Make the JPEG that a marketplace gets of an uploaded picture.

    `data`: the file in JPEG, PNG, WebP, GIF or TIFF (of these the first frame), BMP or HEIC. `crop`: the part to
    keep, of the upright picture. Raises ImageRejected, and nothing else whatever the bytes.
    """
    try:
        return _prepare(data, crop, preset)
    except EnhancementFailed:
        plainer = replace(
            BASIC,
            max_side=min(preset.max_side, BASIC.max_side),
            quality=min(preset.quality, BASIC.quality),
            max_bytes=preset.max_bytes,
        )
        prepared = _prepare(data, crop, plainer)
        return replace(prepared, steps=(*prepared.steps, "enhance-failed"))


def rendered(data: bytes, *, max_side: int) -> Image.Image:
    """The whole picture within a square of so many pixels, in RGB, upright. Raises ImageRejected."""
    opened = open_picture(data)
    with rejecting_failures(data, opened.kind):
        return _render(opened, None, replace(BASIC, max_side=max_side)).picture


def _prepare(data: bytes, crop: Box | None, preset: Preset) -> Prepared:
    opened = open_picture(data)
    with rejecting_failures(data, opened.kind):
        picture, steps = _render(opened, crop, preset)
        if preset.enhances:
            picture = enhance(picture, preset)
            steps.append("enhanced")
        jpeg, picture, reduced = encode(picture, preset.quality, preset.max_bytes)
    return Prepared(jpeg, picture.width, picture.height, (*steps, *reduced))


def _render(opened: Opened, crop: Box | None, preset: Preset) -> _Rendered:
    """The part to keep at its final size, upright, in sRGB.

    The picture is made small before anything else is done to it, so that the rest costs next to nothing; that is
    why the crop is sought in the picture as stored.
    """
    file, steps = opened.file, []
    if opened.kind is not formats.JPEG:
        file.load()  # only now do some decoders know the size
    region = _region(opened, crop, preset)
    if region != (0, 0, *file.size):
        steps.append("cropped")
    size = sampling.fitted(region, preset.max_side)
    if size != (region[2] - region[0], region[3] - region[1]):
        steps.append("resized")
    if opened.kind is formats.JPEG:
        region = sampling.draft(file, region, size)
        file.load()
    picture, conversions = to_srgb(sampling.sample(file, region, size), file, opened.kind)
    steps.extend(conversions)
    if opened.orientation != 1:
        picture = upright(picture, opened.orientation)
        steps.append("oriented")
    return _Rendered(picture, steps)


def _region(opened: Opened, crop: Box | None, preset: Preset) -> Region:
    """The part to keep, in whole pixels of the picture as stored; at least one pixel."""
    width, height = opened.file.size
    if crop is None and preset.crop_to_square:
        crop = Box.centred_square(*upright_size((width, height), opened.orientation))
    if crop is None:
        return 0, 0, width, height
    box = stored_box(crop, opened.orientation)
    left, top = min(round(box.left * width), width - 1), min(round(box.top * height), height - 1)
    return left, top, max(round(box.right * width), left + 1), max(round(box.bottom * height), top + 1)
