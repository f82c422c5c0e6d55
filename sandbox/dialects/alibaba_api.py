"""What the single APIs of the official open platform have in common, and how their arguments are read."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbox.calls import Call
from sandbox.dialects.dialect import ApiError
from sandbox.dialects.parameters import ParameterError, read_price
from sandbox.web import Reply, Request

# The gateway's code for an argument that it cannot read; the document names none.
BAD_ARGUMENT = "400"


class ResultError(ApiError):
    """A failure that an API reports inside its own reply, with HTTP 200."""

    def __init__(self, code: str, message: str, reply: Reply) -> None:
        super().__init__(code, message)
        self.reply = reply


class Api(ABC):
    """One API. ``path`` is its namespace and name, ``name`` what calls' records and faults call it.

    ``required`` are the arguments without which it is not even begun; one that needs no permission
    (``needs_token`` False) is open to every app.
    """

    path: ClassVar[str]
    name: ClassVar[str]
    required: ClassVar[tuple[str, ...]] = ()
    needs_token: ClassVar[bool] = True

    @abstractmethod
    def note(self, call: Call, arguments: Mapping[str, str]) -> None:
        """Fills in the call's record; arguments may be anything."""

    @abstractmethod
    def act(self, request: Request, arguments: Mapping[str, str]) -> Reply:
        """The API's reply. Raises ApiError, and ResultError for failures inside HTTP 200."""


def missing(name: str) -> ApiError:
    return ApiError("gw.ParamMissing", f"Required argument {name}")


def invalid(name: str, rule: str) -> ApiError:
    return ApiError(BAD_ARGUMENT, f"Invalid argument {name}: {rule}")


def json_argument(arguments: Mapping[str, str], name: str) -> dict[str, Any]:
    """An argument that is a form field holding a JSON object. Raises ApiError."""
    try:
        content = json.loads(arguments[name])
    except (ValueError, RecursionError) as error:
        raise invalid(name, "it must be JSON") from error
    if not isinstance(content, dict):
        raise invalid(name, "it must be a JSON object")
    return content


def whole_number(value: object, name: str, high: int) -> int:
    """A number from 1 to ``high``, written as a JSON number or as text. Raises ApiError."""
    number = peek_number(value)
    if number is None or not 1 <= number <= high:
        raise invalid(name, f"it must be a whole number from 1 to {high}")
    return number


def peek_number(value: object) -> int | None:
    """The number that a value is or spells, if it does."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII) else None


def price(value: object, name: str) -> Decimal | None:
    """A price in yuan, as text; empty or absent is None. Raises ApiError."""
    if value is not None and not isinstance(value, str):
        raise invalid(name, "it must be a string")
    try:
        return read_price({name: value or ""}, name)
    except ParameterError as error:
        raise ApiError(BAD_ARGUMENT, f"Invalid argument: {error}") from error
