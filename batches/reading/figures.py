"""Prices and quantities as people write them into sheets."""

import re
import unicodedata
from decimal import Decimal

# What the database keeps of a price: 14 digits, 4 of them behind the point.
_MOST_PRICE = Decimal(10) ** 10
_PRICE_DIGITS = 4
_MOST_QUANTITY = 10**9

_WRITTEN = re.compile(r"([0-9][0-9 .,']{0,30})(万|萬)?")
_COMMAS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_POINTS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_CURRENCY = r"(?:rmb|cny|usd|us\$|eur|gbp|hkd|hk\$|人民币|美元|元|[¥$€£円圆])"
_BEFORE_PRICE = re.compile(rf"^(?:约|大约|约为|~|≈)?\s*{_CURRENCY}?\s*:?\s*", re.IGNORECASE)
_AFTER_PRICE = re.compile(
    rf"\s*{_CURRENCY}?\s*(?:/\s*)?(?:each|ea|pcs?|piece|set|unit|个|件|只|套|台|条|双|箱|包|张|把|支|瓶|盒|对|起)?\.?$",
    re.IGNORECASE,
)
_AFTER_QUANTITY = re.compile(
    r"\s*(?:pcs?|pieces?|sets?|units?|pairs?|个|件|只|套|台|条|双|箱|包|张|把|支|瓶|盒|对|片|块|本|根|卷)?\.?$",
    re.IGNORECASE,
)


def price(text: str) -> Decimal | None:
    """The amount, of whatever currency; None for what is no single amount above zero ("10-12", "ask").

    1,234.50 and 1.234,50 and 1234,5 are read; of two decimal readings the one with groups of three wins.
    """
    amount = _number(_AFTER_PRICE.sub("", _BEFORE_PRICE.sub("", _normal(text))))
    if amount is None:
        return None
    rounded = round(amount, _PRICE_DIGITS)
    if not 0 < rounded < _MOST_PRICE:
        return None
    return amount if amount == rounded else rounded


def quantity(text: str) -> int | None:
    """A whole number above zero, with a unit behind it or none; None for anything else."""
    amount = _number(_AFTER_QUANTITY.sub("", _normal(text)))
    if amount is None or amount != amount.to_integral_value() or not 0 < amount <= _MOST_QUANTITY:
        return None
    return int(amount)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:60]).strip()


def _number(text: str) -> Decimal | None:
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return None
    digits = match[1].replace(" ", "").replace("'", "")
    if _COMMAS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _POINTS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    elif not _PLAIN.fullmatch(digits):
        return None
    return Decimal(digits) * (10_000 if match[2] else 1)
