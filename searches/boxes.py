"""Parts of photos: as addresses and forms write them, as rows keep them, and as pages draw them."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from searches.imaging import Box
from searches.models import QueryImage

# A part shows nothing to search by when it has fewer pixels than this across or down. The portal's own rule: what
# makes pictures of photos (searches/imaging) takes a single pixel.
LEAST_PIXELS = 16


def box_from(text: str) -> Box:
    """The box that `left,top,right,bottom` names, in fractions of the photo. Raises ValueError for what is none."""
    edges = [float(edge) for edge in text.split(",", 4)]
    if len(edges) != 4:
        raise ValueError("a box has four edges")
    return Box(*edges)


def text_of(box: Box) -> str:
    """What `box_from` reads."""
    return f"{box.left:g},{box.top:g},{box.right:g},{box.bottom:g}"


def box_of(edges: Sequence[float] | None) -> Box | None:
    """The box of a row's four edges; None for none, and for edges that hold nothing between them."""
    if not edges:
        return None
    try:
        return Box(*edges)
    except (TypeError, ValueError):
        return None


def column_of(boxes: Mapping[int, Box]) -> dict[str, list[float]]:
    """As `SearchJob.crops` keeps them: by the photo's id."""
    return {str(image): list(dataclasses.astuple(box)) for image, box in boxes.items()}


def is_too_small(box: Box, image: QueryImage) -> bool:
    """Whether the part has too few pixels to search by. Of a smaller photo the whole width or height will do."""
    across, down = (box.right - box.left) * image.width, (box.bottom - box.top) * image.height
    return round(across) < min(LEAST_PIXELS, image.width) or round(down) < min(LEAST_PIXELS, image.height)


@dataclass(frozen=True, slots=True)
class Outline:
    """A part, drawn: an SVG's `view` (its viewBox, the photo's pixels), the paths of what is in and of what is out."""

    view: str
    inside: str
    outside: str


def outline_of(box: Box | None, image: QueryImage) -> Outline | None:
    if box is None:
        return None
    width, height = image.width, image.height
    left, right = round(box.left * width), round(box.right * width)
    top, bottom = round(box.top * height), round(box.bottom * height)
    inside = f"M{left} {top}V{bottom}H{right}V{top}Z"
    # Wound the other way round, the part is a hole in the whole.
    return Outline(f"0 0 {width} {height}", inside, f"M0 0H{width}V{height}H0Z{inside}")
