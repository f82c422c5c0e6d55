"""Parts of a picture in its own pixels."""

from dataclasses import dataclass

from PIL import Image

from sandbox.subject import subject_extent


@dataclass(frozen=True)
class Region:
    """``left`` and ``top`` belong to it, ``right`` and ``bottom`` are the first pixels beyond."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """As Pillow crops."""
        return (self.left, self.top, self.right, self.bottom)

    def within(self, image: Image.Image) -> bool:
        """Whether it is a part of the picture, of one pixel at least."""
        return 0 <= self.left < self.right <= image.width and 0 <= self.top < self.bottom <= image.height


def whole(image: Image.Image) -> Region:
    return Region(0, 0, image.width, image.height)


def main_subject(image: Image.Image) -> Region:
    """The box around what the picture shows."""
    left, top, right, bottom = subject_extent(image)
    return Region(
        int(left * image.width),
        int(top * image.height),
        max(int(left * image.width) + 1, round(right * image.width)),
        max(int(top * image.height) + 1, round(bottom * image.height)),
    )
