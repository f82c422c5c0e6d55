"""A batch's results as one workbook: the best offers of each product with pictures, all offers, and what failed.

Written a row at a time: XlsxWriter keeps what is finished on the disk. Texts from strangers are written as texts,
whatever they look like, so that nothing in them is run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

# This package comes without types.
from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from batches.lines import state_of
from batches.models import Batch
from batches.prices import unit_price
from batches.results import Failure, Product, failures_of, notice_of_batch, products_of
from searches.exports import OFFER_COLUMNS, Cell, offer_cells, source_name
from searches.models import SupplierMatch
from searches.smallpictures import Small, SmallPictures

BEST_OFFERS = 3
PICTURE_PIXELS, ROW_PIXELS, PICTURE_COLUMN = 76, 80, 11.5  # the column in characters, as Excel counts
# The sheet format's limit is 1,048,576; the notice needs a line, too.
MOST_LINES = 1_048_000
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
# What is told of each batch row after each few: how many are written.
Beat = Callable[[int], None]


def write_workbook(batch: Batch, path: Path, *, beat: Beat, pictures: SmallPictures) -> None:
    """Write the file. `pictures` keep their files until this is done. Raises OSError, and what `beat` raises."""
    book = Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    try:
        _fill(book, batch, beat, pictures)
    finally:
        # Closed in any case: it has files open.
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error


def _fill(book: Workbook, batch: Batch, beat: Beat, pictures: SmallPictures) -> None:
    notice = notice_of_batch(batch)
    book.set_properties({"title": batch.title, "comments": notice})
    formats = _formats(book)
    best = _Sheet(book, _("Best offers"), _best_columns(), formats)
    everything = _Sheet(book, _("All offers"), _all_columns(), formats)
    failures = _Sheet(book, _("Failures"), _failure_columns(), formats)
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
    for sheet in (best, everything, failures):
        sheet.end(notice)


@dataclass(frozen=True, slots=True)
class _Column:
    """A heading, its width in characters, and the format of its cells."""

    heading: str
    width: float
    format: str = "text"


@dataclass(slots=True)
class _Sheet:
    """A worksheet that is written line by line."""

    book: Workbook
    name: str
    columns: Sequence[_Column]
    formats: Mapping[str, Format]
    written: int = 0
    left_out: int = 0
    sheet: Worksheet = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(self.name)
        self.sheet.hide_gridlines(2)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
            self.sheet.write_string(0, place, column.heading, self.formats["head"])

    def line(self, cells: Sequence[Cell], *, pictures: Mapping[int, Small] = {}, height: int | None = None) -> None:
        """The cells of the columns; `pictures` lie in the cells of their places. `height` in pixels."""
        if self.written == MOST_LINES:
            self.left_out += 1
            return
        self.written += 1
        if height is not None:
            self.sheet.set_row_pixels(self.written, height)
        for place, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            self._write(place, cell, column.format)
        for place, picture in pictures.items():
            self._picture(place, picture)

    def end(self, notice: str) -> None:
        """Source and time below the last line, and what found no room."""
        self.sheet.autofilter(0, 0, max(1, self.written), len(self.columns) - 1)
        words = [notice]
        if self.left_out:
            words.append(_("%(number)d further offers are in the CSV file.") % {"number": self.left_out})
        self.sheet.write_string(self.written + 2, 0, " ".join(filter(None, words)), self.formats["notice"])

    def _write(self, place: int, cell: Cell, name: str) -> None:
        at, style = self.written, self.formats[name]
        match cell:
            case None | "":
                self.sheet.write_blank(at, place, None, style)
            case bool():
                self.sheet.write_boolean(at, place, cell, style)
            case int() | float() | Decimal():
                self.sheet.write_number(at, place, cell, style)
            case datetime():
                # Spreadsheets know no time zones.
                self.sheet.write_datetime(at, place, timezone.make_naive(cell), self.formats["time"])
            case str() if name == "link":
                self.sheet.write_url(at, place, cell, style, string=_("open"))
            case str():
                self.sheet.write_string(at, place, cell, style)

    def _picture(self, place: int, picture: Small) -> None:
        scale = min(PICTURE_PIXELS / picture.width, PICTURE_PIXELS / picture.height)
        margin = (ROW_PIXELS - PICTURE_PIXELS) // 2
        # Moved and sized with the cells, so that sorted and filtered rows keep their own.
        layout = {"x_scale": scale, "y_scale": scale, "x_offset": margin, "y_offset": margin, "object_position": 1}
        self.sheet.insert_image(self.written, place, str(picture.path), layout | {"decorative": True})


def _formats(book: Workbook) -> dict[str, Format]:
    def made(**properties: Any) -> Format:
        return book.add_format({"font_size": 10, "valign": "vcenter", **properties})

    return {
        "head": made(bold=True, bg_color="#F1F3F5", bottom=1, text_wrap=True),
        "text": made(text_wrap=True),
        "plain": made(),
        "number": made(num_format="#,##0"),
        "money": made(num_format="#,##0.00##"),
        "share": made(num_format="0.00"),
        "time": made(num_format="yyyy-mm-dd hh:mm"),
        "link": made(font_color="#1155CC", underline=1),
        "notice": made(font_color="#666666", italic=True),
    }


def _best_columns() -> list[_Column]:
    return [
        _Column(_("Row"), 6, "number"),
        _Column(_("Photo"), PICTURE_COLUMN),
        _Column(_("Own code"), 14),
        _Column(_("Name"), 24),
        _Column(_("Target price"), 10, "money"),
        _Column(_("Quantity"), 10, "number"),
        _Column(_("State"), 14),
        _Column(pgettext("of an offer", "Place"), 6, "number"),
        _Column(_("Picture"), PICTURE_COLUMN),
        _Column(_("Offer"), 36),
        _Column(_("Price"), 10, "money"),
        _Column(_("Price at the quantity"), 11, "money"),
        _Column(_("Currency"), 9),
        _Column(_("MOQ"), 8, "number"),
        _Column(_("Supplier"), 26),
        _Column(_("Location"), 14),
        _Column(_("Link"), 8, "link"),
        _Column(_("Similarity"), 9, "share"),
        _Column(_("Rank"), 7, "number"),
        _Column(_("Source"), 12),
    ]


def _write_best(sheet: _Sheet, product: Product, pictures: SmallPictures) -> None:
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
        offer.url,
        offer.similarity,
        offer.rank,
        source_name(offer.marketplace),
    ]


def all_columns() -> tuple[str, ...]:
    """The columns of all offers, named alike in every language and in the CSV file."""
    return ("row", "code", *OFFER_COLUMNS)


def all_cells(product: Product, offer: SupplierMatch) -> list[Cell]:
    return [product.row.number, product.row.code, *offer_cells(offer)]


def _all_columns() -> list[_Column]:
    widths = {"title": 36.0, "url": 24.0, "image_url": 24.0, "supplier_name": 26.0, "fetched_at": 16.0}
    return [_Column(name, widths.get(name, 11.0), "plain") for name in all_columns()]


def _failure_columns() -> list[_Column]:
    return [
        _Column(_("Row"), 6, "number"),
        _Column(_("Own code"), 14),
        _Column(_("Name"), 24),
        _Column(_("File or address"), 32),
        _Column(_("State"), 14),
        _Column(_("Reason"), 60),
        _Column(_("What to do"), 60),
        _Column(_("Error"), 16),
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
