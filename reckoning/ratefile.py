"""A CSV file of exchange rates, read without trusting it: `from,to,rate,date[,source]` in any order, two languages."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

from django.utils.translation import gettext as _

from reckoning.currencies import code_in
from reckoning.fields import plain_digits
from reckoning.models.rate import SMALLEST_RATE

MAX_BYTES = 500_000
MAX_ROWS = 5_000
# Kept with eight digits on either side of the point and two to spare.
_LARGEST_RATE = Decimal(10) ** 10
_PLACES = 8
_LONGEST_NOTE = 200
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)
_HEADINGS: Mapping[str, Sequence[str]] = {
    "source": (
        "from",
        "from currency",
        "base",
        "base currency",
        "从",
        "源币种",
        "源货币",
        "原币种",
        "基准货币",
        "卖出币种",
    ),
    "target": (
        "to",
        "to currency",
        "quote",
        "quote currency",
        "target",
        "到",
        "目标币种",
        "目标货币",
        "兑换货币",
        "买入币种",
    ),
    "rate": ("rate", "exchange rate", "汇率", "价格"),
    "date": ("date", "valid on", "valid from", "day", "日期", "生效日期", "生效日", "有效日期"),
    "note": ("source", "note", "where it is from", "来源", "备注", "说明"),
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_LABELS = {"source": "from / 源币种", "target": "to / 目标币种", "rate": "rate / 汇率", "date": "date / 日期"}
_NEEDED = ("source", "target", "rate", "date")
_DELIMITERS = (",", ";", "\t")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d\d)(\d\d))"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)


class RateFileRejected(ValueError):
    """Nothing of the file can be read. Its text is for people."""


class _Wrong(ValueError):
    """What is the matter with one row."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """`line`: the row's first line in the file, from 1."""

    line: int
    source: str
    target: str
    rate: Decimal
    valid_on: date
    note: str


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class RateFile:
    rows: tuple[RateRow, ...]
    errors: tuple[RowError, ...]


def text_of(data: bytes) -> str:
    """By the byte order mark, else UTF-8, else GB 18030, in which Excel saves CSV in China.

    Raises RateFileRejected for what is too large, no text, or none at all.
    """
    if len(data) > MAX_BYTES:
        raise RateFileRejected(_("The file is larger than %(size)s kB.") % {"size": MAX_BYTES // 1000})
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if not text.strip():
            raise RateFileRejected(_("The file is empty."))
        return text
    raise RateFileRejected(_("This is no text file. Save the sheet as “CSV UTF-8” and choose that file."))


def read_rates(text: str) -> RateFile:
    """Each row as a rate or as an error with its line; of two rows for one pair and day the second is an error.

    Raises RateFileRejected when the headings are not there, and for more than 5,000 rows.
    """
    records = _records(text)
    try:
        _line, heading = next(records)
        columns = _columns(heading)
        return _read(records, columns)
    except StopIteration as error:
        raise RateFileRejected(_("The file is empty.")) from error
    except csv.Error as error:
        raise RateFileRejected(
            _("The file is no CSV: a quotation mark is not closed, or a cell is too long.")
        ) from error


def _read(records: Iterator[tuple[int, list[str]]], columns: Mapping[str, int]) -> RateFile:
    rows: list[RateRow] = []
    errors: list[RowError] = []
    lines: dict[tuple[str, str, date], int] = {}
    for count, (line, cells) in enumerate(records, start=1):
        if count > MAX_ROWS:
            raise RateFileRejected(_("The file has more than %(number)s rates.") % {"number": f"{MAX_ROWS:,}"})
        try:
            row = _row(line, cells, columns)
            first = lines.setdefault((row.source, row.target, row.valid_on), line)
            if first != line:
                raise _Wrong(_("the same pair and day as line %(line)s") % {"line": first})
            rows.append(row)
        except _Wrong as wrong:
            errors.append(RowError(line, str(wrong)))
    return RateFile(tuple(rows), tuple(errors))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the line that each begins at."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda mark: len(_known(next(csv.reader([first], delimiter=mark), []))))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for cells in reader:
        plain = [unicodedata.normalize("NFKC", cell).strip() for cell in cells]
        if any(plain):
            yield line, plain
        line = reader.line_num + 1


def _known(cells: Sequence[str]) -> dict[str, int]:
    """The place of each field's heading; the first of two."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = " ".join(unicodedata.normalize("NFKC", cell).replace("_", " ").lower().split())
        field = _FIELD_OF.get(name)
        if field is not None:
            found.setdefault(field, place)
    return found


def _columns(heading: Sequence[str]) -> dict[str, int]:
    found = _known(heading)
    if missing := [_LABELS[field] for field in _NEEDED if field not in found]:
        names = ", ".join(missing)
        raise RateFileRejected(
            _("The first row has to name the columns from, to, rate and date. Not found: %(names)s.") % {"names": names}
        )
    return found


def _row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> RateRow:
    texts = {field: cells[place] if place < len(cells) else "" for field, place in columns.items()}
    source, target = _code(texts["source"]), _code(texts["target"])
    if source == target:
        raise _Wrong(_("from and to are the same currency, %(code)s") % {"code": source})
    note = texts.get("note", "")
    if len(note) > _LONGEST_NOTE:
        raise _Wrong(_("the source is longer than %(number)s characters") % {"number": _LONGEST_NOTE})
    return RateRow(line, source, target, _rate(texts["rate"]), _day(texts["date"]), note)


def _code(text: str) -> str:
    if code := code_in(text):
        return code
    raise _Wrong(_("“%(text)s” is no currency: three letters are wanted, for example CNY") % {"text": text[:30]})


def _rate(text: str) -> Decimal:
    figure = plain_digits(text)
    if not _NUMBER.fullmatch(figure):
        raise _Wrong(_("“%(text)s” is no rate: a number above 0 is wanted, for example 7.1234") % {"text": text[:30]})
    rate = Decimal(figure)
    exponent = rate.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_PLACES:
        raise _Wrong(_("the rate %(text)s has more than 8 digits after the point") % {"text": text[:30]})
    if not SMALLEST_RATE <= rate < _LARGEST_RATE:
        raise _Wrong(
            _("the rate %(text)s is out of range: it has to be above 0 and below 10,000,000,000") % {"text": text[:30]}
        )
    return rate


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        day = None
    if day is None or not _EARLIEST <= day < _LATEST:
        raise _Wrong(
            _("“%(text)s” is no date: year, month and day are wanted, for example 2026-11-22") % {"text": text[:30]}
        )
    return day
