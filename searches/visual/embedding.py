"""Pictures as vectors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searches.visual.colour import BINS, histogram
from searches.visual.model import SIDE, loaded
from searches.visual.pixels import read_square
from searches.visual.subject import subject

FEATURES = 192  # of the network, as the model's file has them
DIMENSIONS = FEATURES + BINS
VERSION = "lite0-1"
COLOUR_SHARE = 0.2  # of the cosine

BATCH = 8  # squares that the network sees at once: memory, not speed, depends on it


def embed(pictures: Sequence[bytes]) -> NDArray[np.float32]:
    """(n, DIMENSIONS), each of unit length: FEATURES of the network, then BINS of the subject's colours.

    The cosine of two vectors is (1 - COLOUR_SHARE) times that of the features plus COLOUR_SHARE times that of the
    colours. Pictures are JPEG, PNG or WebP. Raises ValueError, which names the place of a picture that cannot be
    read, and ModelUnavailable.
    """
    vectors = np.empty((len(pictures), DIMENSIONS), np.float32)
    for start in range(0, len(pictures), BATCH):
        squares = np.stack([_square(pictures, place) for place in range(start, min(start + BATCH, len(pictures)))])
        rows = vectors[start : start + BATCH]
        rows[:, :FEATURES] = loaded().features(squares) * np.sqrt(1 - COLOUR_SHARE)
        rows[:, FEATURES:] = [histogram(square, subject(square)) for square in squares]
        rows[:, FEATURES:] *= np.sqrt(COLOUR_SHARE)
    return vectors


def _square(pictures: Sequence[bytes], place: int) -> NDArray[np.uint8]:
    try:
        return read_square(pictures[place], SIDE)
    except ValueError as error:
        raise ValueError(f"Picture {place}: {error}") from error
