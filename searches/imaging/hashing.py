"""A picture in 64 bits: equal, or nearly so, for the same picture saved again or made smaller.

The usual hashes of this length look at shapes in grey alone. Of a product photographed in four colours, in one pose,
they see one picture; a search for the red one would be answered by offers of the blue one. So part of the bits are
given to the mean colour, which hardly changes when a picture is saved again.

Sixty-four bits still see one picture in two sides of a product that have the same outline and the same mean colour. So
what they take for the same is looked at once more, in 8 by 8 blocks.
"""

from dataclasses import dataclass
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
_BLOCKS = 8
# How much the blocks that differ most may differ, in steps of 255. Each of 102 photos of shops was compared with itself
# saved again (quality 50 to 85, PNG, WebP, a third to three quarters of its size, and each of these with each other):
# at most 8. Of two different photos within the bound above (sides of one thing, or a black and a grey one of it), the
# nearest were 31 apart, and no two of all were nearer than 28.
SAME_BLOCKS = 16


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells whether two pictures are the same. `hash`: 64 bits, which `distance` compares.

    `blocks`: the picture as 8 by 8 blocks, row by row, of three bytes each: the mean brightness and both mean colour
    differences (ITU-R BT.601); b"" where nobody knows them.
    """

    hash: int
    blocks: bytes


def fingerprint(data: bytes) -> Fingerprint:
    """Of the picture, upright, in sRGB and on white. Raises ImageRejected."""
    small = rendered(data, max_side=8 * _SIDE).resize((_SIDE, _SIDE), Image.Resampling.BOX).convert("YCbCr")
    return Fingerprint(_hash(small), small.reduce(_SIDE // _BLOCKS).tobytes())


def same_picture(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both are one picture, be it saved again or made smaller."""
    return distance(one.hash, other.hash) <= SAME_PICTURE and have_same_blocks(one.blocks, other.blocks)


def have_same_blocks(one: bytes, other: bytes) -> bool:
    """For those whose hashes are near. Unknown blocks are no difference."""
    return all(abs(here - there) <= SAME_BLOCKS for here, there in zip(one, other, strict=False))


def _hash(small: Image.Image) -> int:
    """From the top: 37 bits for the shapes (of as many coarse waves of the brightness, whether they are stronger than
    the middle one), then 9 each for the mean brightness and the mean of both colour differences, in halves of steps
    of 255."""
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
