"""What is wrong with one row of a sheet; the other rows, and mostly this one too, are used all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from batches.reading.rejected import gettext_noop

_MOST_SHOWN = 100


class ProblemCode(StrEnum):
    NO_PICTURE = "no-picture"
    BAD_PRICE = "bad-price"
    BAD_QUANTITY = "bad-quantity"
    BAD_URL = "bad-url"
    TOO_LONG = "too-long"
    FILE_MISSING = "file-missing"
    FILE_AMBIGUOUS = "file-ambiguous"
    TOO_MANY_PICTURES = "too-many-pictures"


PROBLEM_MESSAGES: Mapping[ProblemCode, str] = MappingProxyType(
    {
        ProblemCode.NO_PICTURE: gettext_noop("The row has no picture to search with."),
        ProblemCode.BAD_PRICE: gettext_noop("The target price is no single amount above zero, so it was left out."),
        ProblemCode.BAD_QUANTITY: gettext_noop("The quantity is no whole number above zero, so it was left out."),
        ProblemCode.BAD_URL: gettext_noop("This is no address of a picture: it has to begin with http:// or https://."),
        ProblemCode.TOO_LONG: gettext_noop("This text is too long, so only its beginning was kept."),
        ProblemCode.FILE_MISSING: gettext_noop("No uploaded picture has this name."),
        ProblemCode.FILE_AMBIGUOUS: gettext_noop(
            "Several uploaded pictures have this name. Write the folder in front of it, as in red/1.jpg."
        ),
        ProblemCode.TOO_MANY_PICTURES: gettext_noop("The row has more than 8 pictures; the first 8 are used."),
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable; `text` is what stands in the row, at most 100 characters of it."""

    code: ProblemCode
    text: str = ""

    @property
    def message(self) -> str:
        """An English sentence out of PROBLEM_MESSAGES, to be translated and shown before `text`."""
        return PROBLEM_MESSAGES[self.code]


def problem(code: ProblemCode, text: str) -> Problem:
    return Problem(code, text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…")
