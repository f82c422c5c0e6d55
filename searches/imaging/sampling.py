"""Make a picture small at the least cost, in time and in memory."""

from math import ceil

from PIL import Image, ImageFile

from searches.imaging import colour

Region = tuple[float, float, float, float]
Size = tuple[int, int]

# How much larger than its target a picture is left by the cheap first step, so that the good filter still has
# enough to work on. The decoder of JPEGs scales by its own transform and needs less than averaging pixels does.
DRAFT_GAP = 1.25
AVERAGE_GAP = 2.0
_BAND_PIXELS = 1_000_000


def fitted(region: Region, max_side: int) -> Size:
    """The size in pixels at which a region fits within a square of `max_side`, never more than its own."""
    width, height = region[2] - region[0], region[3] - region[1]
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def draft(file: ImageFile.ImageFile, region: Region, size: Size) -> Region:
    """Have a JPEG decoded no larger than `size` needs; the region in the pixels that will come out.

    Files that can't do this are left alone.
    """
    width, height = file.size
    across, down = size[0] / (region[2] - region[0]), size[1] / (region[3] - region[1])
    scale = min(1.0, max(across, down) * DRAFT_GAP)
    drafted = file.draft(None, (ceil(width * scale), ceil(height * scale)))
    if drafted is None:
        return region
    _, (_, _, drafted_width, drafted_height) = drafted
    across, down = drafted_width / width, drafted_height / height
    return region[0] * across, region[1] * down, region[2] * across, region[3] * down


def sample(picture: Image.Image, region: Region, size: Size) -> Image.Image:
    """The region at `size`, in a mode of 8-bit channels: L, LA, RGB, RGBA, CMYK or LAB."""
    widening = colour.to_channels(picture)
    factor = max(1, int(min((region[2] - region[0]) / size[0], (region[3] - region[1]) / size[1]) / AVERAGE_GAP))
    if factor > 1 or widening is not None:
        picture, region = _averaged(picture, region, factor, widening or _as_it_is)
    left, top, right, bottom = region
    inside = (left, top, min(right, picture.width), min(bottom, picture.height))
    return picture.resize(size, Image.Resampling.LANCZOS, box=inside)


def _as_it_is(band: Image.Image) -> Image.Image:
    return band


def _averaged(
    picture: Image.Image, region: Region, factor: int, widening: colour.Conversion
) -> tuple[Image.Image, Region]:
    """The region made `factor` times smaller by averaging, and its place in what comes out.

    It goes band by band, since a conversion of the whole would need the memory of the decoded picture again, up
    to four times over.
    """
    left, top, right, bottom = int(region[0]), int(region[1]), ceil(region[2]), ceil(region[3])
    right, bottom = min(right, picture.width), min(bottom, picture.height)
    rows = factor * max(1, _BAND_PIXELS // (factor * (right - left)))
    bands = (
        (y // factor, widening(picture.crop((left, top + y, right, min(top + y + rows, bottom)))).reduce(factor))
        for y in range(0, bottom - top, rows)
    )
    y, band = next(bands)
    averaged = Image.new(band.mode, (band.width, ceil((bottom - top) / factor)))
    averaged.paste(band, (0, y))
    for y, band in bands:
        averaged.paste(band, (0, y))
    place = ((region[0] - left) / factor, (region[1] - top) / factor)
    width, height = (region[2] - region[0]) / factor, (region[3] - region[1]) / factor
    return averaged, (*place, place[0] + width, place[1] + height)
