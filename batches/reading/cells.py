"""What a cell of a workbook shows, as plain text (ECMA-376 part 1, 18.3.1.4, 18.8.30 and 18.18.11)."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation, localcontext

# The digits that spreadsheets keep; more are the noise of binary fractions (12.300000000000001).
_DIGITS = 15
# A number of more digits than this is written as it came, not spelled out.
_MAX_EXPONENT = 30
_LAST_DAY = 2_958_465  # 9999-12-31, the last that Excel knows

# 18.8.30: the formats that have a number and no text in the file. Those from 27 on are dates in Chinese editions.
BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DATE = "yyyy-mm-dd"
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"} | dict.fromkeys(BUILT_IN_DATES, _DATE)

_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_NUMERIC = re.compile(r"[^#0?.,%/eE]*([#0?,]*)(?:\.([#0?]*))?[^#0?.,%/eE]*")
_ESCAPED = re.compile(r"_x(0009|000A|000D|005F)_", re.IGNORECASE)


def number_format(identity: int, own: dict[int, str]) -> str:
    """The text of a format, "" for the general one; `own` are those that the workbook brings."""
    return own.get(identity) or _BUILT_IN.get(identity, "")


def unescaped(text: str) -> str:
    """Control characters stand in a workbook as _x000D_ (ST_Xstring, ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def number_text(stored: str, shown_as: str, *, since_1904: bool) -> str:
    """A stored number as text: a date as 2026-11-22, 12.3 without noise, 00123 and 12.50 as the format pads them."""
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite() or abs(number.adjusted()) > _MAX_EXPONENT:
        return stored
    if _is_date(shown_as):
        return _date_text(float(number), since_1904=since_1904) or _plain(number)
    return _padded(_plain(number), shown_as)


def _plain(number: Decimal) -> str:
    with localcontext() as context:
        context.prec = _DIGITS
        rounded = +number
    text = format(rounded, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _padded(text: str, shown_as: str) -> str:
    """Zeros in front and behind as the format asks; digits that it would hide stay."""
    match = _NUMERIC.fullmatch(_LITERALS.sub("", shown_as.split(";")[0]))
    if match is None:
        return text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    whole = whole.zfill(min(match[1].count("0"), _DIGITS))
    fraction = fraction.ljust(min((match[2] or "").count("0"), _DIGITS), "0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def _is_date(shown_as: str) -> bool:
    if _ELAPSED.search(shown_as):
        return False
    return bool(re.search("[ymdhs]", _LITERALS.sub("", shown_as.split(";")[0]), re.IGNORECASE))


def _date_text(days: float, *, since_1904: bool) -> str:
    """Days since the start of 1900, which Excel takes for a leap year, or of 1904. "" outside of its calendar."""
    if not 0 <= days <= _LAST_DAY - 1_462:
        return ""
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if days < 60 else 30)
    moment = first + timedelta(seconds=round(days * 86_400))
    if days < 1:
        return moment.strftime("%H:%M:%S").removesuffix(":00")
    return moment.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00").removesuffix(" 00:00")
