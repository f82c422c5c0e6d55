"""A picture in 64 bits: equal, or nearly so, for the same picture saved again or made smaller.

The usual hashes of this length look at shapes in grey alone. Of a product photographed in four colours, in one pose,
they see one picture; a search for the red one would be answered by offers of the blue one. So part of the bits are
given to the mean colour, which hardly changes when a picture is saved again.
"""

from math import cos, pi
from statistics import median_low

from PIL import Image

from searches.imaging.preparing import rendered

_SIDE = 32
# The coarsest waves of a 32 by 32 cosine transform, row by row of 7, without the first, which is the mean brightness.
_WAVES_ACROSS, _SHAPE_BITS = 7, 37
_LEVEL_BITS = 9
_HALVES = 2  # levels are kept in halves: 0 to 510
_COSINES = [[cos(pi * (2 * at + 1) * wave / (2 * _SIDE)) for at in range(_SIDE)] for wave in range(_WAVES_ACROSS)]

# As far apart as pictures may be to count as the same. Photos saved again at quality 50 to 85, as PNG or WebP, and at
# a third to three quarters of their size came to at most 4; products in other colours, in the same pose, to 8 or more.
SAME_PICTURE = 6


def perceptual_hash(data: bytes) -> int:
    """The picture, upright, in sRGB and on white, in 64 bits, which `distance` compares.

    From the top: 37 bits for the shapes (of as many coarse waves of the brightness, whether they are stronger than the
    middle one), then 9 each for the mean brightness and the mean of both colour differences (ITU-R BT.601), in halves
    of steps of 255. Raises ImageRejected.
    """
    small = rendered(data, max_side=8 * _SIDE).resize((_SIDE, _SIDE), Image.Resampling.BOX).convert("YCbCr")
    channels = [channel.tobytes() for channel in small.split()]
    bits = 0
    waves = _waves(channels[0])
    middle = median_low(waves)
    for wave in waves:
        bits = bits << 1 | (wave > middle)
    for channel in channels:
        bits = bits << _LEVEL_BITS | round(_HALVES * sum(channel) / len(channel))
    return bits


def distance(one: int, other: int) -> int:
    """How far apart two pictures are by their hashes: 0 when equal, the same picture up to `SAME_PICTURE`.

    The number of shape bits that differ, and one for each quarter of a step in that of the three means which differs
    most.
    """
    levels = 3 * _LEVEL_BITS
    shapes = (one ^ other) >> levels
    mask = (1 << _LEVEL_BITS) - 1
    means = (abs((one >> at & mask) - (other >> at & mask)) for at in range(0, levels, _LEVEL_BITS))
    return shapes.bit_count() + 2 * max(means)


def _waves(brightness: bytes) -> list[int]:
    """How strong the coarsest waves are; in whole numbers, so that an even picture has none at all."""
    rows = [brightness[start : start + _SIDE] for start in range(0, len(brightness), _SIDE)]
    across = [[_product(row, cosines) for row in rows] for cosines in _COSINES]
    strengths = [round(_product(column, cosines)) for cosines in _COSINES for column in across]
    return strengths[1 : 1 + _SHAPE_BITS]


def _product(samples: bytes | list[float], cosines: list[float]) -> float:
    return sum(sample * cosine for sample, cosine in zip(samples, cosines, strict=True))
