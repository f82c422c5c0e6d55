"""How well the matching does on a catalogue: ``python -m sandbox.calibration [FOLDER]``.

Prints where the true product of every query photo came, and the quartiles of distances from which
MIDDLE and SPREAD in ``matching`` were read. Products are looked at here and nowhere in matching.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sandbox.images import open_image
from sandbox.manifest import DEFAULT_FOLDER, Manifest, read_manifest
from sandbox.matching import Array, load_index, similarity


@dataclass(frozen=True)
class Measures:
    """Shares are 0 to 1; ``same`` and ``strangers`` are distances of query photos from pictures."""

    queries: int
    first: float
    among_five: float
    same: Array
    strangers: Array

    def __str__(self) -> str:
        own = np.percentile(self.same, [25, 50, 75]).round(2)
        others = np.percentile(self.strangers, [0.1, 1, 50]).round(2)
        return (
            f"{self.queries} query photos: true product first {self.first:.1%}, among five {self.among_five:.1%}\n"
            f"distance of the same product, quartiles: {', '.join(map(str, own))} "
            f"(similarity {', '.join(str(score) for score in similarity(own).round(2))})\n"
            f"distance of strangers, 0.1 %, 1 % and 50 %: {', '.join(map(str, others))} "
            f"(similarity {', '.join(str(score) for score in similarity(others).round(2))})\n"
        )


def measure(manifest: Manifest, cache_folder: Path) -> Measures:
    """Searches every query photo of a catalogue among its pictures."""
    index = load_index(manifest, cache_folder)
    photos = [open_image((manifest.folder / query.file).read_bytes()) for query in manifest.queries]
    distances = np.stack([index.distances(photo) for photo in photos])
    products = np.array([picture.product for picture in manifest.pictures])
    same = np.array([query.product for query in manifest.queries])[:, None] == products
    hits = np.take_along_axis(same, distances.argsort(axis=1), axis=1)
    return Measures(
        queries=len(photos),
        first=float(hits[:, 0].mean()),
        among_five=float(hits[:, :5].any(axis=1).mean()),
        same=distances[same],
        strangers=distances[~same],
    )


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else DEFAULT_FOLDER
    with tempfile.TemporaryDirectory() as cache:
        sys.stdout.write(str(measure(read_manifest(folder), Path(cache))))


if __name__ == "__main__":
    main(sys.argv[1:])
