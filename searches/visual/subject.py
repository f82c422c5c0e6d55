"""Where a picture's subject is: what differs from the colour of a plain border."""

import numpy as np
from numpy.typing import NDArray

BORDER = 0.03  # of a side
NEAR, FAR = 10.0, 40.0  # distance of colours, of 255: background up to the first, subject from the second
LEAST = 0.01  # share of the picture: with less than this there is no subject apart from the background


def subject(square: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(side, side), 0 to 1. Everything is subject where nothing stands out from the border."""
    margin = max(1, round(len(square) * BORDER))
    edges = (square[:margin], square[-margin:], square[:, :margin], square[:, -margin:])
    background = np.median(np.concatenate([edge.reshape(-1, 3) for edge in edges]), axis=0)
    apart = np.abs(square - background.astype(np.float32)).max(axis=2)
    weights = np.clip((apart - NEAR) / (FAR - NEAR), 0, 1)
    if weights.mean() < LEAST:
        return np.ones_like(weights)
    return np.asarray(weights, np.float32)
