"""Which pictures of the catalogue look like a given one, and how much, as seen by the eye in ``searches.visual``.

The similarities are this marketplace's own: like every marketplace's they are on a scale of their own, which is not
the one that the portal calibrates for its own.
"""

import hashlib
import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.images import SEARCHED_SIDE
from sandbox.manifest import Manifest
from searches.visual import DIMENSIONS, VERSION, embed

Array: TypeAlias = NDArray[np.float32]

# A distance becomes a similarity by a logistic curve through 1 at no distance: MIDDLE is about where it gives
# one half, SPREAD how fast it falls. What both were read from, ``python -m sandbox.calibration`` prints: a
# query photo's distance from its own product's pictures has the quartiles 0.18, 0.23 and 0.31; of strangers
# one in a thousand is nearer than 0.55, one in a hundred nearer than 0.68. So most of a product's pictures
# come out at 0.8 or above, no stranger does, and a search shows the strangers that are most alike as well,
# as marketplaces do.
MIDDLE = 0.58
SPREAD = 0.21


def similarity(distance: Array) -> Array:
    """0 to 1, falling with the distance."""
    equal = 1 + np.exp(-MIDDLE / SPREAD)
    return np.asarray(equal / (1 + np.exp((np.maximum(distance, 0) - MIDDLE) / SPREAD)), np.float32)


class VisualIndex:
    """``vectors`` has shape (pictures, DIMENSIONS), in the order of ``files``."""

    def __init__(self, files: tuple[str, ...], vectors: Array) -> None:
        self._files = files
        self._vectors = vectors

    def similar(self, image: Image.Image, floor: float) -> list[tuple[str, float]]:
        """Pictures with a similarity of at least ``floor``, best first, rounded to four places.

        Raises ModelUnavailable.
        """
        scores = similarity(self.distances(image)).round(4)
        order = [place for place in np.argsort(-scores, kind="stable") if scores[place] >= floor]
        return [(self._files[place], round(float(scores[place]), 4)) for place in order]

    def distances(self, image: Image.Image) -> Array:
        """The distance of every picture: 1 less the cosine of the vectors. Raises ModelUnavailable."""
        (asked,) = embed([_written(image)])
        # Not a matrix product: numpy would start threads for it, which only stand in each other's way.
        return np.asarray(1 - np.einsum("pd,d->p", self._vectors, asked), np.float32)


def _written(image: Image.Image) -> bytes:
    """As the eye takes pictures. A JPEG costs a tenth of the time of a PNG, and at this quality nothing else."""
    if max(image.size) > 2 * SEARCHED_SIDE:
        image = image.copy()
        image.thumbnail((SEARCHED_SIDE, SEARCHED_SIDE), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()


def load_index(manifest: Manifest, cache_folder: Path) -> VisualIndex:
    """The index of a catalogue from the cache folder, or made and put there. Raises ModelUnavailable."""
    files = tuple(picture.file for picture in manifest.pictures)
    path = cache_folder / f"sandbox-index-{_digest(manifest)}.npz"
    vectors = _read(path, len(files))
    if vectors is None:
        vectors = embed([(manifest.folder / file).read_bytes() for file in files])
        _write(path, vectors)
    return VisualIndex(files, vectors)


def _digest(manifest: Manifest) -> str:
    """Of everything that vectors depend on: the pictures themselves too, as they may be made anew."""
    digest = hashlib.sha256(manifest.digest_source + VERSION.encode())
    for picture in manifest.pictures:
        digest.update((manifest.folder / picture.file).read_bytes())
    return digest.hexdigest()[:24]


def _read(path: Path, count: int) -> Array | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            vectors = np.asarray(stored["vectors"], np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # not there, or spoilt: it will be made anew
    return vectors if vectors.shape == (count, DIMENSIONS) else None


def _write(path: Path, vectors: Array) -> None:
    # Several processes may start at once: each writes a file of its own and renames it in one step.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, vectors=vectors)
    Path(name).replace(path)
