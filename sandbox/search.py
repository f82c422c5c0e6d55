"""A search as the marketplace answers it: similar pictures' offers, filtered, sorted, a page of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PIL import Image

from sandbox.companies import Supplier
from sandbox.manifest import Manifest, read_manifest
from sandbox.matching import VisualIndex, load_index
from sandbox.offers import Offer, by_picture, derive_offers
from sandbox.trade import Trade

# Pictures less alike than this are no matches, and a search shows no more offers than that.
SIMILARITY_FLOOR = 0.3
MOST_OFFERS = 200
LATEST = 10**6  # hours: what an offer without a promise counts as

BY_SIMILARITY, BY_PRICE, BY_PRICE_DOWN, BY_SALES, BY_SALES_DOWN, BY_REPURCHASE, BY_REPURCHASE_DOWN = range(7)


@dataclass(frozen=True)
class Hit:
    """An offer found; ``similarity`` is 0 to 1, rounded to what is sent."""

    offer: Offer
    similarity: float


@dataclass(frozen=True)
class Criteria:
    """Filters and order of a search.

    Prices are in yuan, both ends belong to the range. ``keyword``: every word of it is in the title.
    ``ships_within`` is a number of hours that the promise must not exceed. The seller must hold all
    ``identities`` (see sandbox.companies). Where ``sort`` leaves offers equal, ``then_by`` decides.
    """

    price_from: Decimal | None = None
    price_to: Decimal | None = None
    wholesale_only: bool = False
    sort: int = BY_SIMILARITY
    then_by: tuple[int, ...] = ()
    keyword: str = ""
    category_id: str | None = None
    ships_within: int | None = None
    identities: tuple[str, ...] = ()
    dropshipping_only: bool = False
    free_shipping_only: bool = False
    selected_only: bool = False
    new_only: bool = False

    def admits(self, offer: Offer) -> bool:
        return (
            (self.price_from is None or offer.price >= self.price_from)
            and (self.price_to is None or offer.price <= self.price_to)
            and (offer.wholesale or not self.wholesale_only)
            and all(word in offer.title.lower() for word in self.keyword.lower().split())
            and self._admits_terms(offer.trade)
            and self._admits_seller(offer.supplier)
        )

    def _admits_terms(self, trade: Trade) -> bool:
        return (
            (self.category_id is None or trade.category_id == self.category_id)
            and (self.ships_within is None or (trade.ships_within or LATEST) <= self.ships_within)
            and (trade.dropshipping or not self.dropshipping_only)
            and (trade.free_shipping or not self.free_shipping_only)
            and (trade.prices.selected is not None or not self.selected_only)
            and (trade.is_new or not self.new_only)
        )

    def _admits_seller(self, supplier: Supplier | None) -> bool:
        return not self.identities or (supplier is not None and set(self.identities) <= set(supplier.identities))


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
        if criteria.sort != BY_SIMILARITY:
            keys = (criteria.sort, *criteria.then_by)
            found.sort(key=lambda hit: (*(_sort_value(hit.offer, key) for key in keys), hit.offer.offer_id))
        return found


def _sort_value(offer: Offer, key: int) -> tuple[bool, Decimal | int]:
    """Offers that do not have the value come last, up or down."""
    value, sign = SORT_KEYS[key]
    number = value(offer)
    return (number is None, 0 if number is None else sign * number)


SORT_KEYS: Mapping[int, tuple[Callable[[Offer], Decimal | int | None], int]] = {
    BY_PRICE: (lambda offer: offer.price, 1),
    BY_PRICE_DOWN: (lambda offer: offer.price, -1),
    BY_SALES: (lambda offer: offer.trade.monthly_sold, 1),
    BY_SALES_DOWN: (lambda offer: offer.trade.monthly_sold, -1),
    BY_REPURCHASE: (lambda offer: offer.trade.repurchase_rate, 1),
    BY_REPURCHASE_DOWN: (lambda offer: offer.trade.repurchase_rate, -1),
}


def open_catalogue(folder: Path, cache_folder: Path, floor: float = SIMILARITY_FLOOR) -> Catalogue:
    """Reads a catalogue and its index, made if the cache lacks it. Raises ManifestError and ModelUnavailable."""
    manifest = read_manifest(folder)
    return Catalogue(manifest, load_index(manifest, cache_folder), floor)
