"""What can be wrong with a row, in words: each says what stands there and what is taken instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from catalog.imports.fields import LABELS, Field

_MOST_SHOWN = 80


class Code(StrEnum):
    NO_CODE = "no-code"
    NO_NAME = "no-name"
    TWICE = "twice"
    TOO_LONG = "too-long"
    BAD_PRICE = "bad-price"
    BAD_CURRENCY = "bad-currency"
    TWO_CURRENCIES = "two-currencies"
    BAD_MOQ = "bad-moq"
    BAD_TIERS = "bad-tiers"
    MOQ_BEYOND_TIER = "moq-beyond-tier"
    BAD_DAY = "bad-day"
    BAD_ADDRESS = "bad-address"
    NO_VALUE = "no-value"
    # These leave the row as it is, and only the picture out.
    NO_FILE = "no-file"
    SEVERAL_FILES = "several-files"
    BAD_PICTURE = "bad-picture"
    TOO_MANY_PICTURES = "too-many-pictures"


MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        Code.NO_CODE: _("The row has no code; the code says which item it is."),
        Code.NO_NAME: _("There is no item with this code yet, and a new one needs a name."),
        Code.TWICE: _("The code %(text)s stands in row %(other)d already, so this row is not imported."),
        Code.TOO_LONG: _("%(field)s: “%(text)s” is longer than %(most)d characters."),
        Code.BAD_PRICE: _("%(field)s: “%(text)s” is no single amount. Write it like 1,234.50 or ¥12.5."),
        Code.BAD_CURRENCY: _(
            "%(field)s: “%(text)s” is no currency that is known here. Write a code such as CNY or USD."
        ),
        Code.TWO_CURRENCIES: _("The row names two currencies: %(text)s."),
        Code.BAD_MOQ: _("%(field)s: “%(text)s” is no whole number above zero."),
        Code.BAD_TIERS: _(
            "%(field)s: “%(text)s” cannot be read as prices by quantity that follow each other without gaps. Write "
            "them like 1-99: 5.80; 100+: 5.20."
        ),
        Code.MOQ_BEYOND_TIER: _("The MOQ of %(text)s lies beyond the first price tier, which could never be ordered."),
        Code.BAD_DAY: _("%(field)s: “%(text)s” is no day, or may be one of two. Write it like 2026-03-01."),
        Code.BAD_ADDRESS: _("%(field)s: “%(text)s” is no address that begins with http:// or https://."),
        Code.NO_VALUE: _(
            "%(field)s: the cell holds a formula without a value, or with an error for one. Formulas are not reckoned "
            "here: open the file in Excel or WPS, save it, and upload that."
        ),
        Code.NO_FILE: _("No uploaded picture is called “%(text)s”. The row is imported without it."),
        Code.SEVERAL_FILES: _(
            "Several uploaded pictures are called “%(text)s”. Write the folder in front of it, as in red/1.jpg. The "
            "row is imported without it."
        ),
        Code.BAD_PICTURE: _("A picture of the row was left out: %(why)s"),
        Code.TOO_MANY_PICTURES: _("The row has more than %(most)d pictures; the others are left out."),
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`details` are what the message needs, as JSON keeps it: `field` by its name, `why` a sentence for gettext."""

    code: Code
    details: Mapping[str, str | int] = field(default_factory=dict)
    refused: bool = True


def of(code: Code, *, refused: bool = True, **details: str | int) -> Trouble:
    shown = {name: _short(value) if name == "text" else value for name, value in details.items()}
    return Trouble(code, shown, refused)


def in_words(code: str, details: Mapping[str, str | int]) -> str:
    """In the language that is active."""
    words = dict(details)
    if "field" in words:
        words["field"] = str(LABELS[Field(str(words["field"]))])
    if "why" in words:
        words["why"] = gettext(str(words["why"]))
    return gettext(MESSAGES[code]) % words


def reason_of(code: str) -> str:
    """What rows with such a trouble have in common, for a table of reasons."""
    return gettext(REASONS[code])


REASONS: Mapping[str, str] = MappingProxyType(
    {
        Code.NO_CODE: _("no code"),
        Code.NO_NAME: _("new, but without a name"),
        Code.TWICE: _("code stands twice in the file"),
        Code.TOO_LONG: _("text too long"),
        Code.BAD_PRICE: _("price cannot be read"),
        Code.BAD_CURRENCY: _("unknown currency"),
        Code.TWO_CURRENCIES: _("two currencies"),
        Code.BAD_MOQ: _("MOQ cannot be read"),
        Code.BAD_TIERS: _("price tiers cannot be read"),
        Code.MOQ_BEYOND_TIER: _("MOQ and tiers contradict each other"),
        Code.BAD_DAY: _("day cannot be read"),
        Code.BAD_ADDRESS: _("no address of a page"),
        Code.NO_VALUE: _("formula without a value"),
        Code.NO_FILE: _("picture not among the files"),
        Code.SEVERAL_FILES: _("several pictures of one name"),
        Code.BAD_PICTURE: _("picture left out"),
        Code.TOO_MANY_PICTURES: _("too many pictures"),
    }
)


def _short(value: str | int) -> str | int:
    text = str(value)
    return value if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
