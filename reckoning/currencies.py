"""Currencies by their ISO 4217 codes."""

import re
import unicodedata

# What profiles may be reckoned in and what costs are paid in; rates may be kept for any code.
CODES = (
    "CNY",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "KRW",
    "HKD",
    "TWD",
    "SGD",
    "MYR",
    "THB",
    "VND",
    "IDR",
    "PHP",
    "INR",
    "AED",
    "SAR",
    "TRY",
    "RUB",
    "KZT",
    "PLN",
    "CZK",
    "HUF",
    "SEK",
    "NOK",
    "DKK",
    "CHF",
    "CAD",
    "AUD",
    "NZD",
    "MXN",
    "BRL",
    "CLP",
    "ZAR",
    "EGP",
    "NGN",
    "ILS",
)
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
# Digits after the point where there are not two (ISO 4217's minor units).
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0}
_CODE = re.compile(r"[A-Z]{3}")


def digits_of(currency: str) -> int:
    return _DIGITS.get(currency, 2)


def code_in(text: str) -> str | None:
    """The code that somebody typed, in any width and case; None for anything else."""
    code = unicodedata.normalize("NFKC", text[:20]).strip().upper()
    return code if _CODE.fullmatch(code) else None
