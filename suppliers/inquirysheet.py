"""An inquiry as a workbook: the supplier types the answers into it, and sends it back.

Texts from strangers are written as texts, whatever they look like, so that nothing in them is run.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image

# This package comes without types.
from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from exports.workbook import LONGEST_LINK, OPTIONS, WEB
from suppliers.inquiries import (
    ANSWER,
    DATE,
    DELIVERY,
    FROM,
    GOODS,
    GREETING,
    LINK,
    NUMBER,
    PICTURE,
    QUANTITY,
    QUESTIONS,
    REFERENCE,
    REMARK,
    SHOWN_PRICE,
    TARGET,
    TITLE,
    TO,
    YOUR_PRICE,
    Inquiry,
    Item,
    Words,
)

# In pixels; columns in characters, as Excel counts.
PICTURE_PIXELS, ROW_PIXELS = 92, 98
COLUMNS: tuple[tuple[Words, float], ...] = (
    (NUMBER, 6),
    (PICTURE, 14),
    (GOODS, 34),
    (LINK, 10),
    (SHOWN_PRICE, 12),
    (QUANTITY, 11),
    (TARGET, 12),
    (YOUR_PRICE, 12),
    (DELIVERY, 13),
    (REMARK, 24),
)
LAST = len(COLUMNS) - 1


def workbook_of(inquiry: Inquiry) -> bytes:
    """The file. A picture that cannot be read is left out."""
    file = io.BytesIO()
    with Workbook(file, {**OPTIONS, "constant_memory": False, "in_memory": True}) as book:
        book.set_properties({"title": f"{TITLE.chinese} {TITLE.english} {inquiry.reference}"})
        _Sheet(book).write(inquiry)
    return file.getvalue()


class _Sheet:
    """One worksheet, written from top to bottom."""

    def __init__(self, book: Workbook) -> None:
        self.sheet: Worksheet = book.add_worksheet(f"{TITLE.chinese} {TITLE.english}")
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        for place, (_words, width) in enumerate(COLUMNS):
            self.sheet.set_column(place, place, width)
        self.formats = _formats(book)
        self.row = 0

    def write(self, inquiry: Inquiry) -> None:
        self._wide(both(TITLE, " "), "title", height=28)
        for words, value in (
            (TO, inquiry.supplier),
            (FROM, inquiry.sender),
            (DATE, inquiry.day.isoformat()),
            (REFERENCE, inquiry.reference),
        ):
            self._wide(f"{both(words, ' ')}: {value}", "plain")
        self._wide(both(GREETING), "wrapped", height=36)
        self._head([words for words, _width in COLUMNS])
        self.sheet.freeze_panes(self.row, 0)
        self.sheet.repeat_rows(self.row - 1)
        for item in inquiry.items:
            self._item(item)
        self.row += 1
        self._questions(inquiry.questions)

    def _head(self, columns: Sequence[Words]) -> None:
        self.sheet.set_row_pixels(self.row, 40)
        for place, words in enumerate(columns):
            self.sheet.write_string(self.row, place, both(words), self.formats["head"])
        self.row += 1

    def _item(self, item: Item) -> None:
        self.sheet.set_row_pixels(self.row, ROW_PIXELS)
        self._number(0, item.number, "number")
        self._picture(1, item.picture_file)
        self.sheet.write_string(self.row, 2, item.title, self.formats["cell"])
        if item.url.startswith(WEB) and len(item.url) <= LONGEST_LINK:
            self.sheet.write_url(self.row, 3, item.url, self.formats["link"], string=item.offer_id)
        else:
            self.sheet.write_string(self.row, 3, item.offer_id, self.formats["cell"])
        self.sheet.write_string(self.row, 4, item.price_text, self.formats["right"])
        self._number(5, item.quantity, "number")
        self.sheet.write_string(self.row, 6, item.target_text, self.formats["right"])
        for place in range(7, LAST + 1):
            self.sheet.write_blank(self.row, place, None, self.formats["answer"])
        self.row += 1

    def _questions(self, questions: Sequence[Words]) -> None:
        self._span(0, 6, both(QUESTIONS, " "), "head")
        self._span(7, LAST, both(ANSWER, " "), "head")
        self.row += 1
        for number, words in enumerate(questions, 1):
            self.sheet.set_row_pixels(self.row, 40)
            self.sheet.write_number(self.row, 0, number, self.formats["number"])
            self._span(1, 6, both(words), "cell")
            self._span(7, LAST, "", "answer")
            self.row += 1

    def _number(self, place: int, value: Decimal | int | None, style: str) -> None:
        if value is None:
            self.sheet.write_blank(self.row, place, None, self.formats[style])
        else:
            self.sheet.write_number(self.row, place, value, self.formats[style])

    def _picture(self, place: int, name: str) -> None:
        self.sheet.write_blank(self.row, place, None, self.formats["cell"])
        data = _stored(name)
        if data is None:
            return
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            scale = min(PICTURE_PIXELS / picture.width, PICTURE_PIXELS / picture.height)
        margin = (ROW_PIXELS - PICTURE_PIXELS) // 2
        layout = {"x_scale": scale, "y_scale": scale, "x_offset": margin, "y_offset": margin, "object_position": 1}
        source = {"image_data": io.BytesIO(data), "decorative": True}
        self.sheet.insert_image(self.row, place, f"{self.row}.jpg", layout | source)

    def _wide(self, text: str, style: str, *, height: int | None = None) -> None:
        """A line over all columns."""
        if height is not None:
            self.sheet.set_row_pixels(self.row, height)
        self._span(0, LAST, text, style)
        self.row += 1

    def _span(self, first: int, last: int, text: str, style: str) -> None:
        # Merged with nothing in it, then written as a string: `merge_range` guesses at types.
        self.sheet.merge_range(self.row, first, self.row, last, "", self.formats[style])
        self.sheet.write_string(self.row, first, text, self.formats[style])


def both(words: Words, between: str = "\n") -> str:
    """Chinese first: the supplier reads it first."""
    return f"{words.chinese}{between}{words.english}"


def _stored(name: str) -> bytes | None:
    if not name:
        return None
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except OSError:
        return None


def _formats(book: Workbook) -> dict[str, Format]:
    def made(**properties: Any) -> Format:
        return book.add_format({"font_size": 10, "valign": "vcenter", **properties})

    framed = {"border": 1, "border_color": "#BBBBBB"}
    return {
        "title": made(bold=True, font_size=16),
        "plain": made(),
        "wrapped": made(text_wrap=True),
        "head": made(bold=True, bg_color="#F1F3F5", text_wrap=True, **framed),
        "cell": made(text_wrap=True, **framed),
        "right": made(align="right", **framed),
        "number": made(num_format="#,##0", **framed),
        "link": made(font_color="#1155CC", underline=1, **framed),
        "answer": made(bg_color="#FFFDF0", text_wrap=True, locked=False, **framed),
    }
