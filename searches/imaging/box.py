"""A part of a picture, as a person marks it."""

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions (0 to 1) of the picture as it is shown, measured from its top left corner.

    Fractions, not pixels, so that a box drawn on a thumbnail fits the original. Raises ValueError unless
    0 <= left < right <= 1 and 0 <= top < bottom <= 1.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        edges = (self.left, self.top, self.right, self.bottom)
        if not all(isfinite(edge) for edge in edges):
            raise ValueError("the edges of a box are finite numbers")
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError("a box lies within 0 and 1, left before right and top before bottom")

    @classmethod
    def centred_square(cls, width: int, height: int) -> "Box":
        """The largest square in the middle of a picture of `width` by `height` pixels."""
        across, down = min(1.0, height / width), min(1.0, width / height)
        return cls((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)
