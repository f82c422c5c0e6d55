"""CSV as every page and command of the portal writes it, and the notice that goes with every view of results.

A spreadsheet runs what begins like a formula, and titles come from strangers: such text is defused. Numbers that
we write stay numbers. Column names are the same in every language, so that a sheet built on one export takes the next.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from exports.cells import FORMULA_STARTS as FORMULA_STARTS
from exports.cells import Cell as Cell
from exports.cells import safe_cell as safe_cell
from exports.filenames import file_name
from searches.marketplaces import MARKETPLACES, PriceKind
from searches.models import OfferFields, SearchCall, SupplierMatch

BYTE_ORDER_MARK = "\ufeff"
FIRST_COLUMNS = (
    "source",
    "marketplace",
    "offer_id",
    "title",
    "url",
    "image_url",
    "price",
    "currency",
    "moq",
    "similarity",
    "rank",
    "supplier_id",
    "supplier_name",
    "supplier_location",
    "supplier_credit",
    "fetched_at",
)
# New columns come after all that there were, so that a sheet that counts them goes on working.
LATER_COLUMNS = (
    "price_original",
    "price_promotion",
    "price_dropship",
    "price_selected",
    "price_selected_wholesale",
    "tiers",
    "monthly_sales",
    "repurchase_rate",
    "ships_within_hours",
    "dropshipping",
    "patented",
    "advertised",
    "supplier_years",
    "supplier_medal",
    "supplier_score",
    "identities",
)
OFFER_COLUMNS = (*FIRST_COLUMNS, *LATER_COLUMNS)
# A search's own: how many of its photos found the offer, and how many there are; the similarity by our own eye, while
# `similarity` is the marketplace's word alone; why its picture was not compared; and which offers show the same photo:
# those with the same number.
MATCH_COLUMNS = (*OFFER_COLUMNS, "photos", "photos_of", "similarity_ours", "not_compared", "same_photo")


class Writable(Protocol):
    """A text file, opened with `newline=""`, or a response."""

    def write(self, text: str, /) -> object: ...


def offer_cells(offer: OfferFields) -> list[Cell]:
    """The cells of OFFER_COLUMNS."""
    return [*first_cells(offer), *later_cells(offer)]


def match_cells(match: SupplierMatch, photos: int) -> list[Cell]:
    """The cells of MATCH_COLUMNS. `photos`: with how many the search was asked."""
    own = [_rounded(match.visual), match.unseen, match.photo_group]
    return [*offer_cells(match), match.photos_count, photos, *own]


def whole_address(address: str) -> str:
    """As files say it that leave the portal: what lies here, with the name by which the portal is reached, if known."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{address}" if address.startswith("/") and settings.PUBLIC_URL else address


def first_cells(offer: OfferFields) -> list[Cell]:
    """The cells of FIRST_COLUMNS."""
    return [
        source_name(offer.marketplace),
        offer.marketplace,
        offer.offer_id,
        offer.title,
        whole_address(offer.url),
        whole_address(offer.image_url),
        offer.price,
        offer.currency,
        offer.moq,
        _rounded(offer.similarity),
        offer.rank,
        offer.supplier_id,
        offer.supplier_name,
        offer.supplier_location,
        offer.supplier_credit,
        offer.fetched_at,
    ]


def later_cells(offer: OfferFields) -> list[Cell]:
    """The cells of LATER_COLUMNS. Shares are 0 to 1; what there may be several of is parted by semicolons."""
    prices = offer.other_prices
    return [
        *(prices.get(kind) for kind in PriceKind),
        "; ".join(f"{quantity}+ {safe_cell(price)}" for quantity, price in offer.price_tiers),
        offer.monthly_sales,
        _rounded(offer.repurchase_rate),
        offer.ships_within_hours,
        offer.dropshipping,
        offer.patented,
        offer.advertised,
        offer.supplier_years,
        offer.supplier_medal,
        _rounded(offer.supplier_score),
        "; ".join(offer.identities),
    ]


def write_csv(file: Writable, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, notice: str = "") -> None:
    """UTF-8 is the opener's part; the byte order mark, by which spreadsheets recognise it, is written here."""
    for line in _lines(header, rows, notice):
        file.write(line)


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, notice: str = ""
) -> StreamingHttpResponse:
    """A download that is written while `rows` are read. `notice` becomes the last line."""
    return StreamingHttpResponse(
        _lines(header, rows, notice),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, file_name(filename, "csv")) or "attachment"},
    )


def source_name(marketplace: str) -> str:
    """Whom to name as the source of a marketplace's offers; its key when it is no longer in the table."""
    known = MARKETPLACES.get(marketplace)
    return _(known.source) if known else marketplace


def source_notice(marketplaces: Iterable[str], first: datetime | None, last: datetime | None = None) -> str:
    """What every page and export that shows results says of them. Empty when there are none.

    marketplaces: their keys. first, last: when the oldest and the newest of the offers were fetched.
    """
    sources = ", ".join(sorted({source_name(marketplace) for marketplace in marketplaces}))
    if not sources or first is None:
        return ""
    return _(
        "Source: %(sources)s, fetched %(when)s. For the team's own business; not for resale. 数据来源：%(sources)s"
    ) % {"sources": sources, "when": _span(first, last or first)}


def notice_of(calls: Iterable[SearchCall]) -> str:
    """The notice for what these calls fetched. Empty when none of them has fetched anything."""
    fetched = [(call.fetched_at, call.marketplace) for call in calls if call.fetched_at]
    times = [time for time, _marketplace in fetched]
    marketplaces = [marketplace for _time, marketplace in fetched]
    return source_notice(marketplaces, min(times, default=None), max(times, default=None))


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _span(first: datetime, last: datetime) -> str:
    start, end = (f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" for moment in (first, last))
    return start if start == end else f"{start} – {end}"


class _Line:
    """What csv writes to: hands the line back instead of keeping it."""

    def write(self, line: str, /) -> str:
        return line


def _lines(header: Sequence[str], rows: Iterable[Sequence[Cell]], notice: str) -> Iterator[str]:
    # `writerow` answers what `write` answered: the line.
    write: Callable[[Iterable[str]], str] = csv.writer(_Line()).writerow
    yield BYTE_ORDER_MARK + write(header)
    for row in rows:
        yield write(safe_cell(cell) for cell in row)
    if notice:
        yield write([safe_cell(notice)])
