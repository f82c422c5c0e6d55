"""Which pictures of the catalogue look like a given one, and how much."""

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from sandbox.features import VERSION, describe
from sandbox.manifest import Manifest
from sandbox.subject import Array

# A distance becomes a similarity by a logistic curve: MIDDLE is where it gives one half, SPREAD how
# fast it falls. ``python -m sandbox.calibration`` prints what they were read from: a query photo's
# distance from its own product's pictures has the quartiles 0.95, 1.17 and 1.32; of strangers one in
# a thousand is nearer than 1.12, one in a hundred nearer than 1.26. So half of a product's pictures
# come out at 0.8 or above, and hardly a stranger does.
MIDDLE = 1.38
SPREAD = 0.15


def similarity(distance: Array) -> Array:
    """0 to 1, falling with the distance."""
    return np.asarray(1 / (1 + np.exp((distance - MIDDLE) / SPREAD)), np.float32)


class VisualIndex:
    """``vectors`` has shape (pictures, readings, length), in the order of ``files``."""

    def __init__(self, files: tuple[str, ...], vectors: Array) -> None:
        self._files = files
        self._vectors = vectors
        self._squares = np.einsum("prl,prl->pr", vectors, vectors)

    def similar(self, image: Image.Image, floor: float) -> list[tuple[str, float]]:
        """Pictures with a similarity of at least ``floor``, best first, rounded to four places."""
        scores = similarity(self.distances(image)).round(4)
        order = [place for place in np.argsort(-scores, kind="stable") if scores[place] >= floor]
        return [(self._files[place], round(float(scores[place]), 4)) for place in order]

    def distances(self, image: Image.Image) -> Array:
        """The distance of every picture: the least between any reading of it and any of the image's,
        mirrored or not."""
        asked = describe(image).reshape(-1, self._vectors.shape[-1])
        products = np.einsum("prl,ql->prq", self._vectors, asked)
        own = np.einsum("ql,ql->q", asked, asked)
        squared = (self._squares[..., None] + own - 2 * products).min(axis=(1, 2))
        return np.asarray(np.sqrt(np.maximum(squared, 0)), np.float32)


def load_index(manifest: Manifest, cache_folder: Path) -> VisualIndex:
    """The index of a catalogue from the cache folder, or made and put there."""
    files = tuple(picture.file for picture in manifest.pictures)
    path = cache_folder / f"sandbox-index-{_digest(manifest)}.npz"
    vectors = _read(path, len(files))
    if vectors is None:
        vectors = np.stack([_describe_file(manifest.folder / file) for file in files])
        _write(path, vectors)
    return VisualIndex(files, vectors)


def _describe_file(path: Path) -> Array:
    with Image.open(path) as image:
        return np.asarray(describe(image)[:, 0])


def _digest(manifest: Manifest) -> str:
    """Of everything that vectors depend on: the pictures themselves too, as they may be made anew."""
    digest = hashlib.sha256(manifest.digest_source + str(VERSION).encode())
    for picture in manifest.pictures:
        digest.update((manifest.folder / picture.file).read_bytes())
    return digest.hexdigest()[:24]


def _read(path: Path, count: int) -> Array | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            vectors = np.asarray(stored["vectors"], np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # not there, or spoilt: it will be made anew
    return vectors if len(vectors) == count else None


def _write(path: Path, vectors: Array) -> None:
    # Several processes may start at once: each writes a file of its own and renames it in one step.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, vectors=vectors)
    Path(name).replace(path)
