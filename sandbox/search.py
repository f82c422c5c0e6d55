"""A search as the marketplace answers it: similar pictures' offers, filtered, sorted, a page of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PIL import Image

from sandbox.manifest import Manifest, read_manifest
from sandbox.matching import VisualIndex, load_index
from sandbox.offers import Offer, by_picture, derive_offers

# Pictures less alike than this are no matches, and a search shows no more offers than that.
SIMILARITY_FLOOR = 0.3
MOST_OFFERS = 200

BY_SIMILARITY, BY_PRICE, BY_PRICE_DOWN = 0, 1, 2


@dataclass(frozen=True)
class Hit:
    """An offer found; ``similarity`` is 0 to 1, rounded to what is sent."""

    offer: Offer
    similarity: float


@dataclass(frozen=True)
class Criteria:
    """Filters and order of a search; prices are in yuan, both ends belong to the range."""

    price_from: Decimal | None = None
    price_to: Decimal | None = None
    wholesale_only: bool = False
    sort: int = BY_SIMILARITY

    def admits(self, offer: Offer) -> bool:
        return (
            (self.price_from is None or offer.price >= self.price_from)
            and (self.price_to is None or offer.price <= self.price_to)
            and (offer.wholesale or not self.wholesale_only)
        )


class Catalogue:
    """The offers, their pictures and the index to find them by."""

    def __init__(self, manifest: Manifest, index: VisualIndex, floor: float = SIMILARITY_FLOOR) -> None:
        self.offers = derive_offers(manifest)
        self.offers_by_id: Mapping[str, Offer] = {offer.offer_id: offer for offer in self.offers}
        # What is served as a file, by the name in the URL: nothing else can be reached.
        self.files: Mapping[str, Path] = {
            picture.file: manifest.folder / picture.file for picture in (*manifest.pictures, *manifest.queries)
        }
        self.queries = tuple(picture.file for picture in manifest.queries)
        self._by_picture = by_picture(self.offers)
        self._index = index
        self._floor = floor

    def find(self, image: Image.Image, criteria: Criteria) -> list[Hit]:
        """All offers that match, in the order asked for; equal ones by their id."""
        similar = self._index.similar(image, floor=self._floor)
        hits = [Hit(offer, similarity) for file, similarity in similar for offer in self._by_picture[file]]
        hits.sort(key=lambda hit: (-hit.similarity, hit.offer.offer_id))
        found = [hit for hit in hits[:MOST_OFFERS] if criteria.admits(hit.offer)]
        if criteria.sort == BY_PRICE:
            found.sort(key=lambda hit: (hit.offer.price, hit.offer.offer_id))
        elif criteria.sort == BY_PRICE_DOWN:
            found.sort(key=lambda hit: (-hit.offer.price, hit.offer.offer_id))
        return found


def open_catalogue(folder: Path, cache_folder: Path, floor: float = SIMILARITY_FLOOR) -> Catalogue:
    """Reads a catalogue and its index, which is made if the cache lacks it. Raises ManifestError."""
    manifest = read_manifest(folder)
    return Catalogue(manifest, load_index(manifest, cache_folder), floor)
