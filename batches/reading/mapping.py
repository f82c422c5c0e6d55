"""From a sheet's columns to products: which column means what, and what each row then says."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from batches.reading import figures
from batches.reading.grid import EmbeddedPicture
from batches.reading.headings import Field, field_of, field_within, is_of_photos
from batches.reading.picture_names import has_picture_extension
from batches.reading.problems import Problem, ProblemCode, problem
from batches.reading.rejected import gettext_noop
from batches.reading.sheets import Row, Sheet

Number = TypeVar("Number", int, Decimal)

_SAMPLE = 20
# No row uses so many addresses, yet a cell can hold thousands.
_MOST_PIECES = 50
_MAX_URL = 2_000
_MAX_CODE, _MAX_NAME = 200, 500
_OF_PICTURES = (Field.PICTURE, Field.URL)
_BETWEEN_URLS = re.compile(r"[\s;|，；]+|,(?=\s*(?:https?:)?//)", re.IGNORECASE)
_URL = re.compile(r"(?:https?:)?//", re.IGNORECASE)


class Reason(StrEnum):
    """Why a column was taken for a field, the surest first."""

    HEADING = "heading"
    PART_OF_HEADING = "part-of-heading"
    CONTENT = "content"


REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.HEADING: gettext_noop("by its heading"),
        Reason.PART_OF_HEADING: gettext_noop("by a word in its heading"),
        Reason.CONTENT: gettext_noop("by what its cells hold"),
    }
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposal to be shown and changed. Columns count from 0; both mappings have the same fields.

    `further`: columns that hold more photos of the same product, be it pictures, names or addresses.
    """

    columns: Mapping[Field, int]
    reasons: Mapping[Field, Reason]
    further: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What a row of the sheet says. `number` is the row's in the sheet, from 1; the price has no currency, as sheets
    seldom say it. `file_name` is as written, perhaps several names."""

    number: int
    code: str = ""
    name: str = ""
    target_price: Decimal | None = None
    quantity: int | None = None
    keywords: str = ""
    file_name: str = ""
    urls: tuple[str, ...] = ()
    pictures: tuple[EmbeddedPicture, ...] = ()
    problems: tuple[Problem, ...] = ()


def guess_mapping(headings: Sequence[str], rows: Sequence[Row] = ()) -> Guess:
    """Which column holds which field: by a known heading, else by a word in it, else by addresses and names of
    picture files in the first rows. The first of several candidates wins; each column is used once at most."""
    columns: dict[Field, int] = {}
    reasons: dict[Field, Reason] = {}
    by_reason: tuple[tuple[Reason, Callable[[int], Field | None]], ...] = (
        (Reason.HEADING, lambda column: field_of(headings[column])),
        (Reason.PART_OF_HEADING, lambda column: field_within(headings[column])),
        (Reason.CONTENT, lambda column: _field_by_content(column, rows)),
    )
    for reason, guessed in by_reason:
        for column in range(len(headings)):
            field = guessed(column) if column not in columns.values() else None
            if field is not None and field not in columns:
                columns[field], reasons[field] = column, reason
    return Guess(columns, reasons, tuple(_further(headings, rows, columns)))


def _further(headings: Sequence[str], rows: Sequence[Row], columns: Mapping[Field, int]) -> Iterator[int]:
    """Columns that are headed like the first one of pictures, or hold pictures under no heading."""
    if not {Field.PICTURE, Field.URL} & columns.keys():
        return
    with_pictures = {picture.column for row in rows[:_SAMPLE] for picture in row.pictures}
    for column, heading in enumerate(headings):
        free = column not in columns.values()
        if free and (is_of_photos(heading) or (not heading and column in with_pictures)):
            yield column


def _field_by_content(column: int, rows: Sequence[Row]) -> Field | None:
    texts = [row.texts[column] for row in rows[:_SAMPLE] if column in row.texts]
    if texts and all(_URL.match(text) for text in texts):
        return Field.URL
    if texts and all(has_picture_extension(text) for text in texts):
        return Field.PICTURE
    return None


def apply_mapping(sheet: Sheet, mapping: Mapping[Field, int], further: Sequence[int] = ()) -> tuple[ProductRow, ...]:
    """Every row as a product. What can't be used of a row is among its `problems`; no row is left out.

    further: columns with more photos of the product, as in `Guess`.
    """
    return tuple(_product(row, mapping, further) for row in sheet.rows)


def _product(row: Row, mapping: Mapping[Field, int], further: Sequence[int]) -> ProductRow:
    texts = {field: row.texts.get(column, "") for field, column in mapping.items()}
    problems: list[Problem] = []
    cells = [texts.get(Field.PICTURE, ""), *(row.texts.get(column, "") for column in further)]
    # Under "picture" people paste addresses too.
    file_name = "\n".join(cell for cell in cells if cell and not _URL.match(cell))
    addresses = "\n".join([*(cell for cell in cells if _URL.match(cell)), texts.get(Field.URL, "")])
    product = ProductRow(
        number=row.number,
        code=_short(texts.get(Field.CODE, ""), _MAX_CODE, problems),
        name=_short(texts.get(Field.NAME, ""), _MAX_NAME, problems),
        target_price=_read(texts.get(Field.TARGET_PRICE, ""), figures.price, ProblemCode.BAD_PRICE, problems),
        quantity=_read(texts.get(Field.QUANTITY, ""), figures.quantity, ProblemCode.BAD_QUANTITY, problems),
        keywords=_short(texts.get(Field.KEYWORDS, ""), _MAX_NAME, problems),
        file_name=file_name,
        urls=_urls(addresses, problems),
        pictures=_pictures(row.pictures, [mapping[field] for field in _OF_PICTURES if field in mapping], further),
    )
    if not (product.pictures or product.file_name or product.urls):
        problems.append(Problem(ProblemCode.NO_PICTURE))
    return replace(product, problems=tuple(problems))


def _read(text: str, read: Callable[[str], Number | None], code: ProblemCode, problems: list[Problem]) -> Number | None:
    value = read(text) if text else None
    if text and value is None:
        problems.append(problem(code, text))
    return value


def _short(text: str, most: int, problems: list[Problem]) -> str:
    if len(text) > most:
        problems.append(problem(ProblemCode.TOO_LONG, text))
    return text[:most]


def _urls(text: str, problems: list[Problem]) -> tuple[str, ...]:
    """The addresses in a cell, which may hold several; one that lacks the scheme only, as shops copy them, gets it."""
    found: dict[str, None] = {}
    for piece in _BETWEEN_URLS.split(text, maxsplit=_MOST_PIECES):
        url = f"https:{piece}" if piece.startswith("//") else piece
        if url and _is_address(url):
            found[url] = None
        elif url:
            problems.append(problem(ProblemCode.BAD_URL, piece))
            break
    return tuple(found)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= _MAX_URL
    except ValueError:
        return False


def _pictures(
    pictures: tuple[EmbeddedPicture, ...], columns: Sequence[int], further: Sequence[int]
) -> tuple[EmbeddedPicture, ...]:
    """Those in the columns of pictures, in the columns' order: elsewhere stand size charts and marks. Without any
    there, all that the row has."""
    order = [*columns, *further]
    chosen = sorted(
        (picture for picture in pictures if picture.column in order), key=lambda picture: order.index(picture.column)
    )
    return tuple(chosen) or pictures
