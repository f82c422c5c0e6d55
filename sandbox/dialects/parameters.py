"""Parameters as callers write them, read into what they mean; for dialects that take plain text ones."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

TRUE, FALSE = ("true", "1"), ("false", "0", "")


class ParameterError(ValueError):
    """A parameter is missing or makes no sense; the text says which and why."""


def read_whole(parameters: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    """A whole number from low to high. Raises ParameterError."""
    text = parameters.get(name) or str(default)
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII) or not low <= int(text) <= high:
        raise ParameterError(f"{name} must be a whole number from {low} to {high}")
    return int(text)


def read_price(parameters: Mapping[str, str], name: str) -> Decimal | None:
    """A price in yuan; None where none is given. Raises ParameterError."""
    if not parameters.get(name):
        return None
    try:
        price = Decimal(parameters[name])
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise ParameterError(f"{name} must be a price of 0 or more")
    return price


def read_price_range(
    parameters: Mapping[str, str], low_name: str, high_name: str
) -> tuple[Decimal | None, Decimal | None]:
    """Both ends of a range of prices. Raises ParameterError, also where the range is upside down."""
    low, high = read_price(parameters, low_name), read_price(parameters, high_name)
    if low is not None and high is not None and low > high:
        raise ParameterError(f"{low_name} is above {high_name}")
    return low, high


def read_flag(parameters: Mapping[str, str], name: str) -> bool:
    """true or false, 1 or 0, in any case; false where it is not given. Raises ParameterError."""
    text = parameters.get(name, "").lower()
    if text not in TRUE + FALSE:
        raise ParameterError(f"{name} must be true or false")
    return text in TRUE


def read_choice(parameters: Mapping[str, str], name: str, choices: Mapping[str, int]) -> int:
    """What one of the ``choices`` stands for; an empty one is the first. Raises ParameterError."""
    text = parameters.get(name) or next(iter(choices))
    if text not in choices:
        raise ParameterError(f"{name} must be one of {', '.join(choices)}")
    return choices[text]


def page_wanted(parameters: Mapping[str, str]) -> int | None:
    """The ``page`` for a call's record, even of a call that is refused: None where it is no number."""
    text = parameters.get("page") or "1"
    return int(text) if re.fullmatch(r"\d{1,7}", text, re.ASCII) else None
