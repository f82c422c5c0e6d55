"""What is wrong with a query photo, said before anybody pays for a search with it.

The limits were set by measuring, so that hardly a good photo is blamed: of 102 real product photos none is, of the
sandbox's 438 rendered ones ten (seven of them are dark indeed). Told of real ones, and of rendered ones, after they
were spoilt:

- blurred, by a Gaussian of one pixel in 160 of the longer side: 96 % and 87 %; of one in 130: 100 % and 96 %
- three stops too dark: 98 % and 100 %; by a gamma of 4: hardly where white stays white, of the rendered ones 44 %
- washed out, black at 60 % of white: 100 % and 98 %
- on a plain canvas of ten times their area: all; of seven times: 20 to 90 %
- two different products beside each other on white: 96 %

Not told: what is blurred in one direction only, and, before anything but a plain background, products that are small
or several. A picture takes 3 to 6 ms.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from PIL import Image

from searches.visual.pieces import PERHAPS, Array, Edges, Piece, pieces_of

Code = Literal["empty", "dark", "bright", "blurred", "several", "small"]

# Pixels of the longer side at which light and edges are measured.
SIDE = 256
# Light, 0 to 255: in an empty picture all but the darkest and the lightest 0.5 % lie within so much.
LEAST_RANGE = 16.0
# Dark: the lightest 1 % are darker than the first; or the lightest 5 % than the first, and half than the second.
DARK, HALF_DARK = 104.0, 50.0
# Washed out: all but the darkest 0.5 % of what is shown is lighter.
BRIGHT = 150.0
# Pixels by which the sharpest edges are blurred (see `_blur`), and what it is measured with.
BLURRED = 1.2
FINE, COARSE = 0.6, 2.0
LEAST_EDGES = 40
# A piece with this share of the largest one's area is a product, too.
COMPARABLE = 0.3
# The share of the picture that the box around a product has at least.
SMALL = 0.15
MARGIN = 0.08


def gettext_noop(message: str) -> str:
    """Mark a message for the translators' tools; whoever shows it translates it."""
    return message


MESSAGES: Mapping[Code, str] = MappingProxyType(
    {
        "empty": gettext_noop("There is hardly anything to be seen in this photo. Take another one."),
        "dark": gettext_noop("This photo is very dark. One in better light finds more."),
        "bright": gettext_noop("This photo is washed out. One with more contrast finds more."),
        "blurred": gettext_noop("This photo is blurred. A sharp one finds more."),
        "several": gettext_noop("Several products are in this photo. A part with one of them finds more."),
        "small": gettext_noop("The product is small in this photo. The part around it finds more."),
    }
)


@dataclass(frozen=True, slots=True)
class Advice:
    """`codes`: what is wrong, keys of `MESSAGES`; none for a photo as it should be.

    `part`: what to search with instead of the whole, where that helps: left, top, right and bottom in fractions of
    width and height, as a box of searches.imaging has them.
    """

    codes: tuple[Code, ...] = ()
    part: Edges | None = None


def advise(picture: bytes) -> Advice:
    """What is wrong with a JPEG, PNG or WebP. A stranger's picture has passed searches.imaging before.

    Raises ValueError for what cannot be read.
    """
    image = _opened(picture)
    light = np.asarray(image.convert("L"), np.float32)
    pieces = pieces_of(image)
    around = _around(pieces)
    if code := _trouble_with_light(light, _within(light, around) if around else light):
        # In such light neither edges nor the background are what they would be.
        return Advice((code,))
    codes: tuple[Code, ...] = ("blurred",) if _blur(light) > BLURRED else ()
    products = [piece for piece in pieces if piece.area >= COMPARABLE * pieces[0].area and not piece.is_cut]
    if any(piece.is_another_than(products[0]) for piece in products[1:]):
        return Advice((*codes, "several"), _part(products[0].edges))
    # Of a white product on white the details alone stand out: then it is not small.
    if around and _is_small(around) and _is_small(_around(pieces_of(image, PERHAPS)) or around):
        return Advice((*codes, "small"), _part(around))
    return Advice(codes)


def _opened(picture: bytes) -> Image.Image:
    """In RGB, on white, no larger than SIDE."""
    try:
        image: Image.Image = Image.open(io.BytesIO(picture), formats=["JPEG", "PNG", "WEBP"])
        image.draft("RGB", (SIDE, SIDE))
        if image.mode not in ("RGB", "L"):
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            image = image.convert("RGBA" if has_alpha else "RGB")
        image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        if image.mode == "RGBA":
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return image.convert("RGB")
    except Exception as error:  # a decoder fed with foreign bytes may raise anything
        raise ValueError("the picture cannot be read") from error


def _trouble_with_light(light: Array, shown: Array) -> Code | None:
    """`shown`: the light of what stands before the background, where that is known."""
    darkest, half, most, peak, lightest = (float(level) for level in np.percentile(light, [0.5, 50, 95, 99, 99.5]))
    if lightest - darkest < LEAST_RANGE:
        return "empty"
    if peak < DARK or (most < DARK and half < HALF_DARK):
        return "dark"
    return "bright" if float(np.percentile(shown, 0.5)) > BRIGHT else None


def _blur(light: Array) -> float:
    """The pixels (sigma of a Gaussian) by which the sharpest edges are blurred; 0 where there are none to judge by.

    A step that is blurred by s, and by t once more, has a slope proportional to 1 / sqrt(s² + t²): from two t follows
    s, whatever the contrast. So a plain product on white is as sharp as its outline is.
    """
    if min(light.shape) < 8 * COARSE:
        return 0.0
    fine, coarse = _slopes(_smoothed(light, FINE)), _slopes(_smoothed(light, COARSE))
    strong = coarse > max(2.0, 0.25 * float(np.percentile(coarse, 99)))
    if np.count_nonzero(strong) < LEAST_EDGES:
        return 0.0
    ratio = float(np.percentile(fine[strong] / coarse[strong], 90)) ** 2
    return float(np.sqrt(max(COARSE**2 - ratio * FINE**2, 0.0) / max(ratio - 1, 0.01)))


def _slopes(light: Array) -> Array:
    across, down = light[1:-1, 2:] - light[1:-1, :-2], light[2:, 1:-1] - light[:-2, 1:-1]
    return np.asarray(np.hypot(across, down), np.float32)


def _smoothed(light: Array, sigma: float) -> Array:
    reach = round(3 * sigma)
    weights = np.exp(-(np.arange(-reach, reach + 1, dtype=np.float32) ** 2) / (2 * sigma**2))
    for _axis in range(2):
        padded = np.pad(light, ((reach, reach), (0, 0)), mode="edge")
        parts = (weight * padded[place : place + len(light)] for place, weight in enumerate(weights / weights.sum()))
        light = sum(parts, start=np.zeros_like(light)).T
    return light


def _around(pieces: Sequence[Piece]) -> Edges | None:
    """The box around them all."""
    if not pieces:
        return None
    left, top, right, bottom = zip(*(piece.edges for piece in pieces), strict=True)
    return min(left), min(top), max(right), max(bottom)


def _is_small(edges: Edges) -> bool:
    left, top, right, bottom = edges
    return (right - left) * (bottom - top) < SMALL


def _within(light: Array, edges: Edges) -> Array:
    height, width = light.shape
    left, top, right, bottom = edges
    return light[int(top * height) : round(bottom * height), int(left * width) : round(right * width)]


def _part(edges: Edges) -> Edges:
    """The box with a margin; of whole percents, as it is to stand in forms and addresses."""
    left, top, right, bottom = edges
    margin = max(0.02, MARGIN * max(right - left, bottom - top))
    return (
        max(0.0, round(left - margin, 2)),
        max(0.0, round(top - margin, 2)),
        min(1.0, round(right + margin, 2)),
        min(1.0, round(bottom + margin, 2)),
    )
