"""The eight ways in which a camera may have been held (EXIF 2.32, tag 274)."""

from typing import NamedTuple

from PIL import Image

from searches.imaging.box import Box


class _Turn(NamedTuple):
    """How to bring stored pixels upright, and where an upright point lies among them: its two axes are exchanged
    if `swaps`, then measured from the other end if `from_right` or `from_bottom`."""

    transposition: Image.Transpose
    swaps: bool
    from_right: bool
    from_bottom: bool


_TURNS = {
    2: _Turn(Image.Transpose.FLIP_LEFT_RIGHT, False, True, False),
    3: _Turn(Image.Transpose.ROTATE_180, False, True, True),
    4: _Turn(Image.Transpose.FLIP_TOP_BOTTOM, False, False, True),
    5: _Turn(Image.Transpose.TRANSPOSE, True, False, False),
    6: _Turn(Image.Transpose.ROTATE_270, True, False, True),
    7: _Turn(Image.Transpose.TRANSVERSE, True, True, True),
    8: _Turn(Image.Transpose.ROTATE_90, True, True, False),
}


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height as shown, from those stored."""
    width, height = size
    turn = _TURNS.get(orientation)
    return (height, width) if turn and turn.swaps else (width, height)


def stored_box(box: Box, orientation: int) -> Box:
    """Where a box of the upright picture lies in the picture as it is stored."""
    turn = _TURNS.get(orientation)
    if turn is None:
        return box
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if turn.swaps:
        left, top, right, bottom = top, left, bottom, right
    if turn.from_right:
        left, right = 1 - right, 1 - left
    if turn.from_bottom:
        top, bottom = 1 - bottom, 1 - top
    return Box(left, top, right, bottom)


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture turned as it is to be seen."""
    turn = _TURNS.get(orientation)
    return picture.transpose(turn.transposition) if turn else picture
