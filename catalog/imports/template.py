"""An empty sheet with the headings that an import knows, and one row that shows how it is filled in."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from catalog.imports.fields import LABELS, Field
from exports.cells import Cell
from exports.workbook import PICTURE_COLUMN, ROW_PIXELS, Book, Column

_COLUMNS: tuple[tuple[Field, float, str], ...] = (
    (Field.PICTURE, PICTURE_COLUMN, "text"),
    (Field.CODE, 16, "plain"),
    (Field.NAME, 42, "text"),
    (Field.SUPPLIER, 26, "text"),
    (Field.PRICE, 11, "money"),
    (Field.CURRENCY, 9, "plain"),
    (Field.MOQ, 9, "number"),
    (Field.TIERS, 28, "text"),
    (Field.LAST_BOUGHT, 12, "day"),
    (Field.NOTES, 36, "text"),
    (Field.URL, 40, "plain"),
)


def workbook() -> bytes:
    """In the language that is active."""
    example: list[Cell] = [
        None,
        "EXAMPLE-1",
        _("Write over this row: a waterproof bag, 40 l"),
        _("Its supplier"),
        Decimal("23.50"),
        "CNY",
        50,
        "1-99: 25.00; 100+: 23.50",
        date(2026, 3, 1),
        _("Put the picture into the first cell, or write its file name there."),
        "https://detail.1688.com/offer/610947572360.html",
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        with Book(path, title=_("Catalogue"), notice="") as book:
            columns = [Column(str(LABELS[which]), width, form) for which, width, form in _COLUMNS]
            sheet = book.sheet(_("Catalogue"), columns, fixed=2)
            sheet.line(example, height=ROW_PIXELS)
        return path.read_bytes()
