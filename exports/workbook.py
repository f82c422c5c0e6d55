"""Workbooks: sheets that are written line by line, with pictures in their cells, and a sheet about the file.

Written a row at a time: XlsxWriter keeps what is finished on the disk. Texts from strangers are written as texts,
whatever they look like, so that nothing in them is run; links lead to web pages and nowhere else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from django.utils import timezone
from django.utils.translation import gettext as _

# This package comes without types.
from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from exports.cells import Cell

PICTURE_PIXELS, ROW_PIXELS, PICTURE_COLUMN = 76, 80, 11.5  # the column in characters, as Excel counts
# The sheet format's limit is 1,048,576; the notice needs a line, too.
MOST_LINES = 1_048_000
# More links than that, or longer ones, and Excel says that the file is damaged.
MOST_LINKS, LONGEST_LINK, LONGEST_TEXT = 65_000, 2000, 32_767
WEB = ("http://", "https://")
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, its width in characters, and the format of its cells.

    format: text (wrapped), plain, number, money, share (two digits), percent, rate, link, time.
    """

    heading: str
    width: float
    format: str = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG in a file, which stays there until the workbook is closed; its size in pixels."""

    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet about the file: lines of cells below a heading, the first cell of each being its name."""

    heading: str
    lines: Sequence[Sequence[Cell]]
    head: Sequence[str] = ()


class Book:
    """A block in which a workbook is written. Raises OSError."""

    def __init__(self, path: Path, *, title: str, notice: str) -> None:
        """notice: whose data it is, and of when; below each sheet."""
        self._book = Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
        self._book.set_properties({"title": title[:200], "comments": notice})
        self._formats = _formats(self._book)
        self._sheets: list[Sheet] = []
        self.notice = notice

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Closed in any case: it has files open."""
        try:
            if kind is None:
                for sheet in self._sheets:
                    sheet.end(self.notice)
        finally:
            try:
                self._book.close()
            except FileCreateError as problem:
                raise OSError(str(problem)) from problem

    def sheet(self, name: str, columns: Sequence[Column], *, fixed: int = 0) -> "Sheet":
        """fixed: how many columns stay when one scrolls to the right."""
        sheet = Sheet(self._book, name[:31], columns, self._formats, fixed)
        self._sheets.append(sheet)
        return sheet

    def about(self, title: str, sections: Sequence[Section], *, photos: Sequence[Picture] = ()) -> None:
        """A sheet that says what the file is of, how it was come by, and whose data it is."""
        sheet = self._book.add_worksheet(_("About"))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 6, 18)
        write = _Cells(sheet, self._formats)
        sheet.write_string(0, 0, title[:LONGEST_TEXT], self._formats["title"])
        line = 1
        if photos:
            sheet.set_row_pixels(line, ROW_PIXELS)
            for place, photo in enumerate(photos[:6]):
                write.picture(line, place if place == 0 else place + 1, photo)
            line += 1
        for section in sections:
            line += 1
            for place, text in enumerate((section.heading, *section.head)):
                write.cell(line, place, text, "head")
            line += 1
            for cells in section.lines:
                for place, cell in enumerate(cells):
                    write.cell(line, place, cell, "name" if place == 0 else "left")
                line += 1
        if self.notice:
            sheet.write_string(line + 1, 0, self.notice, self._formats["notice"])


@dataclass(slots=True)
class Sheet:
    """A worksheet that is written line by line."""

    book: Workbook
    name: str
    columns: Sequence[Column]
    formats: Mapping[str, Format]
    fixed: int = 0
    written: int = 0
    left_out: int = 0
    sheet: Worksheet = field(init=False)
    write: "_Cells" = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(self.name)
        self.write = _Cells(self.sheet, self.formats)
        self.sheet.hide_gridlines(2)
        self.sheet.freeze_panes(1, self.fixed)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
            self.sheet.write_string(0, place, column.heading, self.formats["head"])

    def line(self, cells: Sequence[Cell], *, pictures: Mapping[int, Picture] = {}, height: int | None = None) -> None:
        """The cells of the columns; `pictures` lie in the cells of their places. `height` in pixels."""
        if self.written == MOST_LINES:
            self.left_out += 1
            return
        self.written += 1
        if height is not None:
            self.sheet.set_row_pixels(self.written, height)
        for place, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            self.write.cell(self.written, place, cell, column.format)
        for place, picture in pictures.items():
            self.write.picture(self.written, place, picture)

    def end(self, notice: str) -> None:
        """Source and time below the last line, and what found no room."""
        self.sheet.autofilter(0, 0, max(1, self.written), len(self.columns) - 1)
        words = [notice]
        if self.left_out:
            words.append(_("%(number)d further offers are in the CSV file.") % {"number": self.left_out})
        self.sheet.write_string(self.written + 2, 0, " ".join(filter(None, words)), self.formats["notice"])


class _Cells:
    """How cells are written into one worksheet, each as what it is."""

    def __init__(self, sheet: Worksheet, formats: Mapping[str, Format]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._links = 0

    def cell(self, line: int, place: int, cell: Cell, name: str) -> None:
        style = self._formats[name]
        match cell:
            case None | "":
                self._sheet.write_blank(line, place, None, style)
            case bool():
                self._sheet.write_boolean(line, place, cell, style)
            case int() | float() | Decimal():
                self._number(line, place, cell, style)
            case datetime():
                # Spreadsheets know no time zones.
                self._sheet.write_datetime(line, place, timezone.make_naive(cell), self._formats["time"])
            case date():
                self._sheet.write_datetime(line, place, cell, self._formats["day"])
            case str() if name == "link" and self._is_link(cell):
                self._links += 1
                self._sheet.write_url(line, place, cell, style, string=_("open"))
            case str():
                plain = self._formats["plain"] if name == "link" else style
                self._sheet.write_string(line, place, cell[:LONGEST_TEXT], plain)

    def picture(self, line: int, place: int, picture: Picture) -> None:
        scale = min(PICTURE_PIXELS / picture.width, PICTURE_PIXELS / picture.height)
        margin = (ROW_PIXELS - PICTURE_PIXELS) // 2
        # Moved and sized with the cells, so that sorted and filtered rows keep their own.
        layout = {"x_scale": scale, "y_scale": scale, "x_offset": margin, "y_offset": margin, "object_position": 1}
        self._sheet.insert_image(line, place, str(picture.path), layout | {"decorative": True})

    def _number(self, line: int, place: int, number: float | Decimal, style: Format) -> None:
        if math.isfinite(number):
            self._sheet.write_number(line, place, number, style)
        else:
            self._sheet.write_blank(line, place, None, style)

    def _is_link(self, text: str) -> bool:
        return text.startswith(WEB) and len(text) <= LONGEST_LINK and self._links < MOST_LINKS


def _formats(book: Workbook) -> dict[str, Format]:
    def made(**properties: Any) -> Format:
        return book.add_format({"font_size": 10, "valign": "vcenter", **properties})

    return {
        "head": made(bold=True, bg_color="#F1F3F5", bottom=1, text_wrap=True),
        "title": made(bold=True, font_size=14),
        "name": made(font_color="#444444", text_wrap=True),
        "left": made(align="left", text_wrap=True),
        "text": made(text_wrap=True),
        "plain": made(),
        "number": made(num_format="#,##0"),
        "money": made(num_format="#,##0.00##"),
        "share": made(num_format="0.00"),
        "percent": made(num_format="0%"),
        "rate": made(num_format="0.000000"),
        "time": made(num_format="yyyy-mm-dd hh:mm", align="left"),
        "day": made(num_format="yyyy-mm-dd", align="left"),
        "link": made(font_color="#1155CC", underline=1),
        "notice": made(font_color="#666666", italic=True),
    }
