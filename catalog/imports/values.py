"""What people write into the cells of an item: prices with their currencies, tiers, quantities, days, addresses."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import urlsplit

from batches.reading import figures
from reckoning.currencies import CODES, code_in

Tiers = list[tuple[int, Decimal]]

# In small letters, half width.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **{code.lower(): code for code in CODES},
        **dict.fromkeys(("¥", "rmb", "人民币", "人民幣", "元", "圆", "块", "yuan"), "CNY"),
        **dict.fromkeys(("$", "us$", "美元", "美金", "美刀", "dollar", "dollars"), "USD"),
        **dict.fromkeys(("€", "欧元", "歐元", "euro", "euros"), "EUR"),
        **dict.fromkeys(("£", "英镑", "英鎊"), "GBP"),
        **dict.fromkeys(("円", "日元", "日圆", "jp¥"), "JPY"),
        **dict.fromkeys(("hk$", "港币", "港元", "港幣"), "HKD"),
        **dict.fromkeys(("nt$", "台币", "新台币", "新台幣"), "TWD"),
        **dict.fromkeys(("₩", "韩元", "韓元", "韩币"), "KRW"),
        **dict.fromkeys(("s$", "新加坡元", "新币"), "SGD"),
        **dict.fromkeys(("a$", "澳元"), "AUD"),
        **dict.fromkeys(("c$", "ca$", "加元"), "CAD"),
        **dict.fromkeys(("₽", "卢布"), "RUB"),
        **dict.fromkeys(("₫", "越南盾"), "VND"),
        **dict.fromkeys(("฿", "泰铢"), "THB"),
        **dict.fromkeys(("₹", "卢比", "印度卢比"), "INR"),
    }
)
_ANY_NAME = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_PRICED = re.compile(rf"(?P<before>{_ANY_NAME})?\s*(?P<amount>.*?)\s*(?P<after>{_ANY_NAME})?(?P<unit>\s*/.*)?")
_ZERO = re.compile(r"0+(?:[.,]0*)?")

_BETWEEN_TIERS = re.compile(r"[;；\n|]+")
_TIER = re.compile(
    r"(?:from|≥|>=)?\s*([0-9][0-9,]{0,11})\s*(?:pcs?|pieces?|件|个|只|套)?\s*"
    r"(?:[-–—~至]\s*([0-9][0-9,]{0,11})\s*(?:pcs?|pieces?|件|个|只|套)?|\+|起|以上|and more)?\s*[:=@]\s*(.+)",
    re.IGNORECASE,
)
MOST_TIERS = 20
_MOST_PIECES = 2_147_483_647

# Days since the last of 1899, as a cell holds them that was not formatted as a day: 1982 to 2119.
_SERIALS = range(30_000, 80_001)
_YEAR_FIRST = re.compile(
    r"([0-9]{4})\s*(?:[-/.]|年)\s*([0-9]{1,2})\s*(?:[-/.]|月)\s*([0-9]{1,2})\s*日?(?:[ T][0-9:. ]+)?"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_NAMED_MONTH = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")


def price(text: str) -> tuple[Decimal, str] | None:
    """The amount and the code of its currency, "" when none is named; None for what is no single amount.

    Four digits behind the point are kept.
    """
    match = _PRICED.fullmatch(_normal(text).lower())
    if match is None:
        return None
    before, after = (_NAMES.get(match[part] or "", "") for part in ("before", "after"))
    if before and after and before != after:
        return None
    amount = match["amount"]
    found = Decimal(0) if _ZERO.fullmatch(amount) else figures.price(amount)
    return None if found is None else (found, before or after)


def currency(text: str) -> str | None:
    """A code out of `reckoning.currencies`, by code, sign or name; None for anything else."""
    code = _NAMES.get(_normal(text).lower()) or code_in(text)
    return code if code in CODES else None


def tiers(text: str) -> tuple[Tiers, str] | None:
    """ "1-99: 5.80; 100+: 5.20" as [(1, 5.80), (100, 5.20)], with the currency that its prices name, if any.

    None for what cannot be read, for tiers that leave a gap or lie over each other, and for two currencies.
    """
    found: Tiers = []
    currencies = set()
    ends: list[int | None] = []
    for piece in filter(None, (piece.strip() for piece in _BETWEEN_TIERS.split(unicodedata.normalize("NFKC", text)))):
        match = _TIER.fullmatch(piece)
        priced = price(match[3]) if match else None
        if match is None or priced is None:
            return None
        found.append((int(match[1].replace(",", "")), priced[0]))
        ends.append(int(match[2].replace(",", "")) if match[2] else None)
        currencies.add(priced[1])
    currencies.discard("")
    if not found or len(currencies) > 1 or not _meet(found, ends):
        return None
    return found, currencies.pop() if currencies else ""


def tiers_text(of: Sequence[Sequence[int | str]]) -> str:
    """The tiers as items keep them in the form that `tiers` reads."""
    return "; ".join(f"{quantity}+: {amount}" for quantity, amount in of)


def _meet(found: Tiers, ends: list[int | None]) -> bool:
    """Whether each tier begins where the one before it ends."""
    quantities = [quantity for quantity, _amount in found]
    if len(found) > MOST_TIERS or quantities != sorted(set(quantities)) or not quantities[0] > 0:
        return False
    last = ends[-1]
    joined = all(end is None or end + 1 == start for end, start in zip(ends, quantities[1:], strict=False))
    return joined and (last is None or last >= quantities[-1]) and quantities[-1] <= _MOST_PIECES


def quantity(text: str) -> int | None:
    """A whole number above zero, with a unit behind it or none; None for anything else."""
    return figures.quantity(text)


def day(text: str) -> date | None:
    """A day, however it is usually written; None for what is none, or may be one of two (3/4/2026)."""
    normal = _normal(text)
    if normal.isascii() and normal.replace(".", "", 1).isdigit() and int(float(normal)) in _SERIALS:
        return date(1899, 12, 30) + timedelta(days=int(float(normal)))
    if len(normal) == 8 and normal.isascii() and normal.isdigit():
        return _date(normal[:4], normal[4:6], normal[6:])
    if match := _YEAR_FIRST.fullmatch(normal):
        return _date(*match.groups())
    if match := _YEAR_LAST.fullmatch(normal):
        one, other, year = match.groups()
        ways = {_date(year, other, one), _date(year, one, other)} - {None}
        return ways.pop() if len(ways) == 1 else None
    words = normal.replace(",", " ").replace("Sept ", "Sep ").replace(".", " ").replace("-", " ").split()
    for form in _NAMED_MONTH:
        try:
            # A day has no time zone.
            return datetime.strptime(" ".join(words), form).date()
        except ValueError:
            continue
    return None


def _date(year: str, month: str, day_of_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(day_of_month))
    except ValueError:
        return None


def is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:60]).strip()
