"""What stands in a cell of a file, and the same as text that no spreadsheet runs."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from django.utils import timezone

Cell: TypeAlias = str | bool | int | float | Decimal | datetime | date | None

# OWASP's list, and the full-width forms that spreadsheets of Chinese and Japanese systems take for the same.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def safe_cell(cell: Cell) -> str:
    """The cell as text that no spreadsheet runs. Money has two digits or more; times are ISO, local, with offset."""
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS) else cell
        case bool():
            # As every spreadsheet reads them.
            return "TRUE" if cell else "FALSE"
        case Decimal():
            cents = cell.quantize(Decimal("0.01"))
            return f"{cents:f}" if cents == cell else f"{cell.normalize():f}"
        case datetime():
            return timezone.localtime(cell).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
