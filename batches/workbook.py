"""A batch's results as one workbook: the best offers of each product with pictures, all offers, and what failed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from batches.lines import state_of
from batches.models import Batch
from batches.prices import unit_price
from batches.results import Failure, Product, failures_of, notice_of_batch, products_of
from exports.cells import Cell
from exports.workbook import PICTURE_COLUMN, ROW_PIXELS, Book, Column, Sheet
from searches.exports import OFFER_COLUMNS, offer_cells, source_name, whole_address
from searches.models import SupplierMatch
from searches.smallpictures import SmallPictures

BEST_OFFERS = 3
# What is told of each batch row after each few: how many are written.
Beat = Callable[[int], None]


def write_workbook(batch: Batch, path: Path, *, beat: Beat, pictures: SmallPictures) -> None:
    """Write the file. `pictures` keep their files until this is done. Raises OSError, and what `beat` raises."""
    with Book(path, title=batch.title, notice=notice_of_batch(batch)) as book:
        _fill(book, batch, beat, pictures)


def _fill(book: Book, batch: Batch, beat: Beat, pictures: SmallPictures) -> None:
    best = book.sheet(_("Best offers"), _best_columns())
    everything = book.sheet(_("All offers"), _all_columns())
    failures = book.sheet(_("Failures"), _failure_columns())
    done = 0
    for products in products_of(batch):
        shown = [offer for product in products for offer in product.offers[:BEST_OFFERS]]
        pictures.fetch((offer.marketplace, offer.image_url) for offer in shown if offer.image_url)
        for product in products:
            _write_best(best, product, pictures)
            for offer in product.offers:
                everything.line(all_cells(product, offer))
        done += len(products)
        beat(done)
    for failure in failures_of(batch):
        failures.line(_failure_cells(failure))


def _best_columns() -> list[Column]:
    return [
        Column(_("Row"), 6, "number"),
        Column(_("Photo"), PICTURE_COLUMN),
        Column(_("Own code"), 14),
        Column(_("Name"), 24),
        Column(_("Target price"), 10, "money"),
        Column(_("Quantity"), 10, "number"),
        Column(_("State"), 14),
        Column(pgettext("of an offer", "Place"), 6, "number"),
        Column(_("Picture"), PICTURE_COLUMN),
        Column(_("Offer"), 36),
        Column(_("Price"), 10, "money"),
        Column(_("Price at the quantity"), 11, "money"),
        Column(_("Currency"), 9),
        Column(_("MOQ"), 8, "number"),
        Column(_("Supplier"), 26),
        Column(_("Location"), 14),
        Column(_("Link"), 8, "link"),
        Column(_("Similarity by the marketplace"), 12, "share"),
        Column(_("Similarity by our eye"), 9, "share"),
        Column(_("Rank"), 7, "number"),
        Column(_("Source"), 12),
    ]


def _write_best(sheet: Sheet, product: Product, pictures: SmallPictures) -> None:
    """A line for each of the best offers, with the product's own cells in each: so that the sheet can be filtered."""
    row = product.row
    state, _tone = state_of(row)
    own: list[Cell] = [row.number, None, row.code, row.name or row.title, row.target_price, row.quantity, state]
    photo = pictures.of_photo(row.image)
    offers = product.offers[:BEST_OFFERS]
    for place, offer in enumerate(offers, 1):
        found = pictures.of_offer(offer.image_url)
        shown = {1: photo if place == 1 else None, 8: found}
        sheet.line(
            [*own, place, None if found else offer.image_url, *_best_cells(offer, row.quantity)],
            pictures={at: picture for at, picture in shown.items() if picture},
            height=ROW_PIXELS,
        )
    if not offers:
        nothing: Sequence[Cell] = [None] * (len(sheet.columns) - len(own))
        sheet.line([*own, *nothing], pictures={1: photo} if photo else {}, height=ROW_PIXELS)


def _best_cells(offer: SupplierMatch, quantity: int | None) -> list[Cell]:
    at_quantity = None if quantity is None else unit_price(offer.price, offer.tiers, quantity)
    return [
        offer.title,
        offer.price,
        at_quantity,
        offer.currency,
        offer.moq,
        offer.supplier_name,
        offer.supplier_location,
        whole_address(offer.url),
        offer.similarity,
        offer.visual,
        offer.rank,
        source_name(offer.marketplace),
    ]


def all_columns() -> tuple[str, ...]:
    """The columns of all offers, named alike in every language and in the CSV file."""
    return ("row", "code", *OFFER_COLUMNS)


def all_cells(product: Product, offer: SupplierMatch) -> list[Cell]:
    return [product.row.number, product.row.code, *offer_cells(offer)]


def _all_columns() -> list[Column]:
    widths = {"title": 36.0, "url": 24.0, "image_url": 24.0, "supplier_name": 26.0, "fetched_at": 16.0}
    return [Column(name, widths.get(name, 11.0), "plain") for name in all_columns()]


def _failure_columns() -> list[Column]:
    return [
        Column(_("Row"), 6, "number"),
        Column(_("Own code"), 14),
        Column(_("Name"), 24),
        Column(_("File or address"), 32),
        Column(_("State"), 14),
        Column(_("Reason"), 60),
        Column(_("What to do"), 60),
        Column(_("Error"), 16),
    ]


def _failure_cells(failure: Failure) -> Sequence[Cell]:
    return (
        failure.number,
        failure.code,
        failure.name,
        failure.source,
        failure.state,
        failure.reason,
        failure.remedy,
        failure.error_code,
    )
