"""Pictures as vectors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searches.visual.colour import subject_colours
from searches.visual.model import DIMENSIONS, loaded
from searches.visual.pixels import read_square


def embed(pictures: Sequence[bytes]) -> NDArray[np.float32]:
    """(n, DIMENSIONS), each row of unit length, of n JPEG, PNG or WebP pictures.

    The first FEATURES numbers of a row are what the network sees (forms, patterns, materials), the others the colours
    of the subject. The cosine of two rows is (1 - COLOUR_SHARE) times the cosine of their features plus COLOUR_SHARE
    times that of their colours. Pictures are seen one by one: several at once are no faster on a processor.

    Raises ValueError, which names the place of a picture that cannot be read (counted from 0), and ModelUnavailable.
    """
    vectors = np.empty((len(pictures), DIMENSIONS), np.float32)
    for place, picture in enumerate(pictures):
        try:
            square = read_square(picture)
        except ValueError as error:
            raise ValueError(f"Picture {place}: {error}") from error
        vectors[place] = loaded().vector(square, subject_colours(square))
    return vectors
