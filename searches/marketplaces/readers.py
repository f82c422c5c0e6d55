"""Reading vendors' values leniently: a number may be a text, a text a number, anything may be null or missing.

Every function takes whatever JSON may hold and answers with a bounded value or with "unknown" ("" or None). None of
them raises.
"""

import math
import re
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote, quote_plus

from searches.marketplaces.offers import JSON, PriceKind, Tier
from searches.marketplaces.search_request import MAX_PRICE, MAX_URL_LENGTH, is_web_url

# Control characters, line and paragraph separators, and those that turn the reading direction: they can hide or
# disguise what a page or a terminal shows.
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_WHOLE = re.compile(r"[^0-9\-−]{0,5}?([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.0+)?(?![0-9.,])")
_AMOUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,10})?"
_PRICE = re.compile(
    rf"(?:[¥￥]|CNY|RMB)?\s*({_AMOUNT})\s*元?"
    rf"(?:\s*[-~–—～至到]\s*(?:[¥￥]|CNY|RMB)?\s*({_AMOUNT})\s*元?)?"
    r"\s*(?:起|/\s*\w{1,5})?",
    re.IGNORECASE,
)
_PLAIN_PRICE = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,4})?")  # as nearly all are written
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]{0,99}(?::[1-9][0-9]{0,3}|:[1-5][0-9]{4})?/[A-Za-z0-9!#$%&'()*+,./:;=?@_~-]*"
)
_FRACTION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,20})?)\s*(%?)")
_SCORE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,20})?)")
_FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
# Tuples, as isinstance makes a union of `int | float` anew at each of a page's thousands of calls.
_NUMBERS = (int, float)
_WRITTEN = (str, int, float)
_LARGEST_QUANTITY = 2_147_483_647
_PRICE_PLACES = Decimal("0.0001")
_ROUNDING_SLACK = 0.001  # 1.0000001 is a rounded 1; 1.2 is not a share
_LARGEST_EXACT = 2**53  # beyond it, JSON's readers disagree about whole numbers
_LONGEST_TEXT = 2000
_LONGEST_WORDS = 300
_LONGEST_LIST = 100
_LONGEST_NAME = 100
_DEEPEST = 6
NO_PARTS: Mapping[str, object] = MappingProxyType({})


def as_text(value: object, limit: int) -> str:
    """A text or number on one line of at most `limit` characters, without what cannot be shown or stored."""
    # Nearly all are right as they are; a printable text has no white space but the blank, and no surrogate.
    if (
        type(value) is str
        and len(value) <= limit
        and value.isprintable()
        and "  " not in value
        and value == value.strip(" ")
    ):
        return value
    if isinstance(value, bool) or not isinstance(value, _WRITTEN):
        return ""
    if not isinstance(value, str):
        return _number_as_text(value)[:limit]
    # A first cut: nothing is gained by cleaning megabytes. Lone surrogates have no UTF-8 and become "?".
    encodable = value[: limit * 4].encode("utf-8", "replace").decode()
    return " ".join(_UNSHOWABLE.sub(" ", encodable).split())[:limit].rstrip()


def as_identifier(value: object, limit: int = 64) -> str:
    """An id as text. One that is too long is unknown: cut, it would be another's."""
    text = as_text(value, limit + 1)
    return text if len(text) <= limit else ""


def as_whole(value: object, *, low: int, high: int) -> int | None:
    """The first whole number of texts such as "5", "≥5件" or "1,000 件起批"; None outside low..high."""
    if type(value) is int:
        return value if low <= value <= high else None
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        number = int(value) if math.isfinite(value) and value.is_integer() else None
    elif isinstance(value, int):
        number = value
    else:
        found = _WHOLE.match(as_text(value, 40))
        number = int(found[1].replace(",", "")) if found else None
    return number if number is not None and low <= number <= high else None


def as_price(value: object) -> Decimal | None:
    """Yuan from a number, "23.50", "¥23.50", "1,234.50元", or the lower end of "23.50-30.00"; else None."""
    if value is None:
        return None
    if type(value) is str and _PLAIN_PRICE.fullmatch(value):
        return Decimal(value)
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        if not 0 <= value <= MAX_PRICE:  # also refuses NaN
            return None
        amounts = [Decimal(str(value))]
    else:
        found = _PRICE.fullmatch(as_text(value, 80))
        amounts = [Decimal(amount.replace(",", "")) for amount in found.groups() if amount] if found else []
    lowest = min(amounts, default=None)
    if lowest is None or lowest > MAX_PRICE:
        return None
    places = lowest.as_tuple().exponent
    return lowest.quantize(_PRICE_PLACES) if isinstance(places, int) and places < -4 else lowest


def as_share(value: object) -> float | None:
    """0 to 1 from a number or text, "96%" as 0.96; a rounding beyond the ends is clamped, the rest is None."""
    number = None
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        number = float(value) if -1 <= value <= 2 else None  # a vast whole number has no float
    elif found := _FRACTION.fullmatch(as_text(value, 40)):
        number = float(f"{found[1]}e-2" if found[2] else found[1])  # divided, 33.9 % would be 0.33899…
    if number is None or not -_ROUNDING_SLACK <= number <= 1 + _ROUNDING_SLACK:
        return None
    return min(max(number, 0.0), 1.0)


def as_score(value: object, *, most: float) -> float | None:
    """A number from 0 to `most`, from a number or text; else None."""
    if isinstance(value, bool):
        return None
    found = _SCORE.fullmatch(as_text(value, 40))
    number = float(found[1]) if found else None
    return number if number is not None and number <= most else None


def as_fen(value: object) -> Decimal | None:
    """Yuan from a whole number of fen: 1010 is 10.10; else None."""
    fen = as_whole(value, low=0, high=int(MAX_PRICE) * 100)
    return None if fen is None else Decimal(fen) / 100


def as_flag(value: object) -> bool | None:
    """A flag from true, 1, "true", "yes", "Y" and their opposites; else None."""
    if isinstance(value, bool):
        return value
    return _FLAGS.get(as_text(value, 10).lower())


def as_prices(kinds: Mapping[PriceKind, object]) -> dict[PriceKind, Decimal]:
    """Those of the prices that can be read and cost something: platforms write 0 for "none"."""
    read = {kind: as_price(value) for kind, value in kinds.items()}
    return {kind: price for kind, price in read.items() if price}


def as_tiers(pairs: Iterable[tuple[object, object]]) -> tuple[Tier, ...]:
    """Tiers from pairs of quantity and price, ascending; of two for one quantity the first stays. 0 is no price."""
    tiers: dict[int, Tier] = {}
    for quantity, price in pairs:
        pieces, yuan = as_whole(quantity, low=1, high=_LARGEST_QUANTITY), as_price(price)
        if pieces is not None and yuan and len(tiers) < _LONGEST_LIST:
            tiers.setdefault(pieces, Tier(pieces, yuan))
    return tuple(tiers[pieces] for pieces in sorted(tiers))


def as_list(value: object) -> list[object]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_web_url(value: object) -> str:
    """An http(s) URL, "" for anything else; `//host/…`, which pages use, is read as https."""
    text = as_text(value, MAX_URL_LENGTH + 1)
    if len(text) <= MAX_URL_LENGTH and _PLAIN_URL.fullmatch(text):
        return text
    if text.startswith("//"):
        text = f"https:{text}"
    return text if is_web_url(text) else ""


def as_object(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def reads_as(value: object, number: Decimal | float | None) -> bool:
    """Whether `number` says all that `value` said, so that the original need not be kept beside it."""
    if value is None:
        return True
    if number is not None and value == (str(number) if type(value) is str else number) and type(value) is not bool:
        return True
    if number is None or isinstance(value, bool) or not isinstance(value, _WRITTEN):
        return False
    try:
        return Decimal(str(value)) == Decimal(str(number))
    except (InvalidOperation, ValueError):  # ValueError: a whole number of thousands of digits
        return False


def as_extra(value: object, depth: int = 0) -> JSON:
    """Any value as JSON that every store accepts: shallow, short, without NaN or what is no Unicode text."""
    if isinstance(value, str):
        return as_text(value, _LONGEST_TEXT)
    if value is None or value is True or value is False:
        return value
    if isinstance(value, dict):
        return as_extras(value, depth + 1) if depth < _DEEPEST else None
    if isinstance(value, list):
        return [as_extra(item, depth + 1) for item in value[:_LONGEST_LIST]] if depth < _DEEPEST else None
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST_EXACT else as_text(value, 100)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None


def as_extras(values: Mapping[str, object], depth: int = 0) -> dict[str, JSON]:
    """The first hundred members of an object as such JSON."""
    members: Iterable[tuple[str, object]] = values.items()
    if len(values) > _LONGEST_LIST:
        members = list(members)[:_LONGEST_LIST]
    return {
        _short_name(name) if len(name) <= _LONGEST_NAME else as_text(name, _LONGEST_NAME): (
            as_text(value, _LONGEST_TEXT) if type(value) is str else as_extra(value, depth)
        )
        for name, value in members
    }


def left_over(value: object, said: Container[str], parts: Mapping[str, object] = NO_PARTS) -> object:
    """What of an object the typed fields do not say, None when they say it all; what is no object stays as it is.

    said: members that were read whole. parts: what is left over of members that are objects themselves.
    """
    if not isinstance(value, dict):
        return value
    left = {name: parts.get(name) if name in parts else member for name, member in value.items() if name not in said}
    return {name: member for name, member in left.items() if member is not None} or None


def as_words(value: object, *, hidden: Iterable[str] = ()) -> str:
    """What a vendor says of a failure, in at most 300 characters; `hidden` are the texts it must not show."""
    # Not cut to its length at once: a secret that lies across the cut would not be found.
    return masked(as_text(value, 5000), hidden)[:_LONGEST_WORDS]


def masked(text: str, hidden: Iterable[str]) -> str:
    """The text without any of the `hidden`, as they are and as they stand in a URL."""
    ways = {way for secret in hidden for way in (secret, quote(secret, safe=""), quote_plus(secret)) if way}
    for way in sorted(ways, key=len, reverse=True):  # one may be a part of another
        text = text.replace(way, "***")
    return text


@lru_cache(maxsize=1024)  # every offer has the same few
def _short_name(name: str) -> str:
    return as_text(name, _LONGEST_NAME)


def _number_as_text(value: float) -> str:
    if isinstance(value, int):
        # Python refuses to write whole numbers of thousands of digits.
        return str(value) if value.bit_length() <= 1024 else ""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) <= _LARGEST_EXACT else str(value)
