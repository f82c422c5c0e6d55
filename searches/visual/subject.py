"""Where a picture's subject is: in the middle, and of another colour than a plain border."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

BORDER = 0.03  # of a side
NEAR, FAR = 10.0, 40.0  # from the border's colour, of 255: background up to the first, subject from the second
LEAST = 0.01  # share of the picture: when less stands out from the border, the border tells nothing
MIDDLE = 0.22  # of a side: how far from the middle a pixel counts 0.6 of one there


def subject(square: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much each pixel of (side, side, 3) is subject: (side, side), 0 to 1, and above 0 somewhere."""
    margin = max(1, round(len(square) * BORDER))
    edges = (square[:margin], square[-margin:], square[:, :margin], square[:, -margin:])
    background = np.median(np.concatenate([edge.reshape(-1, 3) for edge in edges]), axis=0)
    apart = np.abs(square.astype(np.int16) - background.astype(np.int16)).max(axis=2)
    standing_out = np.clip((apart.astype(np.float32) - NEAR) / (FAR - NEAR), 0, 1)
    if standing_out.mean() < LEAST:
        return _middle(len(square))
    return np.asarray(standing_out * _middle(len(square)))


@cache
def _middle(side: int) -> NDArray[np.float32]:
    across = np.exp(-((((np.arange(side) + 0.5) / side - 0.5) / MIDDLE) ** 2) / 2)
    return np.asarray(np.outer(across, across), np.float32)
